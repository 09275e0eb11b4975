"""Boxes of whole CSS pixels around an origin on the baseline. Knows no picture."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Box:
    """Edges in CSS pixels from the origin; y counts downwards from the baseline."""

    left: int
    top: int
    right: int
    bottom: int

    @property
    def width(self) -> int:
        """Pixels from the left edge to the right one."""
        return self.right - self.left

    @property
    def height(self) -> int:
        """Pixels from the top edge to the bottom one."""
        return self.bottom - self.top

    def grown(self, px: int) -> Box:
        """Return the box with `px` more on each side."""
        return Box(self.left - px, self.top - px, self.right + px, self.bottom + px)

    def joined(self, other: Box) -> Box:
        """Return the smallest box around both."""
        return Box(
            min(self.left, other.left),
            min(self.top, other.top),
            max(self.right, other.right),
            max(self.bottom, other.bottom),
        )

    def holds(self, other: Box) -> bool:
        """Tell whether nothing of `other` lies outside."""
        return self.joined(other) == self
