"""Thirty-nine real posts of five generators are read without a fault."""

from __future__ import annotations

import re
from collections import Counter
from datetime import timedelta
from pathlib import Path

import pytest

from pipeline.config.settings import SiteSettings
from pipeline.content.charset import decode
from pipeline.content.frontmatter import split
from pipeline.content.identity import reconcile
from pipeline.content.post import Post
from pipeline.content.read import read_post
from pipeline.content.scan import Found, read_bytes, scan_folder
from tests.capability import CORPUS, require_corpus

SITE = SiteSettings(
    folder=CORPUS,
    url="https://example.org/",
    title="Corpus",
    zone="Asia/Shanghai",
    language="zh-CN",
)


@pytest.fixture(autouse=True)
def corpus() -> Path:
    return require_corpus()


def found() -> tuple[Found, ...]:
    return scan_folder(CORPUS, max_bytes=SITE.max_post_bytes).posts


def read(one: Found) -> Post:
    data = read_bytes(CORPUS, one.path)
    reading = read_post(
        one, data, SITE, fallback_date=lambda path: None, display_path=one.path
    )
    assert reading.faults == ()
    assert reading.post is not None
    return reading.post


def dialect_by_eye(text: str) -> str:
    first = text.splitlines()[0]
    fenced = {"---": "yaml", "+++": "toml"}.get(first)
    return fenced or ("hexo" if first.startswith("title:") else "pelican")


def test_the_corpus_is_scanned_whole() -> None:
    scan = scan_folder(CORPUS, max_bytes=SITE.max_post_bytes)
    assert len(scan.posts) == 39
    assert scan.faults == ()
    assert all(path.startswith("images/") for path in scan.assets)


def test_every_dialect_is_recognised() -> None:
    texts = [decode(read_bytes(CORPUS, one.path)).text for one in found()]
    fronts = [split(text) for text in texts]
    assert [str(front.dialect) for front in fronts] == list(map(dialect_by_eye, texts))
    assert Counter(front.dialect for front in fronts) == {
        "yaml": 16,
        "toml": 8,
        "hexo": 7,
        "pelican": 8,
    }


def test_every_post_has_the_title_and_day_that_a_plain_search_finds() -> None:
    for one in found():
        text = read_bytes(CORPUS, one.path).decode()
        title = re.search(r'(?im)^title\s*[:=]\s*"?(.+?)"?$', text)
        day = re.search(r"(?im)^date\s*[:=]\s*([\d-]+)[ T]([\d:]+)", text)
        assert title is not None
        assert day is not None
        post = read(one)
        assert post.title == title[1]
        assert post.published.isoformat()[:16] == f"{day[1]}T{day[2]}"[:16]
        assert post.published.utcoffset() == timedelta(hours=8)


def test_every_body_begins_below_its_front_matter() -> None:
    for one in found():
        post = read(one)
        lines = read_bytes(CORPUS, one.path).decode().split("\n")
        assert post.text == "\n".join(lines[post.text_line - 1 :])
        assert not post.text.lstrip().startswith(("title", "tags", "---", "+++"))


def test_every_post_has_an_address_and_an_id_of_its_own() -> None:
    posts = [read(one) for one in found()]
    result = reconcile([], posts)
    assert result.faults == ()
    assert len({post.id for post in result.posts}) == 39
    assert {post.url for post in posts if "/archives/" in post.url} == {
        f"https://example.org/archives/{post.slug}/"
        for post in posts
        if "/archives/" in post.url
    }
    assert all(post.tags for post in posts)
