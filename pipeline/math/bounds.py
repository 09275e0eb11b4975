"""How much one formula, and those of one post, may cost before they are given up."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounds:
    """The bounds of an engine, with what real formulas need beside them.

    Seconds of a formula are processor time, of which the slowest of 70 real ones took
    0.3; seconds of a post are those that pass, and 1,000 usual formulas take 7.
    Characters of a result are those of MathML and SVG together; the most that one of
    the 70 took is 95,000.
    """

    formula_characters: int = 32_000
    formula_seconds: float = 5
    formula_megabytes: int = 256
    result_characters: int = 2_000_000
    post_formulas: int = 5_000
    post_seconds: float = 60
