"""RSS 2.0 and Atom 1.0 by feedgen 1.0.0, its traps stepped around.

Only this module and `extensions` know feedgen.
"""

from __future__ import annotations

import html
import re
from datetime import datetime
from typing import Any

from feedgen.entry import FeedEntry
from feedgen.feed import FeedGenerator

from pipeline.feeds.channel import GENERATOR, Channel, Item
from pipeline.feeds.extensions import ChannelExtension, ItemExtension

_RSS_DOCS = "https://www.rssboard.org/rss-specification"
_TITLE = re.compile(rb"(?<=<title>)[^<]+")
_DESCRIPTION = re.compile(rb"(?<=<description>)[^<]+")


class _Unsaid(datetime):
    """A date that feedgen takes and leaves out.

    feedgen writes RSS dates by switching the locale of the whole process to C and
    back, which no other thread survives; a date that is false it does not write.
    """

    def __bool__(self) -> bool:
        return False


def render_rss(channel: Channel, self_url: str) -> bytes:
    """Return the feed as RSS 2.0; `self_url` is where the file will be found."""
    feed = _feed(channel, self_url, "application/rss+xml")
    feed.load_extension("dc", atom=False)
    feed.docs(_RSS_DOCS)
    feed.description(channel.description)
    feed.updated(_Unsaid.fromtimestamp(0, channel.updated.tzinfo))
    feed.pressroom.updated = channel.updated
    for item in channel.items:
        _rss_item(feed.add_entry(order="append"), item)
    data = _TITLE.sub(_as_references, feed.rss_str(pretty=True))
    # The first is the channel's, plain text; those of items are HTML.
    return _DESCRIPTION.sub(_as_references, data, count=1)


def render_atom(channel: Channel, self_url: str) -> bytes:
    """Return the feed as Atom (RFC 4287); `self_url` is where it will be found."""
    feed = _feed(channel, self_url, "application/atom+xml")
    feed.subtitle(channel.description)
    feed.author(name=channel.author)
    feed.updated(channel.updated)
    for item in channel.items:
        _atom_entry(feed.add_entry(order="append"), item)
    data: bytes = feed.atom_str(pretty=True)
    return data


def _feed(channel: Channel, self_url: str, media_type: str) -> Any:
    feed = FeedGenerator()
    feed.load_extension("media")
    feed.register_extension("pressroom", ChannelExtension, ItemExtension)
    feed.id(channel.url)
    feed.title(channel.title)
    feed.language(channel.language)
    feed.generator(GENERATOR)
    feed.link(href=self_url, rel="self", type=media_type)
    # RSS takes the last link for its own.
    feed.link(href=channel.home_url, rel="alternate", type="text/html")
    return feed


def _rss_item(entry: FeedEntry, item: Item) -> None:
    _fill(entry, item)
    entry.guid(item.id, permalink=item.id == item.url)
    for author in item.authors:
        entry.dc.dc_creator(author)
    if item.language:
        entry.dc.dc_language(item.language)
    for enclosure in item.enclosures[:1]:  # RSS knows one
        entry.enclosure(enclosure.url, enclosure.length, enclosure.type)
    entry.pressroom.updated = item.updated


def _atom_entry(entry: FeedEntry, item: Item) -> None:
    _fill(entry, item)
    entry.id(item.id)
    entry.updated(item.updated)
    for author in item.authors:
        entry.author(name=author)
    entry.pressroom.links = _atom_links(item)
    entry.pressroom.language = item.language


def _fill(entry: FeedEntry, item: Item) -> None:
    """Set what RSS and Atom say alike."""
    entry.title(item.title)
    entry.link(href=item.url)
    # Beside a summary, feedgen's RSS has the content as content:encoded, which readers
    # prefer; alone it would be the description.
    summary = html.escape(item.summary, quote=False) or item.excerpt_html
    if summary:
        entry.summary(summary, type="html")
    if item.html:
        entry.content(item.html, type="html")
    entry.category([{"term": tag} for tag in item.tags])
    entry.pressroom.published = item.published
    if item.picture:
        sizes = {"width": item.picture.width, "height": item.picture.height}
        known = {name: str(pixels) for name, pixels in sizes.items() if pixels}
        # group None: no media:group around it, which readers look into less often.
        image = {"url": item.picture.url, "medium": "image", "group": None}
        entry.media.content({**image, **known})


def _atom_links(item: Item) -> list[dict[str, str]]:
    page = {"rel": "alternate", "type": "text/html", "href": item.url}
    files = [
        {"rel": "enclosure", "type": one.type, "href": one.url}
        | ({"length": str(one.length)} if one.length else {})
        for one in item.enclosures
    ]
    return [page, *files]


def _as_references(plain: re.Match[bytes]) -> bytes:
    """Write what looks like markup in plain text as hexadecimal references.

    The RSS Advisory Board's profile asks for it: readers that take a title for HTML
    then show it right (https://www.rssboard.org/rss-profile#data-types-characterdata).
    """
    text = plain[0].replace(b"&amp;", b"&#x26;")
    return text.replace(b"&lt;", b"&#x3C;").replace(b"&gt;", b"&#x3E;")
