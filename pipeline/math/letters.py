"""Letters in the styles of mathematics, for those who know no mathvariant.

MathML Core, appendix C (mappings of mathvariant); Unicode 16, Mathematical
Alphanumeric Symbols, whose holes are filled from Letterlike Symbols.
"""

from __future__ import annotations

from typing import Final


def _between(first: str, last: str) -> str:
    return "".join(map(chr, range(ord(first), ord(last) + 1)))


_LATIN = _between("A", "Z") + _between("a", "z")
# In Unicode's order of the styled ones: ϴ stands where capitals have no final sigma.
_GREEK = f"{_between('Α', 'Ρ')}ϴ{_between('Σ', 'Ω')}∇{_between('α', 'ω')}∂ϵϑϰϕϱϖ"
_DIGITS = "0123456789"

# Where Latin letters, Greek letters and digits begin; 0 where a style has none.
_STYLES: Final = {
    "bold": (0x1D400, 0x1D6A8, 0x1D7CE),
    "italic": (0x1D434, 0x1D6E2, 0),
    "bold-italic": (0x1D468, 0x1D71C, 0x1D7CE),
    "script": (0x1D49C, 0, 0),
    "bold-script": (0x1D4D0, 0, 0),
    "fraktur": (0x1D504, 0, 0),
    "double-struck": (0x1D538, 0, 0x1D7D8),
    "bold-fraktur": (0x1D56C, 0, 0),
    "sans-serif": (0x1D5A0, 0, 0x1D7E2),
    "bold-sans-serif": (0x1D5D4, 0x1D756, 0x1D7EC),
    "sans-serif-italic": (0x1D608, 0, 0x1D7E2),
    "sans-serif-bold-italic": (0x1D63C, 0x1D790, 0x1D7EC),
    "monospace": (0x1D670, 0, 0x1D7F6),
}
_HOLES: Final = {
    0x1D455: "ℎ", 0x1D49D: "ℬ", 0x1D4A0: "ℰ", 0x1D4A1: "ℱ", 0x1D4A3: "ℋ",
    0x1D4A4: "ℐ", 0x1D4A7: "ℒ", 0x1D4A8: "ℳ", 0x1D4AD: "ℛ", 0x1D4BA: "ℯ",
    0x1D4BC: "ℊ", 0x1D4C4: "ℴ", 0x1D506: "ℭ", 0x1D50B: "ℌ", 0x1D50C: "ℑ",
    0x1D515: "ℜ", 0x1D51D: "ℨ", 0x1D53A: "ℂ", 0x1D53F: "ℍ", 0x1D545: "ℕ",
    0x1D547: "ℙ", 0x1D548: "ℚ", 0x1D549: "ℝ", 0x1D551: "ℤ",
}  # fmt: skip


def _table(starts: tuple[int, int, int]) -> dict[int, str]:
    return {
        ord(letter): _HOLES.get(start + place, chr(start + place))
        for start, letters in zip(starts, (_LATIN, _GREEK, _DIGITS), strict=True)
        for place, letter in enumerate(letters)
        if start
    }


_TABLES: Final = {name: _table(starts) for name, starts in _STYLES.items()}
STYLES: Final = frozenset(_STYLES)


def styled(text: str, style: str) -> str:
    """Return `text` with its letters and digits in a mathvariant, others as they are.

    A style that is not in STYLES, such as `normal`, changes nothing.
    """
    return text.translate(_TABLES.get(style, {}))
