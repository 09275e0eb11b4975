"""Pictures of pixels, opened by Pillow, with its errors and bombs kept out.

Nothing is decoded before the size in the header is known to be within bounds.
"""

from __future__ import annotations

import struct
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from typing import BinaryIO, cast

from PIL import Image

from pipeline.pictures.size import MOST_BYTES, MOST_PIXELS, PictureError, Size, bounded

# Pillow also reads some forty other formats, in code that few have looked at.
FORMATS = ("PNG", "JPEG", "GIF", "WEBP", "AVIF", "BMP")
_MAGIC = (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"GIF8", b"BM")
_HEAD_BYTES = 32
_ORIENTATION = 0x0112
_SIDEWAYS = frozenset({5, 6, 7, 8})

# What Pillow's plugins raise for files that are broken.
_BROKEN = (
    OSError,
    SyntaxError,
    ValueError,
    TypeError,
    LookupError,
    ArithmeticError,
    AttributeError,
    EOFError,
    RuntimeError,
    MemoryError,
    struct.error,
)


@contextmanager
def reading() -> Iterator[None]:
    """Turn what Pillow raises for broken files into PictureError, and quiet it."""
    try:
        with warnings.catch_warnings(action="ignore"):
            yield
    except PictureError:
        raise
    except Image.DecompressionBombError as error:
        raise PictureError(
            "it would have too many pixels",
            f"scale it down: {MOST_PIXELS // 1_000_000} million are allowed",
        ) from error
    except _BROKEN as error:
        raise PictureError(
            f"it is broken or cut short: {str(error) or type(error).__name__}",
            "save it again, or copy it again from where it came",
        ) from error


def is_raster(head: bytes) -> bool:
    """Tell by the first 32 bytes whether a file is a picture of pixels we know."""
    webp = head[:4] == b"RIFF" and head[8:12] == b"WEBP"
    avif = head[4:8] == b"ftyp" and (b"avif" in head or b"avis" in head)
    return webp or avif or head.startswith(_MAGIC)


def open_raster(stream: BinaryIO) -> Image.Image:
    """Open a picture whose header is within bounds; its pixels are not yet decoded.

    Raises PictureError, as `reading` does where its pixels are loaded.
    """
    _require_bytes(stream)
    with reading():
        _require_canvas(stream.read(_HEAD_BYTES))
        stream.seek(0)
        image = Image.open(stream, formats=FORMATS)
        bounded(*image.size)
    return image


def shown_size(image: Image.Image) -> Size:
    """Return the size a browser shows: Chromium heeds the orientation but in WebP."""
    width, height = image.size
    if orientation(image) in _SIDEWAYS:
        width, height = height, width
    return bounded(width, height)


def orientation(image: Image.Image) -> int:
    """Return the orientation of EXIF 2.3, 1 to 8, which is 1 for upright."""
    if image.format == "WEBP":
        return 1
    with reading():
        return cast(int, image.getexif().get(_ORIENTATION, 1))


def _require_bytes(stream: BinaryIO) -> None:
    length = stream.seek(0, 2)
    stream.seek(0)
    if length > MOST_BYTES:
        raise PictureError(
            f"it has {length} bytes", f"{MOST_BYTES} are allowed: scale it down"
        )


def _require_canvas(head: bytes) -> None:
    """Refuse a WebP that is too large: Pillow makes room for it on opening."""
    if head[12:16] == b"VP8X":
        width = int.from_bytes(head[24:27], "little") + 1
        height = int.from_bytes(head[27:30], "little") + 1
        bounded(width, height)
