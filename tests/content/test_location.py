"""What a post's path says of it."""

from __future__ import annotations

import unicodedata

import pytest

from pipeline.content.language import cut_language, language_tag
from pipeline.content.location import Location, locate, readable


def where(path: str) -> Location:
    return locate(path, "zh-CN")


def test_a_plain_file() -> None:
    place = where("essays/Hello World.md")
    assert (place.folder, place.stem, place.slug) == (
        "essays",
        "Hello World",
        "hello-world",
    )
    assert (place.day, place.language, place.markup) == ("", "", "markdown")
    assert place.bare == "essays/Hello World"
    assert not place.is_draft
    assert not place.is_post


def test_jekylls_files_carry_their_day() -> None:
    place = where("_posts/2024-1-02-hello.html")
    assert (place.folder, place.stem, place.slug) == ("", "2024-1-02-hello", "hello")
    assert place.day == "2024-1-02"
    assert place.markup == "html"
    assert place.is_post


def test_a_day_alone_is_a_slug_too() -> None:
    place = where("journal/2024-01-02.md")
    assert (place.day, place.slug) == ("2024-01-02", "2024-01-02")


def test_a_page_bundle_is_called_like_its_folder() -> None:
    place = where("posts/2024-01-02-fine/index.md")
    assert (place.folder, place.stem) == ("posts", "2024-01-02-fine")
    assert (place.slug, place.day) == ("fine", "2024-01-02")


def test_translations_share_their_bare_path() -> None:
    bundle, plain = where("posts/a/index.fr.md"), where("posts/a.zh-tw.md")
    assert (bundle.language, plain.language) == ("fr", "zh-TW")
    assert bundle.bare == plain.bare == where("posts/a.md").bare == "posts/a"


def test_a_drafts_folder_makes_drafts() -> None:
    place = where("_drafts/essays/a.md")
    assert place.is_draft
    assert place.folder == "essays"


def test_names_are_composed_however_the_disk_has_them() -> None:
    assert where(unicodedata.normalize("NFD", "é/ü.md")).bare == "é/ü"


def test_an_ending_in_capitals_is_one() -> None:
    assert where("a.HTM").markup == "html"


@pytest.mark.parametrize(
    ("stem", "expected"),
    [
        ("post.zh", ("post", "zh")),
        ("post.pt-br", ("post", "pt-BR")),
        ("post.zh_Hans", ("post", "zh-Hans")),
        ("post.eo", ("post", "eo")),
        ("vue.js", ("vue.js", "")),
        ("deno.ts", ("deno.ts", "")),
        ("asp.net", ("asp.net", "")),
        ("v1.10", ("v1.10", "")),
        (".zh", (".zh", "")),
        ("post", ("post", "")),
    ],
)
def test_only_a_language_is_cut_from_a_name(
    stem: str, expected: tuple[str, str]
) -> None:
    assert cut_language(stem, "en") == expected


def test_the_sites_own_language_is_one_however_rare() -> None:
    assert cut_language("post.ts", "ts-ZA") == ("post", "ts")


@pytest.mark.parametrize(
    ("text", "tag"),
    [
        ("zh_cn", "zh-CN"),
        ("ZH-hans-cn", "zh-Hans-CN"),
        ("en", "en"),
        ("es-419", "es-419"),
        ("de-1996", "de-1996"),
        ("中文", ""),
        ("python", ""),
        ("", ""),
    ],
)
def test_tags_are_written_as_the_rfc_has_them(text: str, tag: str) -> None:
    assert language_tag(text) == tag


@pytest.mark.parametrize(
    ("stem", "title"),
    [
        ("my-first_post", "My first post"),
        ("2024-01-02-my-post", "My post"),
        ("2024-01-02", "2024-01-02"),
        ("机器学习", "机器学习"),
        ("---", "---"),
    ],
)
def test_a_file_name_reads_as_a_title(stem: str, title: str) -> None:
    assert readable(stem) == title
