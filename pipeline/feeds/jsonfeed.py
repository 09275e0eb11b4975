"""JSON Feed 1.1 (https://www.jsonfeed.org/version/1.1/)."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from pipeline.content.post import Enclosure
from pipeline.feeds.channel import Channel, Item

_VERSION = "https://jsonfeed.org/version/1.1"


def render_json(channel: Channel, self_url: str) -> bytes:
    """Return the feed as JSON in UTF-8; `self_url` is where it will be found."""
    document = {
        "version": _VERSION,
        "title": channel.title,
        "home_page_url": channel.home_url,
        "feed_url": self_url,
        "description": channel.description,
        "language": channel.language,
        "authors": _authors([channel.author]),
        "items": [_item(item) for item in channel.items],
    }
    text = json.dumps(document, ensure_ascii=False, indent=2)
    return f"{text}\n".encode()


def _item(item: Item) -> dict[str, Any]:
    optional = {
        "summary": item.summary,
        "image": item.picture.url if item.picture else "",
        "authors": _authors(item.authors),
        "tags": list(item.tags),
        "language": item.language,
        "attachments": [_attachment(one) for one in item.enclosures],
    }
    return {
        "id": item.id,
        "url": item.url,
        "title": item.title,
        "content_html": item.html,
        "date_published": item.published.isoformat(),
        "date_modified": item.updated.isoformat(),
    } | {name: value for name, value in optional.items() if value}


def _authors(names: Sequence[str]) -> list[dict[str, str]]:
    return [{"name": name} for name in names]


def _attachment(enclosure: Enclosure) -> dict[str, Any]:
    size = {"size_in_bytes": enclosure.length} if enclosure.length else {}
    return {"url": enclosure.url, "mime_type": enclosure.type} | size
