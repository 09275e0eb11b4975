"""Animated pictures as GIF, the one animation that mail clients show, within bounds."""

from __future__ import annotations

from io import BytesIO

from PIL import Image

from pipeline.pictures.bare import bare_gif
from pipeline.pictures.raster import open_raster, reading

MOST_FRAMES = 120
MOST_FRAME_PIXELS = 20_000_000


def is_animated(image: Image.Image) -> bool:
    """Tell whether a picture moves, as GIF, WebP and AVIF may.

    An animated PNG stands still in most clients, and shows its first frame.
    """
    if image.format not in ("GIF", "WEBP", "AVIF"):
        return False
    with reading():
        return bool(getattr(image, "is_animated", False))


def fit_animation(data: bytes, most_width: int, most_bytes: int) -> bytes | None:
    """Return an animation as a GIF without metadata, equal to `data` if it is one.

    None when it is beyond the bounds in frames, pixels, width or bytes: then its
    first frame has to do. Raises PictureError when it is broken.
    """
    image = open_raster(BytesIO(data))
    if image.width > most_width:
        return None
    moving = bare_gif(data) if image.format == "GIF" else _as_gif(image)
    with reading():
        image.seek(0)
        image.load()
    return moving if moving is not None and len(moving) <= most_bytes else None


def _as_gif(image: Image.Image) -> bytes | None:
    frames = getattr(image, "n_frames", 1)
    if frames > MOST_FRAMES or frames * image.width * image.height > MOST_FRAME_PIXELS:
        return None
    pictures: list[Image.Image] = []
    durations: list[int] = []
    with reading():
        for frame in range(frames):
            image.seek(frame)
            pictures.append(image.convert("RGBA"))
            durations.append(int(image.info.get("duration", 100)))
        stream = BytesIO()
        pictures[0].save(
            stream,
            "GIF",
            save_all=True,
            append_images=pictures[1:],
            duration=durations,
            loop=int(image.info.get("loop", 0)),
            disposal=2,
        )
    return stream.getvalue()
