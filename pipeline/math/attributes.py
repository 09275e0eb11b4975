"""Which attributes a formula keeps: those of MathML Core, with harmless values.

What is not named here is dropped: ids and classes, which would meet those of a page,
MathJax's own data, scripts, and any style that could fetch or cover something.
"""

from __future__ import annotations

import re
from typing import Final
from xml.etree.ElementTree import Element

EVERYWHERE: Final = frozenset(
    (
        *("displaystyle", "scriptlevel", "mathcolor", "mathbackground", "mathsize"),
        *("href", "style"),
    )
)
_LENGTHS = frozenset(("width", "height", "depth"))
_OF_ELEMENT: Final = {
    "mi": frozenset(("mathvariant",)),
    "mo": frozenset(
        (
            *("form", "lspace", "rspace", "stretchy", "symmetric", "minsize"),
            *("maxsize", "largeop", "movablelimits"),
        )
    ),
    "mspace": _LENGTHS,
    "mpadded": _LENGTHS | {"lspace", "voffset"},
    "mfrac": frozenset(("linethickness",)),
    "mover": frozenset(("accent",)),
    "munder": frozenset(("accentunder",)),
    "munderover": frozenset(("accent", "accentunder")),
    "mtd": frozenset(("rowspan", "columnspan")),
}
_BORDERS = frozenset(f"border-{side}" for side in ("top", "right", "bottom", "left"))
_PROPERTIES: Final = _BORDERS | {
    *("color", "background-color", "opacity", "font-weight", "font-style"),
    *("text-decoration", "transform", "border"),
}
_HARMLESS = re.compile(
    r"(?:[\w#.%+\- ,]|\b(?:rgba?|hsla?|rotate)\([\w.%+\- ,]*\)){1,80}"
)
_COLOUR = re.compile(r"#?\w{1,40}")
_ADDRESS = re.compile(r"(?:https?://|mailto:)\S+", re.IGNORECASE)


def harmless_style(written: str) -> str:
    """Return those declarations of a style that change only how a sign looks."""
    kept = []
    for declaration in written.split(";"):
        name, _, value = (part.strip() for part in declaration.partition(":"))
        if name.lower() in _PROPERTIES and _HARMLESS.fullmatch(value):
            kept.append(f"{name.lower()}:{value}")
    return ";".join(kept)


def keep_known(element: Element) -> None:
    """Drop every attribute that MathML Core has not, or that holds what it may not."""
    known = EVERYWHERE | _OF_ELEMENT.get(element.tag, frozenset())
    for name, value in list(element.attrib.items()):
        if name not in known or not _is_allowed(name, value):
            del element.attrib[name]


def _is_allowed(name: str, value: str) -> bool:
    match name:
        case "href":
            return _ADDRESS.fullmatch(value) is not None
        case "mathcolor" | "mathbackground":
            return _COLOUR.fullmatch(value) is not None
        case _:
            return bool(value)
