"""Which of the points at which a fault may fall are tried: all of them, or some.

`make faults` tries every one (FAULTS=whole). A plain run of the tests takes a few,
spread over all of them, so that it stays a matter of seconds.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import TypeVar

T = TypeVar("T")

WHOLE = os.environ.get("FAULTS") == "whole"
FEW = 10


def chosen(points: Sequence[T], few: int = FEW) -> Sequence[T]:
    """Return every point if all are to be tried, else `few`."""
    return points if WHOLE else spread(points, few)


def spread(points: Sequence[T], few: int) -> Sequence[T]:
    """Return `few` of the points, spread over all, the first and the last too."""
    if len(points) <= few:
        return points
    step = (len(points) - 1) / (few - 1)
    return [points[round(n * step)] for n in range(few)]
