"""The classes of TeX's atoms and the space between two of them.

Knuth, The TeXbook, pages 154 to 158 and 170; what class an operator has, and which
elements are no atoms, is as in MathJax, whose MathML names only the unusual ones.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import IntEnum
from itertools import zip_longest
from xml.etree.ElementTree import Element

from pipeline.math.tree import CLASS, LIMITED, SCRIPTED


class Kind(IntEnum):
    """What an atom is to its neighbours; the order is that of the table of gaps."""

    ORD = 0
    OP = 1
    BIN = 2
    REL = 3
    OPEN = 4
    CLOSE = 5
    PUNCT = 6
    INNER = 7


class Gap(IntEnum):
    """A space between atoms, of 0, 3, 4 and 5 eighteenths of an em."""

    NONE = 0
    THIN = 1
    MEDIUM = 2
    THICK = 3


@dataclass(frozen=True, slots=True)
class Atom:
    """An element of a row with its class; None for spaces and what has no place."""

    element: Element
    kind: Kind | None


# Rows: left neighbour; columns: right neighbour. A star is a thin space that stays
# in scripts, where all others go.
_GAPS = (
    "0*230001",
    "**030001",
    "22002002",
    "33003003",
    "00000000",
    "0*230001",
    "11011111",
    "1*231011",
)
_PLACELESS = frozenset("\u2061\u2062\u2063\u2064")
_TRANSPARENT = frozenset(("mstyle", "mpadded", "menclose", "math", "mtd"))
_CARRIERS = SCRIPTED | LIMITED | {"mphantom"}
_PUNCTUATION = frozenset(",.;")
_INNER = frozenset("…⋯⋱")
_ORDINARY = frozenset("\"#$%&'/@\\`|~^_¬∀∁∂∃∄∅∆∇√∛∜∞∠∡∢⊤⋮")
_BINARY = frozenset("*+-±·×÷†‡•−∓∔∕∖∗∘∙∧∨∩∪∸≀⊌⊍⊎⊓⊔⊕⊖⊗⊘⊙⊚⊛⊝⊞⊟⊠⊡⊺⊻⊼⊽⋄⋅⋆⋇⋉⋊⋋⋌⋎⋏⋒⋓△▽◁▷◯⨿")
_RELATIONS = ((0x2190, 0x22FF), (0x27F0, 0x27FF), (0x2900, 0x297F), (0x2A59, 0x2AFB))
_BIG = ((0x220F, 0x2211), (0x222B, 0x2233), (0x22C0, 0x22C3), (0x2A00, 0x2A1E))
_BEFORE_UNARY = frozenset((None, Kind.OP, Kind.BIN, Kind.REL, Kind.OPEN, Kind.PUNCT))
_AFTER_UNARY = frozenset((None, Kind.REL, Kind.CLOSE, Kind.PUNCT))


def atoms_of(row: Iterable[Element]) -> list[Atom]:
    """Return the atoms of a row, seeing through styles and bare groups.

    A binary operator without an operand at one side has become ordinary.
    """
    found = [Atom(element, kind_of(element)) for element in _flat(row)]
    placed = [i for i, atom in enumerate(found) if atom.kind is not None]
    before: Kind | None = None
    for i, after in zip_longest(placed, placed[1:]):
        kind = found[i].kind
        follows = None if after is None else found[after].kind
        if kind is Kind.BIN and (before in _BEFORE_UNARY or follows in _AFTER_UNARY):
            kind = Kind.ORD
            found[i] = Atom(found[i].element, kind)
        before = kind
    return found


def _flat(row: Iterable[Element]) -> Iterator[Element]:
    waiting = list(row)[::-1]
    while waiting:
        element = waiting.pop()
        if _is_transparent(element):
            waiting.extend(reversed(element))
        else:
            yield element


def _is_transparent(element: Element) -> bool:
    if element.tag == "mrow":
        return CLASS not in element.attrib
    return element.tag in _TRANSPARENT


def gap_between(left: Kind | None, right: Kind | None, *, script: bool = False) -> Gap:
    """Return the space TeX sets between two atoms, less of it within a script."""
    if left is None or right is None:
        return Gap.NONE
    written = _GAPS[left][right]
    if written == "*":
        return Gap.THIN
    return Gap.NONE if script else Gap(int(written))


def kind_of(element: Element) -> Kind | None:
    """Return the class of an atom, by its own word or by what it carries."""
    while CLASS not in element.attrib and _is_carrier(element):
        if not len(element):
            return Kind.ORD
        element = element[0]
    if CLASS in element.attrib:
        named = element.attrib[CLASS]
        return None if named == "NONE" else Kind.__members__.get(named, Kind.ORD)
    if element.tag == "mspace":
        return None
    if element.tag == "mo":
        return kind_of_operator(element.text or "")
    return Kind.OP if element.tag == "mi" and is_name(element) else Kind.ORD


def _is_carrier(element: Element) -> bool:
    return element.tag in _CARRIERS or _is_transparent(element)


def is_name(element: Element) -> bool:
    """Tell whether an identifier is a function's name, as MathJax decides it."""
    text = element.text or ""
    named = len(text) > 1 and text.isascii() and text.isalpha()
    return named and element.get("data-mjx-auto-op") != "false"


def kind_of_operator(text: str) -> Kind | None:
    """Return the class of an operator by its characters, None for an invisible one."""
    if len(text) != 1:
        return Kind.REL if text[:1].isalpha() else Kind.ORD
    if text in _PLACELESS:
        return None
    for characters, kind in (
        (_PUNCTUATION, Kind.PUNCT),
        (_INNER, Kind.INNER),
        (_ORDINARY, Kind.ORD),
        (_BINARY, Kind.BIN),
    ):
        if text in characters:
            return kind
    return _kind_by_range(text)


def _kind_by_range(text: str) -> Kind:
    if _is_within(text, _BIG):
        return Kind.OP
    if text in ":<=>" or _is_within(text, _RELATIONS):
        return Kind.REL
    category = unicodedata.category(text)
    if category in ("Ps", "Pi"):
        return Kind.OPEN
    return Kind.CLOSE if category in ("Pe", "Pf") or text in "!?" else Kind.ORD


def _is_within(text: str, ranges: tuple[tuple[int, int], ...]) -> bool:
    return any(first <= ord(text) <= last for first, last in ranges)
