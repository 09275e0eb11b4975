"""The bytes of a feed's files: golden ones, the same every time, never too large."""

from __future__ import annotations

import json
import time
from datetime import timedelta
from pathlib import Path
from typing import Any

import feedparser
import pytest

from pipeline.config.settings import FeedSettings
from pipeline.content.post import Enclosure
from pipeline.feeds.document import FORMATS, MAX_BYTES, Entry, render_feed
from pipeline.feeds.select import select_feeds
from pipeline.rendition.pictures import Picture
from tests.feeds.builders import NOON, entry, feed, site
from tests.feeds.rules import check_atom, check_json, check_rss

GOLDEN = Path(__file__).parent / "golden"


def bilingual() -> list[Entry]:
    """Return a Chinese post with a formula and a figure, and an English episode."""
    formula = (
        '<p>质能方程 <code class="math">E = mc^2</code>，见'
        '<img src="https://example.org/%E5%9B%BE.png" alt="图 1"></p>'
    )
    return [
        entry(
            "数学",
            title="变分自编码器（一）：E = mc²",
            updated=NOON + timedelta(days=2),
            tags=("数学", "Deep Learning"),
            series="变分自编码器",
            shows={
                "feed_html": formula,
                "feed_excerpt_html": "<p>质能方程</p>",
                "summary": "质能方程 E = mc^2，见",
                "picture": Picture(
                    "https://example.org/%E5%9B%BE.png", "图 1", width=800, height=600
                ),
            },
        ),
        entry(
            "episode-1",
            id="tag:example.org,2026:episode-1",
            title="Why <b> & <i> still matter",
            published=NOON - timedelta(days=1),
            language="en",
            authors=("Ann Lee", "Bob"),
            tags=("Podcast",),
            enclosures=(
                Enclosure(url="/1.mp3", type="audio/mpeg", length=1_234_567),
                Enclosure(url="/1.pdf", type="application/pdf"),
            ),
            shows={
                "feed_html": "<p>Tags &amp; more: <code>&lt;b&gt;</code></p>\n",
                "summary": "Tags & more: <b>",
            },
        ),
    ]


@pytest.mark.parametrize("name", sorted(FORMATS))
def test_a_bilingual_feed_has_exactly_these_bytes(name: str) -> None:
    expected = (GOLDEN / FORMATS[name].filename).read_bytes()
    assert feed(name, *bilingual()).decode() == expected.decode()


@pytest.mark.parametrize("name", ["rss", "atom"])
def test_a_feed_reader_understands_every_entry(name: str) -> None:
    parsed = feedparser.parse(feed(name, *bilingual()))
    assert not parsed.bozo
    assert parsed.feed.title == "例子"
    assert parsed.feed.language == "zh-CN"
    chinese, english = parsed.entries
    assert chinese.title == "变分自编码器（一）：E = mc²"
    assert "E = mc^2" in chinese.content[0].value
    assert chinese.media_content[0]["medium"] == "image"
    assert [tag.term for tag in chinese.tags] == ["数学", "Deep Learning"]
    assert [author.name for author in english.authors] == ["Ann Lee", "Bob"]
    assert english.enclosures[0].href == "https://example.org/1.mp3"
    assert english.enclosures[0].length == "1234567"
    assert english.link == "https://example.org/episode-1/"
    assert english.updated_parsed[:3] == (2026, 1, 30)


@pytest.mark.parametrize("name", sorted(FORMATS))
def test_neither_the_hour_nor_the_zone_nor_the_locale_changes_a_byte(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> str:
        raise AssertionError("the locale belongs to the whole process")

    first = feed(name, *bilingual())
    monkeypatch.setattr("locale.setlocale", refuse)
    monkeypatch.setenv("TZ", "Pacific/Apia")
    time.tzset()
    try:
        assert feed(name, *bilingual()) == first
    finally:
        monkeypatch.undo()
        time.tzset()


def test_files_lie_in_the_folder_of_the_feed_and_say_so() -> None:
    where, asked = site(), FeedSettings(tags=("数学",))
    entries = bilingual()[:1]
    spec = select_feeds(where, asked, [entries[0].post])[1]
    for name, check in (("rss", check_rss), ("atom", check_atom)):
        data = render_feed(name, spec, entries, where, asked)
        check(data)
        assert (
            f"https://example.org/tags/%E6%95%B0%E5%AD%A6/{name}.xml" in data.decode()
        )
        assert feedparser.parse(data).feed.title == "例子 – 数学"
    as_json = check_json(render_feed("json", spec, entries, where, asked))
    assert as_json["feed_url"] == (
        "https://example.org/tags/%E6%95%B0%E5%AD%A6/feed.json"
    )


def long_entries(count: int, **shows: Any) -> list[Entry]:
    """Return entries of some 10,000 bytes each, newest first."""
    held = {"feed_html": "<p>" + "long " * 2_000 + "</p>"} | shows
    return [
        entry(f"p{n}", published=NOON - timedelta(days=n), shows=held)
        for n in range(count)
    ]


def contents(*entries: Entry, max_bytes: int) -> list[str]:
    data = feed("json", *entries, max_bytes=max_bytes)
    assert len(data) <= max_bytes
    return [item["content_html"] for item in json.loads(data)["items"]]


def test_a_feed_that_is_too_large_cuts_its_oldest_entries_to_excerpts() -> None:
    found = contents(*long_entries(5), max_bytes=35_000)
    assert [len(html) > 10_000 for html in found] == [True] * 3 + [False] * 2
    assert found[-1] == "<p>Some of it.</p>"


def test_a_feed_that_is_still_too_large_leaves_its_oldest_entries_out() -> None:
    found = contents(*long_entries(40), max_bytes=6_000)
    assert set(found) == {"<p>Some of it.</p>"}
    assert 5 < len(found) < 40


def test_one_entry_too_large_even_as_an_excerpt_leaves_a_valid_empty_feed() -> None:
    entries = long_entries(1, feed_excerpt_html="x" * 10_000)
    assert contents(*entries, max_bytes=6_000) == []


@pytest.mark.parametrize("name", sorted(FORMATS))
def test_no_feed_is_larger_than_readers_take(name: str) -> None:
    huge = {"feed_html": "<p>" + "文" * 1_000_000 + "</p>"}
    entries = [entry("new", shows=huge), entry("old", shows=huge)]
    assert 3_000_000 < len(feed(name, *entries)) <= MAX_BYTES
