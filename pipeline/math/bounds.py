"""How much one formula, and those of one post, may cost before they are given up."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounds:
    """The bounds of an engine; what real formulas need stands here.

    Of 70 real formulas the slowest took 0.3 s of processor time, and the largest
    became 95,000 characters of MathML and SVG together; 1,000 usual ones take 7 s. An
    engine holds 9 MB and no more after thousands; one that holds more than
    `recycled_megabytes` when a post ends is made anew.
    """

    formula_characters: int = 32_000
    formula_seconds: float = 5
    formula_megabytes: int = 256
    result_characters: int = 2_000_000
    post_formulas: int = 5_000
    post_seconds: float = 60
    recycled_megabytes: int = 48
