"""The copy of a picture that mail clients show. Bytes in, bytes out."""

from __future__ import annotations

from dataclasses import dataclass
from io import BytesIO

import PIL
import resvg_py
from PIL import Image

from pipeline.pictures.animation import fit_animation, is_animated
from pipeline.pictures.bare import is_bare
from pipeline.pictures.colour import opaque, upright_rgb
from pipeline.pictures.raster import (
    is_raster,
    open_raster,
    orientation,
    reading,
)
from pipeline.pictures.size import MAIL_COLUMN_PX, PictureError
from pipeline.pictures.vector import draw_vector

PICTURES_VERSION = f"1 pillow {PIL.__version__} resvg-py {resvg_py.__version__}"

# Twice the column of the digest, for sharp screens.
MOST_WIDTH_PX = 2 * MAIL_COLUMN_PX
# An issue shows several, and phones load them over the air.
MOST_MAIL_BYTES = 1_000_000

# Modes whose pixels Pillow can take the mean of, and that a picture may be huge in.
_REDUCIBLE = frozenset({"L", "RGB", "RGBA", "CMYK"})

# A WebP is decoded in one piece, and copied: so many pixels take 0.65 GB, as a PNG of
# twice as many does, and twice as many 1.25.
MOST_WEBP_PIXELS = 40_000_000

# Longer than any mail; JPEG knows 65,500.
_MOST_SIDE_PX = 30_000
_JPEG_QUALITY = 82
_MOST_COLOURS = 256
# Lines and letters are worth twice the bytes of the blur that JPEG makes of them.
_WORTH_OF_LINES = 2


@dataclass(frozen=True, slots=True)
class MailPicture:
    """A copy for mail: PNG, JPEG or GIF, its size in pixels of its own."""

    data: bytes
    media_type: str
    width: int
    height: int


def mail_picture(data: bytes) -> MailPicture | None:
    """Return the copy of a picture that mail clients show.

    None says that the original is fit for mail: a bare PNG, JPEG or GIF within
    `MOST_WIDTH_PX` and `MOST_MAIL_BYTES`. The copy is upright, in sRGB, on an opaque
    ground, and holds no metadata. Raises PictureError for what is no picture, is
    broken, or is beyond the bounds.
    """
    if not is_raster(data[:32]):
        return _encode(draw_vector(data, MOST_WIDTH_PX), photograph=False)
    image = open_raster(BytesIO(data))
    _require_memory(image)
    if is_animated(image):
        moving = fit_animation(data, MOST_WIDTH_PX, MOST_MAIL_BYTES)
        if moving == data:
            return None
        if moving is not None:
            width, height = Image.open(BytesIO(moving), formats=("GIF",)).size
            return MailPicture(moving, "image/gif", width, height)
    elif _is_fit(image, data):
        return None
    return _encode(_scaled(image), photograph=image.format in ("JPEG", "MPO"))


def _require_memory(image: Image.Image) -> None:
    pixels = image.width * image.height
    if image.format == "WEBP" and pixels > MOST_WEBP_PIXELS:
        raise PictureError(
            f"no copy for mail is made of a WebP of {pixels} pixels",
            f"scale it down: {MOST_WEBP_PIXELS // 1_000_000} million are allowed",
        )


def _is_fit(image: Image.Image, data: bytes) -> bool:
    small = image.width <= MOST_WIDTH_PX and len(data) <= MOST_MAIL_BYTES
    if not small or not is_bare(image, data) or orientation(image) != 1:
        return False
    with reading():
        image.load()
    return image.mode != "CMYK" and not image.has_transparency_data


def _scaled(image: Image.Image) -> Image.Image:
    """Return the picture upright, in sRGB and no wider than mail needs it."""
    turned = orientation(image) >= 5
    with reading():
        if turned:
            image.draft("RGB", (1, 2 * MOST_WIDTH_PX))
        else:
            image.draft("RGB", (2 * MOST_WIDTH_PX, 1))
        image.load()
        side = image.height if turned else image.width
        return _shrunk(upright_rgb(_reduced(image, side // (2 * MOST_WIDTH_PX))))


def _reduced(image: Image.Image, times: int) -> Image.Image:
    """Return a picture `times` smaller: what comes after copies it several times.

    A PNG of 80 million pixels takes 0.6 GB so, and 1.6 otherwise.
    """
    if times < 2 or image.mode not in _REDUCIBLE:
        return image
    smaller = image.reduce(times)
    smaller.format = image.format
    return smaller


def _shrunk(image: Image.Image) -> Image.Image:
    if image.width <= MOST_WIDTH_PX:
        return image
    height = max(1, round(image.height * MOST_WIDTH_PX / image.width))
    return image.resize((MOST_WIDTH_PX, height), Image.Resampling.LANCZOS)


def _encode(image: Image.Image, *, photograph: bool) -> MailPicture:
    if max(image.size) > _MOST_SIDE_PX:
        width, height = image.size
        raise PictureError(
            f"it would be {width} × {height} pixels in mail", "cut it into several"
        )
    ground = opaque(image)
    jpeg = _saved(
        ground, "JPEG", quality=_JPEG_QUALITY, optimize=True, progressive=True
    )
    if photograph:
        return MailPicture(jpeg, "image/jpeg", *ground.size)
    few = ground.getcolors(_MOST_COLOURS)
    png = _saved(_in_palette(ground) if few else ground, "PNG", optimize=True)
    if len(png) > _WORTH_OF_LINES * len(jpeg):
        return MailPicture(jpeg, "image/jpeg", *ground.size)
    return MailPicture(png, "image/png", *ground.size)


def _in_palette(image: Image.Image) -> Image.Image:
    """Return the picture with a palette where that changes none of its colours."""
    drawing = image.quantize(_MOST_COLOURS, dither=Image.Dither.NONE)
    same = drawing.convert("RGB").tobytes() == image.tobytes()
    return drawing if same else image


def _saved(image: Image.Image, kind: str, **options: int) -> bytes:
    stream = BytesIO()
    with reading():
        image.save(stream, kind, **options)
    return stream.getvalue()
