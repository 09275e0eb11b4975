"""docs/feeds.md has the files, media types and folders that feeds really get."""

from __future__ import annotations

import re

import pytest

from pipeline.feeds.document import FORMATS, MAX_BYTES
from pipeline.feeds.names import feed_folder
from pipeline.feeds.select import KINDS
from tests.docs.documents import document, spans

PAGE = document("docs/feeds.md")
FOLDERS = re.findall(r"^\| the (\w+) `(.+?)` \| `(.+?)/` \|$", PAGE, re.MULTILINE)


@pytest.mark.parametrize("name", FORMATS)
def test_every_format_is_told_with_its_file_and_type(name: str) -> None:
    told = FORMATS[name]
    assert f"| `{name}` | `{told.filename}` | `{told.media_type}` |" in PAGE


def test_every_kind_of_feed_is_named() -> None:
    assert {f"feeds.{kind}" for kind in KINDS} <= set(spans(PAGE))


@pytest.mark.parametrize(("kind", "name", "folder"), FOLDERS)
def test_a_name_gets_the_folder_that_is_shown(
    kind: str, name: str, folder: str
) -> None:
    plural = {"series": "series"}.get(kind, f"{kind}s")
    assert feed_folder(plural, name) == folder


def test_folders_are_shown_and_the_limit_is_right() -> None:
    assert len(FOLDERS) >= 5
    assert f"more than {MAX_BYTES // 1_000_000} MB" in PAGE
