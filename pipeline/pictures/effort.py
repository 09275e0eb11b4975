"""What drawing an SVG would cost at worst, before it is begun. Draws nothing.

The numbers were measured with resvg 0.48 on a canvas of 1072 by 800: a rectangle over
all of it takes 0.4 ms, a layer (opacity, clip, mask, filter) up to 400 ms, since it
may be 25 times as large as the canvas; 25 bytes of a path that crosses it take 0.4 ms,
and an embedded picture some 40 ms.
"""

from __future__ import annotations

import re

from lxml import etree

from pipeline.pictures.disarm import HREFS, attributes
from pipeline.pictures.size import PictureError

MOST_EFFORT = 20_000
MOST_ELEMENTS = 20_000
MOST_DEPTH = 100
_LAYER = 1000
_PICTURE = 100
_BYTES_OF_PATH = 25

_LAYERED = ("opacity", "clip-path", "mask", "filter", "mix-blend-mode", "isolation")
_OUTLINES = ("d", "points")
_REFERENCE = re.compile(r"url\(\s*['\"]?\s*#([^)'\"]+)", re.I)
# A pattern is drawn whole, however large: resvg asks for 40 GB for one of 100,000
# units a side, and the process ends. feMorphology of radius 100 takes three minutes.
_REFUSED = frozenset(
    {
        *("pattern", "feMorphology", "feTurbulence", "feConvolveMatrix"),
        *("feDiffuseLighting", "feSpecularLighting", "feDisplacementMap", "feTile"),
    }
)


def bounded_effort(root: etree._Element) -> int:
    """Return how many times drawing `root` may fill its whole canvas.

    Raises PictureError when that is more than `MOST_EFFORT`, or cannot be said.
    """
    elements = list(root.iter(etree.Element))
    if len(elements) > MOST_ELEMENTS:
        raise _too_much(f"it has {len(elements)} elements")
    for element in elements:
        name = etree.QName(element).localname
        if name in _REFUSED:
            raise _too_much(f"it uses <{name}>")
    effort = _Efforts(elements).of(root, 0)
    if effort > MOST_EFFORT:
        raise _too_much("drawing it would take too long")
    return effort


class _Efforts:
    """The effort of each element with all it refers to, counted once."""

    def __init__(self, elements: list[etree._Element]) -> None:
        self._named = {element.get("id"): element for element in elements}
        self._known: dict[etree._Element, int] = {}
        # A rule may hold for any element: each pays for all the rules.
        self._rules = 0
        self._has_marker_rules = False
        styles = [e.text or "" for e in elements if etree.QName(e).localname == "style"]
        for style in styles:
            self._rules += _layers(style) + self._referred(style, 0)
        self._known.clear()
        self._has_marker_rules = any("marker" in style.lower() for style in styles)

    def of(self, element: etree._Element, depth: int) -> int:
        """Return the effort of an element; raises PictureError for a cycle too."""
        if element not in self._known:
            if depth > MOST_DEPTH:
                raise _too_much("its parts are nested too deep, or name themselves")
            children = element.iterchildren(etree.Element)
            below = sum(self.of(child, depth + 1) for child in children)
            self._known[element] = below + self._own(element, depth + 1)
        return self._known[element]

    def _own(self, element: etree._Element, depth: int) -> int:
        picture = etree.QName(element).localname == "image"
        outline = sum(len(element.get(name, "")) for name in _OUTLINES)
        effort = 1 + self._rules * max(1, outline * self._has_marker_rules)
        effort += _PICTURE * picture + outline // _BYTES_OF_PATH
        for name, value in attributes(element):
            if name in HREFS and value.strip().startswith("#"):
                effort += self._target(value.strip()[1:], depth)
            elif name not in _OUTLINES:
                times = outline if _is_at_each_point(name, value) else 1
                effort += _layers(f"{name}:{value}")
                effort += times * self._referred(value, depth)
        return effort

    def _referred(self, value: str, depth: int) -> int:
        found = _REFERENCE.findall(value)
        return sum(self._target(name.strip(), depth) for name in found)

    def _target(self, name: str, depth: int) -> int:
        target = self._named.get(name)
        if target is None:
            return 0
        is_marker = etree.QName(target).localname == "marker"
        return self.of(target, depth + 1) + _LAYER * is_marker


def _is_at_each_point(name: str, value: str) -> bool:
    """Tell whether an attribute may set a marker at each point of an outline."""
    return name == "marker-mid" or (name == "style" and "marker" in value.lower())


def _layers(css: str) -> int:
    """Return the effort of the layers that declarations ask for."""
    names = (part.partition(":")[0] for part in re.split(r"[;{}]", css))
    return sum(_LAYER for name in names if name.strip().lower() in _LAYERED)


def _too_much(what: str) -> PictureError:
    return PictureError(f"the SVG is not drawn: {what}", "save it as PNG for mails")
