"""Families of fonts for the text of an SVG, where those it names are not there.

resvg draws no letter, and says nothing, where it finds none of the families named;
where it finds one, it looks for letters that one lacks in all the others.
"""

from __future__ import annotations

import re

from lxml import etree

# Of Linux, macOS and Windows, with those for Chinese last.
_COMMON = (
    "DejaVu Sans, Liberation Sans, Noto Sans, Arial, Helvetica, Noto Sans CJK SC,"
    " WenQuanYi Micro Hei, PingFang SC, Microsoft YaHei"
)
_DECLARATION = re.compile(r"(font-family\s*:[^;}!]*)", re.I)


def add_families(root: etree._Element) -> None:
    """Add common families to every list of families in the SVG, and to its root."""
    for element in root.iter(etree.Element):
        named = element.get("font-family")
        if named:
            element.set("font-family", f"{named}, {_COMMON}")
        style = element.get("style")
        if style:
            element.set("style", _with_common(style))
        if etree.QName(element).localname == "style":
            element.text = _with_common(element.text or "")
    if root.get("font-family") is None:
        root.set("font-family", _COMMON)


def _with_common(css: str) -> str:
    return _DECLARATION.sub(rf"\1, {_COMMON}", css)
