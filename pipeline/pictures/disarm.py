"""An SVG without all that names anything outside it. Draws nothing.

resvg looks file names up in the current folder and anywhere else they lead.
"""

from __future__ import annotations

import base64
import binascii
import re
from io import BytesIO

from lxml import etree

from pipeline.pictures.raster import open_raster
from pipeline.pictures.size import PictureError

SVG = "{http://www.w3.org/2000/svg}"
HREFS = ("href", "{http://www.w3.org/1999/xlink}href")

# What a still picture never needs; resvg passes over most of it as well.
_REMOVED = (
    etree.Entity,
    *("{*}foreignObject", "{*}script", "{*}iframe", "{*}audio", "{*}video"),
    *("{*}feImage", "{*}handler"),
)
_MOST_EMBEDDED_PIXELS = 4_000_000
_DATA = re.compile(r"\s*data:image/(?:png|jpe?g|gif)\s*;\s*base64\s*,(.*)", re.I | re.S)
_FOREIGN_URL = re.compile(r"url\(\s*(?!['\"]?\s*#)[^)]*\)?", re.I)
_IMPORT = re.compile(r"@import[^;]*;?", re.I)
# CSS writes any letter as an escape too: \75rl(…) is url(…).
_ESCAPE = re.compile(r"\\")


def disarm(root: etree._Element) -> None:
    """Leave in `root` only references to its own parts and small embedded pictures."""
    etree.strip_elements(root, *_REMOVED, with_tail=False)
    for element in root.iter(etree.Element):
        _disarm_element(element)


def attributes(element: etree._Element) -> list[tuple[str, str]]:
    """Return the attributes of an element as text, which lxml may type as bytes."""
    return [(str(name), str(value)) for name, value in element.attrib.items()]


def _disarm_element(element: etree._Element) -> None:
    for name, value in attributes(element):
        if name in HREFS:
            if not _is_own(element, value):
                del element.attrib[name]
        elif name.endswith("}base"):
            del element.attrib[name]
        elif "url" in value.lower() or "\\" in value:
            element.set(name, _own_css(value))
    if etree.QName(element).localname == "style":
        element.text = _own_css("".join(map(str, element.itertext())))


def _own_css(css: str) -> str:
    return _FOREIGN_URL.sub("none", _IMPORT.sub("", _ESCAPE.sub("", css)))


def _is_own(element: etree._Element, href: str) -> bool:
    if href.strip().startswith("#"):
        return True
    found = _DATA.fullmatch(href)
    if found is None or etree.QName(element).localname != "image":
        return False
    try:
        size = open_raster(BytesIO(base64.b64decode(found[1]))).size
    except (binascii.Error, PictureError):
        return False
    return size[0] * size[1] <= _MOST_EMBEDDED_PIXELS
