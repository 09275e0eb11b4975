"""MathML as browsers show it: MathJax's own, made MathML Core.

https://www.w3.org/TR/mathml-core/. What Core took out of MathML 3 is written as
characters, attributes and styles that it has; nothing is drawn here.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final
from xml.etree.ElementTree import Element
from xml.sax.saxutils import escape, quoteattr

from pipeline.math.attributes import EVERYWHERE, harmless_style, keep_known
from pipeline.math.enclosures import enclosure_style
from pipeline.math.lengths import as_em, em_of
from pipeline.math.letters import styled
from pipeline.math.operators import space_operators
from pipeline.math.padding import make_absolute, make_visible
from pipeline.math.spacing import kind_of_operator
from pipeline.math.tables import style_table
from pipeline.math.tree import CLASS, ROWS, read

NAMESPACE = "http://www.w3.org/1998/Math/MathML"

_ACCENTS = frozenset("^~¯―‾˙¨ˇ´`˘˚˜ˆˊˋ⏞⏟⎴⎵⏜⏝⏠⏡←→↔\u20db\u20dc")
# Bars stretch as fences, but not as the relations "divides" and "parallel to".
_STRETCHING: Final = {"|": "true", "‖": "true", "∣": "false", "∥": "false"}
_SCRIPT_SIZE = 0.71
_RULES: Final = {"accent": "border-top", "accentunder": "border-bottom"}
# The circumflex that fonts have in widths, and dots that need no letter to stand on.
_ACCENT_SIGNS: Final = {"^": "\u0302", "\u20db": "...", "\u20dc": "...."}
_ARROWS = frozenset("→←=↔")
# Which browser finds a font for mathematics by itself differs by system.
_FONTS = (
    "font-family:Cambria Math,STIX Two Math,Latin Modern Math,DejaVu Math TeX Gyre,math"
)
_TEXT_STYLES: Final = {
    "bold": "font-weight:bold",
    "italic": "font-style:italic",
    "bold-italic": "font-weight:bold;font-style:italic",
    "sans-serif": "font-family:sans-serif",
    "bold-sans-serif": "font-weight:bold;font-family:sans-serif",
    "monospace": "font-family:monospace",
}


def core_mathml(mathml: str, *, alttext: str = "") -> str:
    """Return MathJax's MathML as one `<math>` element of MathML Core.

    It is well-formed XML with its namespace, and stands in HTML as well; links go to
    http, https and mailto only. `alttext` is set where given. Any depth is taken.
    """
    root = read(mathml)
    for element in root.iter():
        _keep_harmless(element)
    space_operators(root)
    for element in list(root.iter()):
        _mend(element)
    for element in reversed(list(root.iter())):
        _tidy(element)
    display = root.get("display") == "block"
    for element in root.iter():
        keep_known(element)
    root.set("xmlns", NAMESPACE)
    root.set("style", _FONTS)
    if display:
        root.set("display", "block")
    if alttext:
        root.set("alttext", alttext)
    return _serialised(root)


def _keep_harmless(element: Element) -> None:
    if style := harmless_style(element.attrib.pop("style", "")):
        element.set("style", style)


def _mend(element: Element) -> None:
    if mend := _MENDERS.get(element.tag):
        mend(element)


def _mend_token(token: Element) -> None:
    variant = token.attrib.pop("mathvariant", "")
    text = token.text or ""
    if token.tag == "mi" and len(text) == 1 and variant in ("normal", "italic"):
        if variant == "normal":
            token.set("mathvariant", variant)
        return
    token.text = text if token.tag == "mtext" else styled(text, variant)
    if token.text == text and variant in _TEXT_STYLES:
        _add_style(token, _TEXT_STYLES[variant])


def _mend_operator(operator: Element) -> None:
    _mend_token(operator)
    operator.text = "/" if operator.text == "⧸" else operator.text
    if operator.text in _STRETCHING and "stretchy" not in operator.attrib:
        operator.set("stretchy", _STRETCHING[operator.text])
    for name in ("lspace", "rspace"):
        if name in operator.attrib:
            operator.set(name, as_em(em_of(operator.attrib[name]) or 0))
    if operator.text in _ARROWS and "minsize" in operator.attrib:
        sign = Element("mo", operator.attrib)
        sign.text = operator.text
        operator.tag, operator.text = "munder", None
        operator.attrib.clear()
        operator.extend((sign, _width_taken_from(sign)))


def _width_taken_from(arrow: Element) -> Element:
    # In Core `minsize` is a height; an arrow is as wide as what stands below it.
    width = (em_of(arrow.attrib.pop("minsize")) or 0) / _SCRIPT_SIZE
    arrow.set("stretchy", "true")
    return Element("mspace", {"width": as_em(width)})


def _mend_limits(element: Element) -> None:
    sign = element[0]
    if element.tag == "mover" and sign.text in _ARROWS and "minsize" in sign.attrib:
        element.tag = "munderover"
        element.insert(1, _width_taken_from(sign))
    for mark, name in (("over", "accent"), ("under", "accentunder")):
        if mark not in element.tag:
            continue
        sign = element[-1 if mark == "over" else 1]
        if sign.tag == "mo" and sign.text in _ACCENTS:
            _mend_accent(element, sign, name)


def _mend_accent(element: Element, sign: Element, name: str) -> None:
    text, is_wide = sign.text or "", sign.get("stretchy") != "false"
    if text == "―" and len(element) == 2:
        # No browser's table of signs has a line that is as wide as what it marks.
        element.tag = "mrow"
        element.remove(sign)
        _add_style(element, f"{_RULES[name]}:0.06em solid")
        return
    if is_wide:
        sign.text = _ACCENT_SIGNS.get(text, text)
    # The small arrow of a vector is an arrow in the size of a script.
    if is_wide or text != "→":
        element.set(name, "true")


def _mend_enclosure(element: Element) -> None:
    element.tag = "mrow"
    _add_style(element, enclosure_style(element.attrib.pop("notation", "")))


def _mend_style(style: Element) -> None:
    # MathJax keeps the size of each space in a style of its own.
    if [child.tag for child in style] == ["mspace"]:
        style.attrib.pop("scriptlevel", None)
    if not any(name in style.attrib for name in EVERYWHERE):
        style.tag = "mrow"
        style.attrib.clear()


def _mend_empty(element: Element) -> None:
    element.tag = "mrow"


def _add_style(element: Element, style: str) -> None:
    if written := f"{element.get('style', '')};{style}".strip(";"):
        element.set("style", written)


_MENDERS: Final[dict[str, Callable[[Element], None]]] = {
    "mi": _mend_token,
    "mn": _mend_token,
    "mtext": _mend_token,
    "ms": _mend_token,
    "mo": _mend_operator,
    "mover": _mend_limits,
    "munder": _mend_limits,
    "munderover": _mend_limits,
    "menclose": _mend_enclosure,
    "mpadded": make_absolute,
    "mspace": make_visible,
    "mtable": style_table,
    "mstyle": _mend_style,
    "none": _mend_empty,
}


def _tidy(element: Element) -> None:
    # Groups have done their part once spaces are written: they are left out.
    if not len(element):
        return
    kept: list[Element] = []
    for child in element:
        if _is_bare(child) and len(child) == 1 and _may_replace(child[0], element):
            kept.append(child[0])
        elif element.tag not in ROWS or not _is_nothing(child):
            kept.append(child)
    element[:] = kept


def _is_bare(element: Element) -> bool:
    known = element.attrib.keys() - {CLASS}
    return element.tag == "mrow" and not known


def _may_replace(child: Element, parent: Element) -> bool:
    # In a group of its own a sign has nothing to stretch to.
    return child.tag != "mo" or parent.tag not in ROWS


def _is_nothing(element: Element) -> bool:
    if element.tag == "mo":
        text = element.text or ""
        return not text or kind_of_operator(text) is None
    is_empty = not len(element) and not element.text
    return is_empty and element.tag in ("mi", "mrow", "mtext", "mstyle")


def _serialised(root: Element) -> str:
    written = []
    waiting: list[Element | str] = [root]
    while waiting:
        item = waiting.pop()
        if isinstance(item, str):
            written.append(item)
            continue
        attributes = "".join(f" {k}={quoteattr(v)}" for k, v in item.items())
        written.append(f"<{item.tag}{attributes}>{escape(item.text or '')}")
        waiting.append(f"</{item.tag}>")
        waiting.extend(reversed(item))
    return "".join(written)
