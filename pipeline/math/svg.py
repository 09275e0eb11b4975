"""MathJax's SVG made fit for a rasteriser: it keeps what draws, and only that.

MathJax counts on the CSS of its page, for the rules of arrays above all, and lets a
writer's links, classes and styles through. The one becomes attributes here, the other
is left out: nothing that is kept can refer to a file or an address. Draws nothing.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass

from lxml import etree

SVG = "{http://www.w3.org/2000/svg}"
_BARE = "bare"

_SHAPES = frozenset(("svg", "g", "path", "line", "rect", "ellipse", "polygon", "text"))
_AREAS = [f"{SVG}{name}" for name in ("rect", "line", "ellipse", "polygon")]
_ATTRIBUTES = (
    *("x", "y", "width", "height", "x1", "y1", "x2", "y2", "points", "d"),
    *("cx", "cy", "rx", "ry", "viewBox", "transform", "fill", "stroke"),
    *("stroke-width", "stroke-linecap", "stroke-linejoin", "stroke-dasharray"),
    *("stroke-dashoffset", "font-size"),
)
# What of CSS a writer may set, and the attributes that do the same.
# Opacity of a group would take a picture of its own for each.
_STYLES = {
    "color": ("fill", "stroke"),
    "opacity": ("fill-opacity", "stroke-opacity"),
}

# SVG/Wrappers/mtable.js of MathJax 3.2.2 has these as CSS.
_RULE = {"stroke-width": "70", "fill": "none"}
_DASHES = {
    "mjx-dashed": {"stroke-dasharray": "140"},
    "mjx-dotted": {"stroke-linecap": "round", "stroke-dasharray": "0,140"},
}
# Outlines in thousandths of an em. TeX's letters, made for paper, look thin beside the
# text of a screen without one (MathJax has 3); of a font we have a single weight.
_GLYPH_OUTLINE = "10"
_BOLD_OUTLINE = "40"

# resvg ends the whole process at 240 groups in each other, in a stack of 8 MB; the
# formulas of blogs have 10.
DEEPEST = 100

# resvg panics on what is 10 ** 8 em wide; this is from 10 ** 4 em, as JavaScript
# writes numbers. A colour may look like that.
_ENORMOUS = re.compile(r"(?<![\w#.])(?:\d{8}|[\d.]+e\+?\d)")

# MathJax leaves & and < in attributes as they are.
_ATTRIBUTE = re.compile(r'="([^"]*)"')
_DECLARATION = re.compile("<[!?]")
_BARE_AMPERSAND = re.compile(r"&(?!quot;|amp;|lt;|gt;)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawing:
    """What an SVG of MathJax draws, and the box it means to draw it in.

    `left`, `top`, `width` and `height` are thousandths of an em; y counts downwards,
    and 0 is the baseline. `content` is SVG in the same units. `foreign` are the
    characters, sorted, that MathJax has no outlines for and leaves to a font; `areas`
    counts the shapes, such as rules, that may each cover all of the box.
    """

    left: float
    top: float
    width: float
    height: float
    content: str
    foreign: str
    areas: int = 0


def read_drawing(svg: str) -> Drawing:
    """Return what MathJax's SVG draws.

    Raises ValueError when it is not an SVG with a viewBox, as MathJax writes it, or
    one that would harm a rasteriser: nested deeper than `DEEPEST`, or enormous.
    """
    root = _parse(svg)
    left, top, width, height = _box(root)
    foreign = "".join(sorted(set(_reduce(root))))
    _require_shallow(root)
    content = "".join(etree.tostring(shape, encoding="unicode") for shape in root)
    if _ENORMOUS.search(content):
        raise ValueError("the formula is drawn with enormous measures")
    return Drawing(
        left=left,
        top=top,
        width=width,
        height=height,
        content=content,
        foreign=foreign,
        areas=sum(1 for _ in root.iter(*_AREAS)),
    )


def _parse(svg: str) -> etree._Element:
    escaped = _ATTRIBUTE.sub(_escape, svg)
    if _DECLARATION.search(escaped):
        raise ValueError("the drawing of the formula is broken: it declares something")
    # `huge_tree` lets groups lie more than 256 deep, and lifts the bound on entities,
    # of which there are none without a declaration.
    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=True)
    try:
        root = etree.fromstring(escaped, parser)
    except etree.XMLSyntaxError as error:
        raise ValueError(f"the drawing of the formula is broken: {error}") from error
    if root.tag != f"{SVG}svg":
        raise ValueError("the drawing of the formula is broken: it is no SVG")
    return root


def _escape(attribute: re.Match[str]) -> str:
    value = _BARE_AMPERSAND.sub("&amp;", attribute[1]).replace("<", "&lt;")
    return f'="{value}"'


def _box(root: etree._Element) -> tuple[float, float, float, float]:
    try:
        left, top, width, height = map(float, root.get("viewBox", "").split())
    except ValueError as error:
        raise ValueError("the drawing of the formula has no size") from error
    if not all(map(math.isfinite, (left, top, width, height))):
        raise ValueError("the drawing of the formula has no size")
    return left, top, width, height


def _reduce(root: etree._Element) -> str:
    """Leave what draws below `root`, and return the text it holds."""
    text = []
    for element in list(root.iter(etree.Element)):
        name = element.tag.removeprefix(SVG)
        if name == "a":
            element.tag = f"{SVG}g"
        elif name not in _SHAPES:
            next(element.iterancestors()).remove(element)
        elif name == "text":
            text.append(element.text or "")
        _replace_attributes(element, _drawn(element))
        if name == "g" and not element.attrib:
            element.tag = _BARE
    etree.strip_tags(root, _BARE)
    return "".join(text)


def _require_shallow(root: etree._Element) -> None:
    depth = 0
    for event, _ in etree.iterwalk(root, events=("start", "end")):
        depth += 1 if event == "start" else -1
        if depth > DEEPEST:
            raise ValueError(f"the formula is nested more than {DEEPEST} deep")


def _replace_attributes(element: etree._Element, attributes: dict[str, str]) -> None:
    element.attrib.clear()
    for name, value in attributes.items():
        element.set(name, value)


def _drawn(element: etree._Element) -> dict[str, str]:
    """Return the attributes that decide how an element is drawn, CSS among them."""
    named = ((name, element.get(name, "")) for name in _ATTRIBUTES)
    kept = {name: value for name, value in named if value and "url(" not in value}
    if element.get("data-line") or element.get("data-frame"):
        kept |= _RULE | _DASHES.get(element.get("class", ""), {})
    if element.get("data-c"):
        kept["stroke-width"] = _GLYPH_OUTLINE
    if element.get("font-weight") == "bold":
        kept["stroke-width"] = _BOLD_OUTLINE
    return kept | _styles(element.get("style", ""))


def _styles(style: str) -> dict[str, str]:
    properties = (part.partition(":") for part in style.split(";"))
    return {
        attribute: value.strip()
        for name, _, value in properties
        for attribute in _STYLES.get(name.strip(), ())
        if "url(" not in value
    }
