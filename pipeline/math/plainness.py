"""Whether a formula has nothing but what text can show, by its elements alone."""

from __future__ import annotations

from xml.etree.ElementTree import Element

from pipeline.math.lengths import em_of
from pipeline.math.tree import is_deep

_ELEMENTS = frozenset(
    (
        *("math", "mrow", "mstyle", "mpadded", "mphantom", "mspace", "mi", "mn"),
        *("mo", "mtext", "msub", "msup", "msubsup", "mover"),
    )
)
# Colours, sizes and lines, which no letter of a line of text can take.
_UNFIT = frozenset(("mathcolor", "mathbackground", "mathsize", "minsize", "style"))
_LARGE = frozenset("∏∐∑∫∬∭∮∯∰⋀⋁⋂⋃⨀⨁⨂⨄⨆√")


def is_plain(root: Element) -> bool:
    """Tell whether every element is a letter, sign, index or group without a size."""
    if is_deep(root):
        return False
    hidden = {child for element in root.iter() for child in _hidden(element)}
    return all(_is_plain(element, hidden) for element in root.iter())


def _hidden(element: Element) -> list[Element]:
    # mhchem sets an index beside a letter that takes no room.
    takes_room = element.tag != "mpadded" or em_of(element.get("width", "1")) != 0
    return [] if takes_room else list(element)


def _is_plain(element: Element, hidden: set[Element]) -> bool:
    if element.tag not in _ELEMENTS or element.attrib.keys() & _UNFIT:
        return False
    match element.tag:
        case "mphantom":
            return element in hidden
        case "mpadded":
            return _is_at_rest(element)
        case "mstyle":
            return element.get("scriptlevel", "0") == "0"
        case "mo":
            return element.text not in _LARGE
        case "mspace":
            return "linebreak" not in element.attrib
        case _:
            # A reference to a number is text; another link would be lost.
            return element.get("href", "#").startswith("#")


def _is_at_rest(padded: Element) -> bool:
    sizes = [em_of(padded.attrib[name]) for name in padded.attrib]
    is_empty = all(child.tag == "mphantom" for child in padded)
    return all(size == 0 for size in sizes) and (
        "width" not in padded.attrib or is_empty
    )
