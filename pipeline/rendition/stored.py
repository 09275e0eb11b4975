"""A rendition as JSON and back: how a post outlives its last good read."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Any

from pipeline.rendition.pictures import Picture
from pipeline.rendition.post import Rendition


def to_json(rendition: Rendition) -> str:
    """Return the rendition as one line of JSON; the same for the same rendition."""
    return json.dumps(asdict(rendition), ensure_ascii=False, separators=(",", ":"))


def from_json(text: str) -> Rendition:
    """Return the rendition that `to_json` wrote.

    Raises:
        ValueError: `text` is no JSON, or not that of this version's rendition.
    """
    fields: dict[str, Any] = json.loads(text)
    try:
        picture = fields.pop("picture")
        return Rendition(picture=Picture(**picture) if picture else None, **fields)
    except (TypeError, KeyError, AttributeError) as error:
        raise ValueError("not a rendition of this version") from error
