"""The natural size of an SVG by its width, height and viewBox. Draws nothing.

CSS Images 3, section 5, says how the three go together, and SVG 2, section 8.2, what
they mean where one is missing.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass

from lxml import etree

from pipeline.pictures.size import Size, bounded

_DEFAULT_WIDTH = 300.0
_DEFAULT_HEIGHT = 150.0
# CSS Values 4, section 6: 96 pixels an inch; em and ex of text of 16 px.
_PX = {
    "": 1.0,
    "px": 1.0,
    "in": 96.0,
    "pt": 96 / 72,
    "pc": 16.0,
    "cm": 96 / 2.54,
    "mm": 96 / 25.4,
    "q": 96 / 101.6,
    "em": 16.0,
    "rem": 16.0,
    "ex": 8.0,
    "ch": 8.0,
}
_LENGTH = re.compile(r"\s*\+?(\d*\.?\d+(?:e[+-]?\d{1,3})?|\d+\.)([a-z]*)\s*", re.I)


@dataclass(frozen=True, slots=True)
class Extent:
    """The size of an SVG, and the box of its own units that fills it."""

    size: Size
    view: tuple[float, float, float, float]


def read_extent(root: etree._Element) -> Extent:
    """Return how large the SVG `root` is shown; raises PictureError if absurd."""
    width, height = _length(root.get("width")), _length(root.get("height"))
    view = _view(root.get("viewBox", ""))
    ratio = view[2] / view[3] if view else 0.0
    if width is None and height is None:
        width = _DEFAULT_WIDTH
        height = width / ratio if ratio else _DEFAULT_HEIGHT
    elif width is None:
        width = (height or 0) * ratio or _DEFAULT_WIDTH
    elif height is None:
        height = width / ratio if ratio else _DEFAULT_HEIGHT
    size = bounded(width, height or 0)
    return Extent(size, view or (0.0, 0.0, width, height or 0))


def _length(value: str | None) -> float | None:
    """Return a length in CSS pixels; None for a percentage, `auto` and nonsense."""
    found = _LENGTH.fullmatch(value or "")
    factor = _PX.get(found[2].lower()) if found else None
    return float(found[1]) * factor if found and factor else None


def _view(value: str) -> tuple[float, float, float, float] | None:
    try:
        left, top, width, height = map(float, value.replace(",", " ").split())
    except ValueError:
        return None
    known = all(map(math.isfinite, (left, top, width, height)))
    return (left, top, width, height) if known and min(width, height) > 0 else None
