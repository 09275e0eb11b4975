"""SVG: measured, and drawn by resvg. Nothing but the file's own bytes is read.

Once the drawing has begun nothing can stop it, and it ends the process where memory is
short; so whatever could make it long or large is refused before.
"""

from __future__ import annotations

import math
import zlib
from io import BytesIO
from typing import BinaryIO

import resvg_py
from lxml import etree
from PIL import Image

from pipeline.base.panics import telling_panics
from pipeline.pictures.disarm import SVG, disarm
from pipeline.pictures.effort import bounded_effort
from pipeline.pictures.extent import read_extent
from pipeline.pictures.raster import reading
from pipeline.pictures.size import PictureError, Size, bounded
from pipeline.pictures.typeface import add_families

MOST_SVG_BYTES = 1_000_000
# Two million pixels take a layer of resvg up to 200 MB: it may be 25 times as large.
MOST_DRAWN_PIXELS = 2_000_000
# At a nanosecond each: what may fill its canvas often gets a smaller one.
_PIXELS_FILLED = 4_000_000_000
_PIXELS_A_CSS_PX = 2
_GZIP = b"\x1f\x8b"
_GZIP_WINDOW = 31
_NAMES = (f"{SVG}svg", "svg")


def measure_vector(stream: BinaryIO) -> Size:
    """Return the size of an SVG or .svgz in CSS pixels; raises PictureError."""
    return read_extent(_parse(stream.read(MOST_SVG_BYTES + 1))).size


def draw_vector(data: bytes, most_px: int) -> Image.Image:
    """Draw an SVG or .svgz at twice its size, at most `most_px` wide.

    Text is set in fonts of the system, so the same bytes are promised on one machine
    only. Raises PictureError for what is no SVG or would take too long.
    """
    root = _parse(data)
    extent = read_extent(root)
    disarm(root)
    most_pixels = min(MOST_DRAWN_PIXELS, _PIXELS_FILLED / bounded_effort(root))
    zoom = min(
        _PIXELS_A_CSS_PX,
        most_px / extent.size.width,
        math.sqrt(most_pixels / extent.size.pixels),
    )
    canvas = bounded(extent.size.width * zoom, extent.size.height * zoom)
    root.set("width", str(canvas.width))
    root.set("height", str(canvas.height))
    root.set("viewBox", " ".join(map(repr, extent.view)))
    return _rasterise(root)


def _rasterise(root: etree._Element) -> Image.Image:
    # Reading the system's fonts costs 50 to 150 ms.
    has_text = next(root.iter(f"{SVG}text"), None) is not None
    if has_text:
        add_families(root)
    with reading(), telling_panics():
        png = resvg_py.svg_to_bytes(
            svg_string=etree.tostring(root, encoding="unicode"),
            skip_system_fonts=not has_text,
        )
    return Image.open(BytesIO(png), formats=("PNG",))


def _parse(data: bytes) -> etree._Element:
    if data.startswith(_GZIP):
        data = _gunzip(data)
    _require_bytes(data)
    parser = etree.XMLParser(
        resolve_entities=False,
        load_dtd=False,
        no_network=True,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        root = etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise _no_picture() from error
    if root.tag not in _NAMES:
        raise _no_picture()
    return root


def _gunzip(data: bytes) -> bytes:
    try:
        return zlib.decompressobj(_GZIP_WINDOW).decompress(data, MOST_SVG_BYTES + 1)
    except zlib.error as error:
        raise _no_picture() from error


def _require_bytes(data: bytes) -> None:
    if len(data) > MOST_SVG_BYTES and b"<svg" in data:
        raise PictureError(
            f"the SVG has more than {MOST_SVG_BYTES} bytes",
            "simplify it, or save it as PNG",
        )


def _no_picture() -> PictureError:
    return PictureError(
        "it is no picture a browser shows, or is cut short",
        "save it as PNG, JPEG, GIF, WebP, AVIF or SVG",
    )
