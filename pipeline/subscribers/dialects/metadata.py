"""JSON within a cell, where a program lets its owner keep what it has no column for."""

from __future__ import annotations

import json
from typing import Any

from pipeline.subscribers.columns import write_tags
from pipeline.subscribers.dialects.dialect import write_time
from pipeline.subscribers.subscriber import Subscriber

_NAMES = {
    "name": ("name", "full_name"),
    "first": ("first_name", "firstname"),
    "last": ("last_name", "lastname"),
    "language": ("language", "lang", "locale"),
    "newsletters": ("newsletters", "lists"),
    "status": ("state",),
    "confirmed": ("confirmed", "confirmed_at"),
    "ended": ("ended",),
    "tags": ("tags",),
    "source": ("source",),
}


def read_metadata(text: str) -> dict[str, str]:
    """Return what a cell of JSON says of a subscriber, in plain words, by meaning.

    Raises ValueError where it is no JSON object; an empty cell says nothing.
    """
    if not text:
        return {}
    try:
        found = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise ValueError(f"the attributes are no JSON: {error}.") from error
    if not isinstance(found, dict):
        raise ValueError(  # noqa: TRY004 - the file is wrong, not the program
            "the attributes are no JSON object in braces."
        )
    return {
        column: _plain(found[name])
        for column, names in _NAMES.items()
        for name in reversed(names)
        if name in found
    }


def _plain(value: Any) -> str:
    if isinstance(value, list):
        return write_tags([str(one) for one in value if one is not None])
    return value if isinstance(value, str) else ""


def write_metadata(subscriber: Subscriber, **more: object) -> str:
    """Return JSON of what only `read_metadata` understands, without what is empty."""
    kept = {
        "language": subscriber.language,
        "newsletters": list(subscriber.newsletters),
        "confirmed": write_time(subscriber.confirmed),
        "ended": write_time(subscriber.ended),
        **more,
    }
    said = {name: value for name, value in kept.items() if value}
    return json.dumps(said, ensure_ascii=False)
