"""The attributes that the tree keeps of an element, and the line it stands on."""

from __future__ import annotations

import re

from pipeline.content.markup.addresses import Addresses
from pipeline.content.tree import Element

Attributes = tuple[tuple[str, str], ...]

_COPIED = {
    "a": ("title", "aria-label"),
    "abbr": ("title",),
    "col": ("span",),
    "colgroup": ("span",),
    "del": ("datetime",),
    "details": ("open",),
    "dfn": ("title",),
    "img": ("title",),
    "ins": ("datetime",),
    "li": ("value",),
    "ol": ("start", "type", "reversed"),
    "source": ("type", "media"),
    "td": ("colspan", "rowspan"),
    "th": ("colspan", "rowspan", "scope"),
    "time": ("datetime",),
}
_COUNTS = frozenset({"start", "value", "colspan", "rowspan", "span"})
_COUNT = re.compile(r"-?\d{1,4}", re.ASCII)
_CLASS = re.compile(r"footnotes|callout(?:-[a-z][a-z0-9-]{0,30})?")


def kept_attributes(element: Element, addresses: Addresses) -> Attributes:
    """Return the attributes that need no second look."""
    kept: list[tuple[str, str]] = []
    copied = ("lang", "dir", *_COPIED.get(element.tag, ()))
    for name, value in element.attributes:
        if name == "id" and value:
            kept.append(("id", addresses.anchor(value)))
        elif name == "class":
            classes = " ".join(part for part in value.split() if _CLASS.fullmatch(part))
            kept += [("class", classes)] if classes else []
        elif name in copied and (name not in _COUNTS or _COUNT.fullmatch(value)):
            kept.append((name, value))
    return tuple(kept)


def line_of(element: Element) -> int | None:
    """Return the line of its file that the element was given on the way, if any."""
    written = element.attribute("data-line") or ""
    return int(written) if written.isdecimal() and len(written) < 10 else None
