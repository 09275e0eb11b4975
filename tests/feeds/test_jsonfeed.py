"""What JSON Feed says in its own way."""

from __future__ import annotations

from pipeline.content.post import Enclosure
from tests.feeds.builders import entry, feed
from tests.feeds.rules import check_json


def test_chinese_stands_as_it_is_and_the_file_ends_with_a_line() -> None:
    data = feed("json", entry(title="数学"))
    assert "数学".encode() in data
    assert data.endswith(b"}\n")


def test_a_feed_says_where_it_is_and_what_language_it_is_in() -> None:
    found = check_json(feed("json", entry()))
    assert found["feed_url"] == "https://example.org/feed.json"
    assert found["home_page_url"] == "https://example.org/"
    assert found["language"] == "zh-CN"
    assert found["authors"] == [{"name": "苏剑林"}]


def test_what_an_item_does_not_have_is_not_named() -> None:
    (item,) = check_json(feed("json", entry(shows={"summary": ""})))["items"]
    assert sorted(item) == [
        "authors",
        "content_html",
        "date_modified",
        "date_published",
        "id",
        "title",
        "url",
    ]


def test_an_attachment_has_a_size_where_it_is_known() -> None:
    known = Enclosure(url="/1.mp3", type="audio/mpeg", length=99)
    unknown = Enclosure(url="/2.mp3", type="audio/mpeg")
    (item,) = check_json(feed("json", entry(enclosures=(known, unknown))))["items"]
    assert item["attachments"] == [
        {
            "url": "https://example.org/1.mp3",
            "mime_type": "audio/mpeg",
            "size_in_bytes": 99,
        },
        {"url": "https://example.org/2.mp3", "mime_type": "audio/mpeg"},
    ]


def test_an_item_names_its_language_where_it_is_not_that_of_the_feed() -> None:
    items = check_json(feed("json", entry("a", language="en"), entry("b")))["items"]
    assert [item.get("language") for item in items] == ["en", None]
