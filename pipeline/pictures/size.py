"""The size of a picture, its bounds, and the error of one that is of no use."""

from __future__ import annotations

from dataclasses import dataclass

# 80 million pixels are 320 MB as RGBA; phones' own panoramas stay below.
MOST_PIXELS = 80_000_000
MOST_BYTES = 64 * 1024 * 1024

MAIL_COLUMN_PX = 536
"""What a card of the digest, 600 pixels wide, leaves for a picture."""


class PictureError(ValueError):
    """A picture cannot be used: `what` says why, `remedy` what its owner can do."""

    def __init__(self, what: str, remedy: str) -> None:
        self.what = what
        self.remedy = remedy
        super().__init__(f"{what} ({remedy})")


@dataclass(frozen=True, slots=True)
class Size:
    """Width and height in CSS pixels, as a browser shows the picture."""

    width: int
    height: int

    @property
    def pixels(self) -> int:
        """How many pixels a picture of this size has."""
        return self.width * self.height


def bounded(width: float, height: float) -> Size:
    """Return a size in whole pixels, or raise PictureError when it is absurd."""
    pixels = width * height
    if not 0 < pixels <= MOST_PIXELS or not max(width, height) < MOST_PIXELS:
        raise PictureError(
            f"it would be {width:.0f} × {height:.0f} pixels",
            f"scale it down: {MOST_PIXELS // 1_000_000} million are allowed",
        )
    return Size(max(1, round(width)), max(1, round(height)))
