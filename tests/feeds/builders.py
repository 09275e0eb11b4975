"""Sites, posts and feeds for the tests of feeds, with only what a test is about."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from pipeline.config.settings import FeedSettings, SiteSettings
from pipeline.content.post import Post
from pipeline.feeds.document import Entry, render_feed
from pipeline.feeds.select import FeedSpec, select_feeds
from pipeline.rendition.post import Rendition

NOON = datetime(2026, 1, 31, 12, 0, tzinfo=UTC)


def site(**changes: Any) -> SiteSettings:
    plain = {
        "folder": Path("content"),
        "url": "https://example.org/",
        "title": "例子",
        "description": "科学 & more",
        "language": "zh-CN",
        "author": "苏剑林",
    }
    return SiteSettings(**plain | changes)


def post(name: str = "a", **changes: Any) -> Post:
    url = f"https://example.org/{name}/"
    plain = {
        "id": url,
        "site": "site",
        "path": f"{name}.md",
        "url": url,
        "title": f"Post {name}",
        "published": NOON,
        "updated": changes.get("published", NOON),
    }
    return Post(**plain | changes)


def rendition(**changes: Any) -> Rendition:
    plain: Mapping[str, Any] = {
        "feed_html": "<p>All of it.</p>",
        "feed_excerpt_html": "<p>Some of it.</p>",
        "summary": "Some of it.",
        "mail_html": "",
        "mail_text": "",
        "excerpt_html": "",
        "excerpt_text": "",
        "whole": False,
        "picture": None,
        "minutes": 1,
    }
    return Rendition(**plain | changes)


def entry(
    name: str = "a", *, shows: Mapping[str, Any] | None = None, **of: Any
) -> Entry:
    """Return a post with the fields `of`, and what a reader sees of it."""
    return Entry(post(name, **of), rendition(**shows or {}))


def site_feed(
    entries: Sequence[Entry], where: SiteSettings, feeds: FeedSettings
) -> FeedSpec:
    return select_feeds(where, feeds, [one.post for one in entries])[0]


def feed(
    format: str,
    *entries: Entry,
    where: SiteSettings | None = None,
    body: str = "full",
    **options: Any,
) -> bytes:
    """Return the site's feed of `entries`, in the order given."""
    where = where or site()
    feeds = FeedSettings.model_validate({"body": body})
    spec = site_feed(entries, where, feeds)
    return render_feed(format, spec, entries, where, feeds, **options)
