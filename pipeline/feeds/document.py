"""The bytes of a feed's files: the formats there are, and how large a feed may be."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType

from pipeline.config.settings import FeedSettings, SiteSettings
from pipeline.feeds.channel import Channel, Entry, build_channel
from pipeline.feeds.jsonfeed import render_json
from pipeline.feeds.select import FeedSpec
from pipeline.feeds.syndication import render_atom, render_rss

__all__ = ["FORMATS", "MAX_BYTES", "Entry", "Format", "render_feed"]

MAX_BYTES = 5_000_000
"""Readers refuse a feed that is larger."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Format:
    """A format: the name of its files, their media type, and what makes them.

    `render` takes a channel and the URL of its file.
    """

    filename: str
    media_type: str
    render: Callable[[Channel, str], bytes]


FORMATS: Mapping[str, Format] = MappingProxyType(
    {
        "rss": Format(
            filename="rss.xml", media_type="application/rss+xml", render=render_rss
        ),
        "atom": Format(
            filename="atom.xml", media_type="application/atom+xml", render=render_atom
        ),
        "json": Format(
            filename="feed.json", media_type="application/feed+json", render=render_json
        ),
    }
)
"""The formats by the names that settings give them."""


def render_feed(
    format: str,
    spec: FeedSpec,
    entries: Sequence[Entry],
    site: SiteSettings,
    feeds: FeedSettings,
    *,
    max_bytes: int = MAX_BYTES,
) -> bytes:
    """Return a feed's file, the same bytes for the same input at any time or place.

    A feed over `max_bytes` gives up the bodies of its oldest entries for their
    excerpts, one by one, then its oldest entries.
    """
    channel = build_channel(spec, entries, site, feeds)
    chosen = FORMATS[format]

    def render(steps: int) -> bytes:
        return chosen.render(_shorten(channel, steps), channel.url + chosen.filename)

    def fits(steps: int) -> bool:
        return len(render(steps)) <= max_bytes

    whole = render(0)
    if len(whole) <= max_bytes:
        return whole
    every_step = range(2 * len(channel.items))
    return render(bisect_left(every_step, True, key=fits))


def _shorten(channel: Channel, steps: int) -> Channel:
    """Cut one more of the oldest items a step: first to an excerpt, then away."""
    count = len(channel.items)
    kept = channel.items[: count - max(0, steps - count)]
    whole = count - min(steps, count)
    cut = (replace(item, html=item.excerpt_html) for item in kept[whole:])
    return replace(channel, items=(*kept[:whole], *cut))
