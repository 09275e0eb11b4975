"""What every format says of a feed: identity, dates, names and addresses."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import feedparser
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.base.text import fold_line, strip_controls
from pipeline.content.post import Enclosure
from pipeline.rendition.pictures import Picture
from tests.feeds.builders import NOON, entry, feed, site
from tests.feeds.rules import ATOM, CONTENT, check_atom, check_json, check_rss, texts

CHECKS: dict[str, Callable[[bytes], Any]] = {
    "rss": check_rss,
    "atom": check_atom,
    "json": check_json,
}
FORMATS = sorted(CHECKS)


def ids(*entries: Any, **options: Any) -> list[str]:
    """Return the ids of the entries, having found all three formats to agree."""
    rss = texts(check_rss(feed("rss", *entries, **options)), "item/guid")
    atom = texts(check_atom(feed("atom", *entries, **options)), f"{ATOM}entry/{ATOM}id")
    as_json = check_json(feed("json", *entries, **options))
    assert rss == atom == [item["id"] for item in as_json["items"]]
    return rss


def items(*entries: Any, **options: Any) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = check_json(feed("json", *entries, **options))["items"]
    return found


@pytest.mark.parametrize(
    ("post_id", "uri"),
    [
        ("https://example.org/a/", "https://example.org/a/"),
        (
            "https://例子.org/数 学?q=文",
            "https://xn--fsqu00a.org/%E6%95%B0%20%E5%AD%A6?q=%E6%96%87",
        ),
        ("tag:example.org,2025:数学", "tag:example.org,2025:%E6%95%B0%E5%AD%A6"),
        ("urn:isbn:0451450523", "urn:isbn:0451450523"),
        (
            "F81D4FAE-7DEC-11D0-A765-00A0C91E6BF6",
            "urn:uuid:f81d4fae-7dec-11d0-a765-00a0c91e6bf6",
        ),
        ("my post/1", "https://example.org/#my%20post%2F1"),
        ("42", "https://example.org/#42"),
    ],
)
def test_an_id_is_an_absolute_uri_in_ascii(post_id: str, uri: str) -> None:
    assert ids(entry(id=post_id)) == [uri]


@given(st.text(min_size=1))
def test_any_id_at_all_makes_valid_feeds(post_id: str) -> None:
    assert len(ids(entry(id=post_id))) == 1


def test_urls_are_absolute_and_ascii() -> None:
    one = entry(
        url="https://example.org/数学/",
        enclosures=(Enclosure(url="音.mp3", type="audio/mpeg"),),
        shows={"picture": Picture("/图.png", "")},
    )
    (item,) = items(one)
    assert item["url"] == "https://example.org/%E6%95%B0%E5%AD%A6/"
    assert item["image"] == "https://example.org/%E5%9B%BE.png"
    assert item["attachments"][0]["url"] == (
        "https://example.org/%E6%95%B0%E5%AD%A6/%E9%9F%B3.mp3"
    )


def test_a_picture_or_enclosure_that_has_no_web_address_is_left_out() -> None:
    one = entry(
        enclosures=(Enclosure(url="javascript:x", type="audio/mpeg"),),
        shows={"picture": Picture("data:image/png;base64,AAAA", "")},
    )
    (item,) = items(one)
    assert "image" not in item
    assert "attachments" not in item


def test_times_are_told_in_utc_to_the_second_whatever_zone_they_came_in() -> None:
    shanghai = timezone(timedelta(hours=8))
    here = datetime(2026, 1, 31, 20, 0, 0, 123456, tzinfo=shanghai)
    there = here.astimezone(UTC)
    for format in FORMATS:
        assert feed(format, entry(published=here)) == feed(
            format, entry(published=there)
        )
    (item,) = items(entry(published=here))
    assert item["date_published"] == "2026-01-31T12:00:00+00:00"


def test_a_post_is_never_updated_before_it_was_published() -> None:
    (item,) = items(entry(published=NOON, updated=NOON - timedelta(days=1)))
    assert item["date_modified"] == item["date_published"]


def test_a_post_without_a_title_is_called_by_its_summary_then_by_its_address() -> None:
    assert items(entry(title="", shows={"summary": "A picture."}))[0]["title"] == (
        "A picture."
    )
    assert items(entry(title=" \x00", shows={"summary": ""}))[0]["title"] == (
        "https://example.org/a/"
    )


def test_a_site_without_title_author_and_description_is_called_by_its_address() -> None:
    bare = site(title="", author="", description="")
    channel = check_rss(feed("rss", entry(), where=bare))
    assert texts(channel, "title") == ["https://example.org/"]
    assert texts(channel, "description") == ["https://example.org/"]
    authors = check_atom(feed("atom", entry(), where=bare))
    assert texts(authors, f"{ATOM}author/{ATOM}name") == ["https://example.org/"]


def test_tags_and_authors_stand_once_in_their_first_spelling() -> None:
    (item,) = items(
        entry(tags=("Deep\nLearning", "deep-learning", " ", "AI"), authors=("A", "a"))
    )
    assert item["tags"] == ["Deep Learning", "AI"]
    assert item["authors"] == [{"name": "A"}]


@pytest.mark.parametrize("format", FORMATS)
def test_an_empty_feed_is_valid_and_does_not_change_by_the_hour(format: str) -> None:
    CHECKS[format](feed(format))
    assert feed(format) == feed(format)
    if format != "json":
        parsed = feedparser.parse(feed(format))
        assert not parsed.bozo
        assert parsed.feed.updated_parsed[:6] == (1970, 1, 1, 0, 0, 0)


def test_excerpts_are_the_content_where_settings_say_so() -> None:
    assert items(entry())[0]["content_html"] == "<p>All of it.</p>"
    assert items(entry(), body="excerpt")[0]["content_html"] == "<p>Some of it.</p>"


ANYTHING = st.text(st.characters(exclude_categories=()), max_size=40)
MARKUP = st.sampled_from(["<b>&amp;", "]]>", "<![CDATA[", "&lt;", "\r\n", "文", "\x00"])
TEXT = st.lists(ANYTHING | MARKUP, max_size=4).map("".join)


@given(title=TEXT, html=TEXT, tag=TEXT, summary=TEXT)
def test_any_text_comes_back_as_it_went_in_but_for_control_characters(
    title: str, html: str, tag: str, summary: str
) -> None:
    shows = {"feed_html": html, "summary": summary}
    one = entry(title=title, tags=(tag,), shows=shows)
    rss = check_rss(feed("rss", one))
    atom = check_atom(feed("atom", one))
    (item,) = items(one)
    called = fold_line(title) or fold_line(summary) or "https://example.org/a/"
    assert texts(rss, "item/title") == [called]
    assert texts(atom, f"{ATOM}entry/{ATOM}title") == [called]
    assert item["title"] == called
    held = strip_controls(html)
    assert texts(rss, f"item/{CONTENT}encoded") == [held] * bool(held)
    assert texts(atom, f"{ATOM}entry/{ATOM}content") == [held] * bool(held)
    assert item["content_html"] == held
    for format in ("rss", "atom"):
        parsed = feedparser.parse(feed(format, one))
        assert not parsed.bozo
        assert len(parsed.entries) == 1
