"""Small letters and accents that Unicode has, and the brackets that stand in for them.

Works on text alone; what carries a script or an accent is found in linear.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Final

PRIMES = "′″‴⁗‵‶‷"
_SUPERSCRIPTS: Final = str.maketrans("0123456789+-−=()nijT⊤", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁼⁽⁾ⁿⁱʲᵀᵀ")
_SUBSCRIPTS: Final = str.maketrans(
    "0123456789+-−=()aehijklmnoprstuvxβγρφϕχ",
    "₀₁₂₃₄₅₆₇₈₉₊₋₋₌₍₎ₐₑₕᵢⱼₖₗₘₙₒₚᵣₛₜᵤᵥₓᵦᵧᵨᵩᵩᵪ",
)
_ACCENTS: Final = {
    "^": ("\u0302", "hat"), "~": ("\u0303", "tilde"), "¯": ("\u0304", "bar"),
    "―": ("\u0305", "overline"), "‾": ("\u0305", "overline"), "→": ("\u20d7", "vec"),
    "←": ("\u20d6", "overleftarrow"), "↔": ("\u20e1", "overleftrightarrow"),
    "˙": ("\u0307", "dot"), "¨": ("\u0308", "ddot"), "\u20db": ("\u20db", "dddot"),
    "\u20dc": ("\u20dc", "ddddot"), "ˇ": ("\u030c", "check"), "˘": ("\u0306", "breve"),
    "´": ("\u0301", "acute"), "`": ("\u0300", "grave"), "˚": ("\u030a", "ring"),
    "ˊ": ("\u0301", "acute"), "ˋ": ("\u0300", "grave"), "˜": ("\u0303", "tilde"),
    "ˆ": ("\u0302", "hat"),
}  # fmt: skip
_OPENING, _CLOSING = frozenset("([{⟨⌊⌈⟦"), frozenset(")]}⟩⌋⌉⟧")
_GROUP = "\0"
_SMALL = "[²³¹⁰-ⁿʲᵀ₀-ₜᵢ-ᵪ]"
# One factor: a letter, a number, a root, a group or a name applied to one, each with
# scripts; `dx` and `∂x` count as letters.
_FACTOR = re.compile(
    rf"(?:[d∂]?[^\W\d_]|\d+(?:[.,]\d+)*|∞|\w*{_GROUP}|[√∛∜](?:\w|{_GROUP}))"
    rf"(?:[\u0300-\u036f\u20d0-\u20f0′″‴!*%°]|{_SMALL}|[_^](?:\w+|\S))*"
)
_RADICAND = re.compile(rf"\d+|(?:[^\W\d]|∞|{_GROUP}|…)[₀-ₜᵢ-ᵪ]*")
_WORD = re.compile(r"[^\W\d_²³¹⁰-ⁿʲᵀ₀-ₜᵢ-ᵪ]+")
_JOINING = re.compile(r"[\s+\-−±∓×÷⋅·∗/=<>≤≥≠≈∼∈→,;|:]")


def raised(text: str) -> str | None:
    """Return `text` in superscript characters, None where one has none."""
    return _small(text, _SUPERSCRIPTS)


def lowered(text: str) -> str | None:
    """Return `text` in subscript characters, None where one has none."""
    return _small(text, _SUBSCRIPTS)


def _small(text: str, table: dict[int, int]) -> str | None:
    return text.translate(table) if all(ord(sign) in table for sign in text) else None


def accented(text: str, accent: str) -> str | None:
    """Return one letter with its accent, `hat(…)` for more; None if it is no accent."""
    if accent not in _ACCENTS:
        return None
    mark, name = _ACCENTS[accent]
    composed = unicodedata.normalize("NFC", text + mark)
    return composed if len(text) == 1 else f"{name}({text})"


def bracketed(text: str) -> str:
    """Return `text`, in parentheses unless it is one sign, a number or has them."""
    has_them = text.startswith("(") and _collapsed(text) == _GROUP
    plain = len(text) == 1 or text.isdecimal() or has_them
    return text if plain else f"({text})"


def is_word(text: str) -> bool:
    """Tell whether `text` is letters alone, none of them small."""
    return _WORD.fullmatch(text) is not None


def as_numerator(text: str) -> str:
    """Return `text`, in parentheses unless it is a product without signs."""
    return f"({text})" if not text or _JOINING.search(_collapsed(text), 1) else text


def as_factor(text: str) -> str:
    """Return `text`, in parentheses unless no reader could take a part of it alone."""
    return text if _FACTOR.fullmatch(_collapsed(text)) else f"({text})"


def as_radicand(text: str) -> str:
    """Return `text`, in parentheses unless it is a number, a group or `dₖ`."""
    return text if _RADICAND.fullmatch(_collapsed(text)) else f"({text})"


def _collapsed(text: str) -> str:
    # Each bracketed part as one sign; what is never closed stays as it is.
    found: list[str] = []
    opened: list[int] = []
    for sign in text:
        if sign in _OPENING:
            opened.append(len(found))
        found.append(sign)
        if sign in _CLOSING and opened:
            del found[opened.pop() :]
            found.append(_GROUP)
    return "".join(found)
