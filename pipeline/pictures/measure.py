"""How large a browser shows a picture, from its header. Decodes no pixels."""

from __future__ import annotations

from typing import BinaryIO

from pipeline.pictures.raster import is_raster, open_raster, shown_size
from pipeline.pictures.size import PictureError, Size
from pipeline.pictures.vector import measure_vector

__all__ = ["PictureError", "Size", "measure"]

_HEAD_BYTES = 32


def measure(stream: BinaryIO) -> Size:
    """Return the size of the picture in a stream that can seek, in CSS pixels.

    PNG, JPEG, GIF, WebP, AVIF, BMP and SVG (also .svgz) are known. EXIF orientation
    is heeded. Raises PictureError for anything else, for headers cut short, and for
    sizes no page could show.
    """
    head = stream.read(_HEAD_BYTES)
    stream.seek(0)
    if is_raster(head):
        return shown_size(open_raster(stream))
    return measure_vector(stream)
