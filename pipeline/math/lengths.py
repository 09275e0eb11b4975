"""Lengths as MathML writes them: units, the named spaces, and what Core cannot read."""

from __future__ import annotations

import re
from typing import Final

_LENGTH = re.compile(r"([+-]?(?:\d+\.?\d*|\.\d+))([a-z]*)")
_NAMES: Final = {
    "veryverythinmathspace": 1,
    "verythinmathspace": 2,
    "thinmathspace": 3,
    "mediummathspace": 4,
    "thickmathspace": 5,
    "verythickmathspace": 6,
    "veryverythickmathspace": 7,
}
# How many em a unit is for text of 16 pixels, in MathJax's font; `mu` is TeX's.
_EM: Final = {
    "": 1.0, "em": 1.0, "ex": 0.442, "mu": 1 / 18, "px": 1 / 16, "pt": 1 / 12,
    "pc": 1.0, "in": 6.0, "cm": 2.362, "mm": 0.2362,
}  # fmt: skip


def em_of(written: str) -> float | None:
    """Return a length in em, signed; None for a percentage, `+1width` or nonsense."""
    sign = -1 if written.startswith("negative") else 1
    if named := _NAMES.get(written.removeprefix("negative")):
        return sign * named / 18
    found = _LENGTH.fullmatch(written.strip())
    if found is None or found[2] not in _EM:
        return None
    return float(found[1]) * _EM[found[2]]


def as_em(length: float) -> str:
    """Write a length in em as CSS and MathML Core read it: `0.278em`, `0`."""
    written = f"{length:.3f}".rstrip("0").rstrip(".")
    return "0" if written in ("0", "-0") else f"{written}em"
