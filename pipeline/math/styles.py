"""In what style each part of a formula stands: on display or not, how deep in scripts.

MathML Core, sections 3.3.2 to 3.4 and 3.5, on displaystyle and scriptlevel.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from xml.etree.ElementTree import Element

from pipeline.math.tree import LIMITED, SCRIPTED


@dataclass(frozen=True, slots=True)
class Style:
    """`display` sets large signs and limits above; `level` is 0 outside scripts."""

    display: bool
    level: int

    def script(self, levels: int = 1) -> Style:
        """Return the style of a script of what has this style."""
        return Style(False, self.level + levels)


def styles_of(root: Element) -> dict[Element, Style]:
    """Return the style of every element, in which its own content stands."""
    styles: dict[Element, Style] = {}
    waiting = [(root, Style(root.get("display") == "block", 0))]
    while waiting:
        element, given = waiting.pop()
        style = _own_style(element, given)
        styles[element] = style
        waiting.extend(
            (child, _style_within(element, place, style))
            for place, child in enumerate(element)
        )
    return styles


def _own_style(element: Element, given: Style) -> Style:
    display = given.display and element.tag != "mtable"
    if "displaystyle" in element.attrib:
        display = element.attrib["displaystyle"] == "true"
    written = element.get("scriptlevel", "+0")
    if not written.lstrip("+-").isdecimal():
        return replace(given, display=display)
    is_relative = written.startswith(("+", "-"))
    return Style(display, int(written) + (given.level if is_relative else 0))


def _style_within(element: Element, place: int, style: Style) -> Style:
    if element.tag == "mfrac":
        return replace(style, display=False) if style.display else style.script()
    if element.tag in SCRIPTED | LIMITED and place > 0:
        return style.script()
    if element.tag == "mroot" and place > 0:
        return style.script(2)
    return style
