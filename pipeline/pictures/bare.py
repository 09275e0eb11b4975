"""Whether a file holds a picture alone, without EXIF, comments or profiles."""

from __future__ import annotations

from PIL import Image, JpegImagePlugin

_PNG_CHUNKS = frozenset({b"IHDR", b"PLTE", b"tRNS", b"IDAT", b"IEND"}) | frozenset(
    {b"sRGB", b"gAMA", b"cHRM", b"pHYs", b"sBIT", b"bKGD"}
)
_PNG_HEAD_BYTES = 8
_CHUNK_BYTES = 12
# JFIF, and Adobe's, which says how the colours are stored.
_JPEG_SEGMENTS = frozenset({"APP0", "APP14"})
_JPEG_END = b"\xff\xd9"
_GIF_HEAD_BYTES = 13
_GIF_IMAGE, _GIF_EXTENSION, _GIF_END = 0x2C, 0x21, 0x3B
_GIF_CONTROL, _GIF_APPLICATION = 0xF9, 0xFF
_GIF_LOOPS = (b"NETSCAPE2.0", b"ANIMEXTS1.0")


def is_bare(image: Image.Image, data: bytes) -> bool:
    """Tell whether the file `data`, opened as `image`, has no metadata in it."""
    if isinstance(image, JpegImagePlugin.JpegImageFile):
        names = {name for name, _ in image.applist}
        return names <= _JPEG_SEGMENTS and data.endswith(_JPEG_END)
    if image.format == "PNG":
        return _is_bare_png(data)
    return image.format == "GIF" and bare_gif(data) == data


def _is_bare_png(data: bytes) -> bool:
    at = _PNG_HEAD_BYTES
    name = b""
    while at < len(data):
        name = data[at + 4 : at + 8]
        if name not in _PNG_CHUNKS:
            return False
        at += _CHUNK_BYTES + int.from_bytes(data[at : at + 4], "big")
    return at == len(data) and name == b"IEND"


def bare_gif(data: bytes) -> bytes | None:
    """Return a GIF without comments, XMP and what follows its end; None if broken."""
    at = _GIF_HEAD_BYTES + _table_bytes(data[10:11])
    kept = [data[:at]]
    while at < len(data) and data[at] in (_GIF_IMAGE, _GIF_EXTENSION):
        start, at = at, _after_block(data, at)
        if _is_shown(data, start):
            kept.append(data[start:at])
    if at >= len(data) or data[at] != _GIF_END:
        return None
    return b"".join((*kept, data[at : at + 1]))


def _is_shown(data: bytes, at: int) -> bool:
    if data[at] == _GIF_IMAGE or data[at + 1] == _GIF_CONTROL:
        return True
    name = data[at + 3 : at + 14]
    return data[at + 1] == _GIF_APPLICATION and name in _GIF_LOOPS


def _after_block(data: bytes, at: int) -> int:
    """Return where the image or extension at `at` ends; past the end if it is cut."""
    if data[at] == _GIF_IMAGE:
        at += 11 + _table_bytes(data[at + 9 : at + 10])
    else:
        at += 2
    while at < len(data) and data[at]:
        at += data[at] + 1
    return at + 1


def _table_bytes(flags: bytes) -> int:
    """Return the bytes of the colour table that the flags of GIF89a announce."""
    return 3 << ((flags[0] & 7) + 1) if flags and flags[0] & 0x80 else 0
