"""`<mpadded>` and `<mspace>` in what MathML Core knows: absolute, positive lengths.

Core (section 3.3.6) reads no increments, `+0.5em`, and none of the content's own
sizes, `-1width`, which TeX's arrows, boxes and overlaps are made of.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from xml.etree.ElementTree import Element

from pipeline.math.lengths import as_em, em_of

_OWN_WIDTH = re.compile(r"-(\d*\.?\d+)width")
_SIZES = ("width", "height", "depth", "lspace", "voffset")


def make_absolute(padded: Element) -> None:
    """Replace increments of an `<mpadded>` by spaces around its content and padding."""
    written = {name: padded.attrib.pop(name, "") for name in _SIZES}
    before, width = written["lspace"], written["width"]
    rules = [padded.get("style", "")]
    if overlap := _OWN_WIDTH.fullmatch(before):
        _shift(padded, float(overlap[1]))
    elif width.startswith("+"):
        # The raising of an arrow's text is for looks: Core sets limits well itself.
        _surround(padded, em_of(before) or 0, em_of(width) or 0)
        del written["voffset"], written["lspace"]
    for side, name in (("top", "height"), ("bottom", "depth")):
        if written[name].startswith("+"):
            rules.append(f"padding-{side}:{as_em(em_of(written[name]) or 0)}")
    _set_sizes(padded, written)
    _set_style(padded, rules)


def _shift(padded: Element, part: float) -> None:
    # A percentage of a translation is of the element's own width.
    content = Element("mrow", {"style": f"transform:translateX(-{part:.0%})"})
    content.extend(list(padded))
    del padded[:]
    padded.append(content)


def _surround(padded: Element, before: float, both: float) -> None:
    padded.insert(0, Element("mspace", {"width": as_em(before)}))
    padded.append(Element("mspace", {"width": as_em(max(both - before, 0))}))


def _set_sizes(padded: Element, written: Mapping[str, str]) -> None:
    for name, length in written.items():
        signed = name == "voffset"
        size = None if length.startswith(("+", "-")) and not signed else em_of(length)
        if size is not None:
            padded.set(name, as_em(size))
    if not padded.attrib.keys() & set(_SIZES):
        padded.tag = "mrow"


def make_visible(space: Element) -> None:
    """Let an `<mspace>` narrow where it is negative, and a rule take the colour."""
    rules = [space.get("style", "")]
    if space.attrib.pop("mathbackground", ""):
        rules.append("background:currentColor")
    for name in ("width", "height", "depth"):
        size = em_of(space.attrib.pop(name, ""))
        if size is not None and size >= 0:
            space.set(name, as_em(size))
        elif size is not None and name == "width":
            rules.append(f"margin-left:{as_em(size)}")
    _set_style(space, rules)


def _set_style(element: Element, rules: Iterable[str]) -> None:
    if style := ";".join(filter(None, rules)):
        element.set("style", style)
