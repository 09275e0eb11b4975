"""Whether a space stands between two parts of a line of text."""

from __future__ import annotations

import re

from pipeline.math.spacing import Atom, Gap, Kind, gap_between
from pipeline.math.tree import LIMITED, SCRIPTED, core_of

_BARE_SCRIPT = re.compile(r"[_^][^\s()]+$")
_OPENING = "([{⟨|‖"
_LEFT_FACTORS = frozenset((Kind.ORD, Kind.CLOSE, Kind.INNER))
_RIGHT_FACTORS = frozenset((Kind.ORD, Kind.OPEN, Kind.INNER))
_PREFIXES, _BARS = "+-−±∓|‖/√∂∇¬", "|‖!′"
_ORDINALS = frozenset(("st", "nd", "rd", "th", "s"))
# Where scripts begin that set no space between words.
_UNSPACED = "\u2e80"


def is_spaced(left: Atom, right: Atom, *, script: bool = False) -> bool:
    """Tell whether TeX sets a space between two atoms that a line should show.

    What is fenced is to its neighbours as its fences are. After a slash TeX's thin
    space, as in `x/ln x`, would part more than it joins.
    """
    if right.kind is Kind.PUNCT or core_of(left.element).text == "/":
        return False
    before = Kind.CLOSE if _is_fenced(left) else left.kind
    after = Kind.OPEN if _is_fenced(right) else right.kind
    return gap_between(before, after, script=script) is not Gap.NONE


def _is_fenced(atom: Atom) -> bool:
    return atom.kind is Kind.INNER and core_of(atom.element).tag != "mo"


def runs_on(line: str, left: Atom, text: str, right: Atom) -> bool:
    """Tell whether `text`, made of `right`, would be read into what `line` ends with.

    `left` is what the end of the line was made of: a word, a script, a fraction.
    """
    if left.element.tag == "mfrac" or right.element.tag == "mfrac":
        kinds = left.kind in _LEFT_FACTORS and right.kind in _RIGHT_FACTORS
        return kinds and line[-1] not in _PREFIXES and text[0] not in _BARS
    if _BARE_SCRIPT.search(line) and line[-1].isalnum() and text[0].isalnum():
        return True
    if left.kind is Kind.OP and left.element.tag in SCRIPTED | LIMITED:
        return text[0] in _OPENING
    return _are_letters(line[-1], text[0]) and (_is_word(left) or _is_word(right))


def _are_letters(*signs: str) -> bool:
    return all(sign.isalpha() and sign < _UNSPACED for sign in signs)


def _is_word(atom: Atom) -> bool:
    core = core_of(atom.element)
    text = (core.text or "").strip()
    # mhchem's elements are no words: COOH is.
    is_element = core.get("data-mjx-auto-op") == "false"
    return len(text) > 1 and not is_element and text not in _ORDINALS
