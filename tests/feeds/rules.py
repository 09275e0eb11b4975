"""What the formats' specifications ask of every feed, as assertions."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from datetime import datetime
from email.utils import parsedate_to_datetime
from typing import Any

from lxml import etree

ATOM = "{http://www.w3.org/2005/Atom}"
CONTENT = "{http://purl.org/rss/1.0/modules/content/}"
DC = "{http://purl.org/dc/elements/1.1/}"
MEDIA = "{http://search.yahoo.com/mrss/}"
XML = "{http://www.w3.org/XML/1998/namespace}"

_URI = re.compile(r"[A-Za-z][A-Za-z0-9+.\-]*:[!-~]+")
_RFC_3339 = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(Z|[+-]\d\d:\d\d)")


def parse(data: bytes) -> etree._Element:
    """Return the root of an XML feed."""
    return etree.fromstring(data, etree.XMLParser(resolve_entities=False))


def texts(parent: etree._Element, path: str) -> list[str]:
    return [found.text or "" for found in parent.findall(path)]


def check_atom(data: bytes) -> etree._Element:
    """Assert the rules of RFC 4287; return the feed."""
    feed = parse(data)
    assert feed.tag == f"{ATOM}feed"
    _check_once(feed, "id", "title", "updated")
    _check_at_most_once(feed, "generator", "subtitle")
    _check_alternates(feed)
    assert len(feed.findall(f"{ATOM}link[@rel='self']")) == 1
    entries = feed.findall(f"{ATOM}entry")
    for entry in entries:
        _check_entry(entry)
    has_author = feed.find(f"{ATOM}author") is not None
    assert has_author or all(e.find(f"{ATOM}author") is not None for e in entries)
    return feed


def _check_entry(entry: etree._Element) -> None:
    _check_once(entry, "id", "title", "updated")
    _check_at_most_once(entry, "published", "content", "summary")
    _check_alternates(entry)
    for text in entry.iter(f"{ATOM}content", f"{ATOM}summary"):
        assert text.get("type") == "html"
        assert len(text) == 0
    for category in entry.findall(f"{ATOM}category"):
        assert category.get("term")


def _check_once(parent: etree._Element, *names: str) -> None:
    for name in names:
        (found,) = texts(parent, f"{ATOM}{name}")
        assert found
        if name == "id":
            assert _URI.fullmatch(found)
        if name == "updated":
            assert _RFC_3339.fullmatch(found)


def _check_at_most_once(parent: etree._Element, *names: str) -> None:
    for name in names:
        assert len(parent.findall(f"{ATOM}{name}")) <= 1


def _check_alternates(parent: etree._Element) -> None:
    """At most one alternate of a type and language (RFC 4287, 4.1.1); here one."""
    links = parent.findall(f"{ATOM}link")
    for link in links:
        assert _URI.fullmatch(link.get("href") or "")
    assert [link.get("rel") for link in links].count("alternate") == 1


def check_rss(data: bytes) -> etree._Element:
    """Assert the rules of RSS 2.0 and its profile; return the channel."""
    rss = parse(data)
    assert (rss.tag, rss.get("version")) == ("rss", "2.0")
    (channel,) = rss
    for name in ("title", "link", "description", "lastBuildDate"):
        (found,) = texts(channel, name)
        assert found
    (self_link,) = channel.findall(f"{ATOM}link")
    assert self_link.get("rel") == "self"
    for item in channel.findall("item"):
        _check_item(item)
    return channel


def _check_item(item: etree._Element) -> None:
    for name in ("title", "link", "guid", "pubDate"):
        (found,) = texts(item, name)
        assert found
    parsedate_to_datetime(texts(item, "pubDate")[0])
    assert _URI.fullmatch(texts(item, "guid")[0])
    for name in ("description", "enclosure", f"{CONTENT}encoded"):
        assert len(item.findall(name)) <= 1
    for enclosure in item.findall("enclosure"):
        assert set(enclosure.keys()) == {"url", "length", "type"}
    assert not item.findall("author")  # it would have to be an e-mail address


def check_json(data: bytes) -> dict[str, Any]:
    """Assert the rules of JSON Feed 1.1; return the feed."""
    feed: dict[str, Any] = json.loads(data)
    assert feed["version"] == "https://jsonfeed.org/version/1.1"
    assert feed["title"]
    _check_urls([feed["home_page_url"], feed["feed_url"]])
    assert "next_url" not in feed
    for item in [feed, *feed["items"]]:
        assert "author" not in item  # 1.0's word
        assert all(author["name"] for author in item.get("authors", []))
    for item in feed["items"]:
        _check_urls([item["id"], item["url"], item.get("image", item["url"])])
        assert isinstance(item["content_html"], str)
        for name in ("date_published", "date_modified"):
            assert _RFC_3339.fullmatch(item[name])
            assert datetime.fromisoformat(item[name]).tzinfo
        for attachment in item.get("attachments", []):
            assert attachment["mime_type"]
            _check_urls([attachment["url"]])
    return feed


def _check_urls(urls: Iterable[str]) -> None:
    for url in urls:
        assert _URI.fullmatch(url)
