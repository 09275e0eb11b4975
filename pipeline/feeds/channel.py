"""A feed before it has a format: what RSS, Atom and JSON Feed all say of it.

Texts are clean (nothing that XML cannot hold), titles one line, URLs absolute and
ASCII, times in UTC without fractions. Holds no rules of any one format.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from uuid import UUID

from pipeline.base.text import fold_line, strip_controls
from pipeline.config.settings import FeedSettings, SiteSettings
from pipeline.content.post import Enclosure, Post
from pipeline.content.urls import absolute, quote_part
from pipeline.feeds.names import fold_name
from pipeline.feeds.select import FeedSpec, authors_of, language_of
from pipeline.rendition.pictures import Picture
from pipeline.rendition.post import Rendition

GENERATOR = "Pressroom"
"""Named without its version, or an upgrade would rewrite every feed."""

_NEVER = datetime(1970, 1, 1, tzinfo=UTC)
_UNKNOWN_TYPE = "application/octet-stream"
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.\-]*:.")

# What RFC 3986 lets stand in a URI, and the percent sign of what is encoded already.
_IN_URI = ":/?#[]@!$&'()*+,;=~%"


@dataclass(frozen=True, slots=True)
class Entry:
    """A post with what a reader sees of it."""

    post: Post
    rendition: Rendition


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One post as feeds tell it; `html` is what it holds, whole or an excerpt.

    `language` is empty where it is the feed's. `id` is a URI.
    """

    id: str
    url: str
    title: str
    published: datetime
    updated: datetime
    authors: tuple[str, ...]
    tags: tuple[str, ...]
    language: str
    summary: str
    html: str
    excerpt_html: str
    picture: Picture | None
    enclosures: tuple[Enclosure, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Channel:
    """A feed and its items, newest first; `url` is the folder of its files."""

    url: str
    home_url: str
    title: str
    description: str
    language: str
    author: str
    items: tuple[Item, ...]

    @property
    def updated(self) -> datetime:
        """The time of the newest change; 1970 for a feed with nothing in it."""
        return max((item.updated for item in self.items), default=_NEVER)


def build_channel(
    spec: FeedSpec, entries: Sequence[Entry], site: SiteSettings, feeds: FeedSettings
) -> Channel:
    """Return the feed that `spec` names, with `entries` in their order."""
    home = absolute(site.url, site.url) or site.url
    title = fold_line(spec.title) or home
    return Channel(
        url=home + quote_part(f"{spec.folder}/") if spec.folder else home,
        home_url=home,
        title=title,
        description=fold_line(site.description) or title,
        language=spec.language,
        author=fold_line(site.author) or fold_line(site.title) or title,
        items=tuple(_item(entry, spec, site, feeds) for entry in entries),
    )


def _item(
    entry: Entry, spec: FeedSpec, site: SiteSettings, feeds: FeedSettings
) -> Item:
    post, rendition = entry.post, entry.rendition
    url = absolute(post.url, site.url) or site.url
    summary = fold_line(rendition.summary)
    language = language_of(post, site)
    excerpt_html = strip_controls(rendition.feed_excerpt_html)
    is_full = feeds.body == "full"
    return Item(
        id=_uri(post.id, site.url),
        url=url,
        title=rendition.title_of(post) or summary or url,
        published=_whole_seconds(post.published),
        updated=_whole_seconds(max(post.published, post.updated)),
        authors=_distinct(authors_of(post, site)),
        tags=_distinct(post.tags),
        language="" if language == spec.language else language,
        summary=summary,
        html=strip_controls(rendition.feed_html) if is_full else excerpt_html,
        excerpt_html=excerpt_html,
        picture=_picture(rendition.picture, url),
        enclosures=_enclosures(post, url),
    )


def _uri(post_id: str, site_url: str) -> str:
    """Return a post's id as a URI in ASCII, which Atom asks for (RFC 4287, 4.2.6).

    A UUID becomes a URN; an id of the owner's own making a fragment of the site.
    """
    plain = fold_line(post_id)
    if _SCHEME.match(plain):
        return absolute(plain, site_url) or quote_part(plain, _IN_URI)
    try:
        return UUID(plain).urn
    except ValueError:
        return f"{site_url}#{quote_part(plain, '')}"


def _whole_seconds(time: datetime) -> datetime:
    """Return `time` in UTC, so that its bytes do not hang on where it came from."""
    return time.astimezone(UTC).replace(microsecond=0)


def _distinct(names: Sequence[str]) -> tuple[str, ...]:
    """Return the names as one line each, the first spelling of each kept."""
    lines = [fold_line(name) for name in names]
    kept = {fold_name(line): line for line in reversed(lines) if line}
    return tuple(line for line in lines if kept.pop(fold_name(line), None))


def _picture(picture: Picture | None, url: str) -> Picture | None:
    """Return the picture where a feed can name it: not one of a `data:` URL."""
    address = absolute(picture.url, url) if picture else None
    return replace(picture, url=address) if picture and address else None


def _enclosures(post: Post, url: str) -> tuple[Enclosure, ...]:
    found = ((absolute(one.url, url), one) for one in post.enclosures)
    return tuple(
        Enclosure(
            url=address,
            type=fold_line(one.type) or _UNKNOWN_TYPE,
            length=max(one.length, 0),
        )
        for address, one in found
        if address
    )
