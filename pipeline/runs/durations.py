"""How long things took, as a histogram: a few counts, however many there were."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import accumulate

BOUNDS_SECONDS = (0.01, 0.05, 0.1, 0.5, 1.0, 5.0, 30.0, 120.0, 600.0)
"""From a pass that finds nothing to do, to the first issue for a million readers."""


@dataclass(frozen=True, slots=True)
class Durations:
    """How many took at most each of BOUNDS_SECONDS, or longer; and all together."""

    counts: tuple[int, ...] = (0,) * (len(BOUNDS_SECONDS) + 1)
    total_seconds: float = 0.0

    def and_one(self, seconds: float) -> Durations:
        """Return them with one more; where a clock was set back it counts as none."""
        seconds = max(0.0, seconds)
        place = bisect_left(BOUNDS_SECONDS, seconds)
        counts = tuple(n + (i == place) for i, n in enumerate(self.counts))
        return replace(self, counts=counts, total_seconds=self.total_seconds + seconds)

    def cumulated(self) -> Iterator[tuple[str, int]]:
        """Yield each bound, `+Inf` at the end, with how many took no longer."""
        bounds = (*(f"{bound:g}" for bound in BOUNDS_SECONDS), "+Inf")
        yield from zip(bounds, accumulate(self.counts), strict=True)
