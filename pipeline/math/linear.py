"""A formula as one line of Unicode, for those who hear it or see no images.

`ReLU(x) = max(0, x)`, `∑_(n=0)^∞ xⁿ/n!`. Letters keep a style only where it is a
common character (ℝ, ℒ); bold and italics, colours and phantoms are not told.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from functools import partial
from itertools import cycle
from typing import Final
from xml.etree.ElementTree import Element

from pipeline.math.grids import grid_line
from pipeline.math.joints import is_spaced, runs_on
from pipeline.math.lengths import em_of
from pipeline.math.letters import styled
from pipeline.math.scripts import (
    PRIMES,
    accented,
    as_factor,
    as_numerator,
    as_radicand,
    bracketed,
    is_word,
    lowered,
    raised,
)
from pipeline.math.spacing import Atom, Kind, atoms_of, kind_of
from pipeline.math.tree import core_of, is_deep, read, tokens

Script = tuple[str, Element]
"""`_` or `^`, and what stands there."""

_BRACES = frozenset("⏞⏟⎴⎵⏜⏝")
_UNDERLINES = frozenset("―_‾")
_AS_READ: Final = str.maketrans("∣⟶⟵⟷⟹⟸⟺⟼∗", "|→←↔⇒⇐⇔↦*", "\u2061\u2062\u2063\u2064")
_INTEGRALS = tuple("∫∬∭⨌∮∯∰")
_BEFORE_CLOSING = re.compile(r" +([,;)\]])")
_STRUCK = re.compile(r"(\S)⧸")
# mhchem builds its equilibrium of four halves.
_EQUILIBRIUM = "↽−^(−⇀)"
_SIGNS = PRIMES + "†"
_SEEN_EM = 0.16
"""Narrower spaces are for looks alone; `\\,` is 0.167 em."""


def linearise(mathml: str) -> str:
    """Return the formula of `mathml`, as MathJax writes it, in one line of text.

    No letter or digit is lost, and no two spaces stand together. A formula deeper
    than tree.MAX_DEPTH is its tokens in a row.
    """
    root = read(mathml)
    line = " ".join(tokens(root)) if is_deep(root) else _line(root)
    line = _STRUCK.sub(_negated, line.replace(_EQUILIBRIUM, "⇌"))
    line = line.replace("∼", "~")  # which fonts for Chinese may lack
    return _BEFORE_CLOSING.sub(r"\1", " ".join(line.split()))


def _negated(match: re.Match[str]) -> str:
    return unicodedata.normalize("NFC", f"{match[1]}\u0338")


def _line(row: Iterable[Element], *, script: bool = False) -> str:
    return _joined(atoms_of(row), script=script)


def _joined(atoms: Sequence[Atom], *, script: bool) -> str:
    line = ""
    before: Atom | None = None
    is_owed = False
    differentials = _differentials(atoms)
    for place, atom in enumerate(atoms):
        text = _written(atom.element, script=script)
        if before is not None:
            is_owed |= is_spaced(before, atom, script=script) or place in differentials
            is_owed |= bool(line and text) and runs_on(line, before, text, atom)
        # An atom may show nothing, and still part its neighbours: `+{}`.
        if text:
            line += (" " if is_owed else "") + text
            is_owed = False
        before = before if atom.kind is None else atom
    return line


def _differentials(atoms: Sequence[Atom]) -> frozenset[int]:
    """Return the places of each `d` of a `dx` that follows an integral sign."""
    letters = [(core_of(atom.element).text or "") for atom in atoms]
    first = next((i for i, text in enumerate(letters) if text in _INTEGRALS), None)
    if first is None:
        return frozenset()
    pairs = zip(letters[first:], letters[first + 1 :], strict=False)
    found = enumerate(pairs, first)
    return frozenset(
        i for i, (d, x) in found if d == "d" and len(x) == 1 and x.isalpha()
    )


def _written(element: Element, *, script: bool = False) -> str:
    match element.tag:
        case "mi" | "mn" | "mtext" | "ms":
            return _token(element)
        case "mo":
            return (element.text or "").translate(_AS_READ)
        case "mspace":
            return _space(element)
        case "mphantom":
            return ""
        case "mtable":
            write = partial(_line, script=script)
            return grid_line(element, write, script=script)
        case "mrow":
            return _group(element, script=script)
        case _:
            return _built(element, script=script)


def _token(element: Element) -> str:
    text = element.text or ""
    if element.tag == "mtext":
        return text
    letters = styled(text, element.get("mathvariant", ""))
    return letters if all(letter <= "\uffff" for letter in letters) else text


def _space(element: Element) -> str:
    if element.get("linebreak") == "newline":
        return "; "
    width = em_of(element.get("width", "0"))
    return " " if width is not None and width >= _SEEN_EM else ""


def _group(row: Element, *, script: bool) -> str:
    atoms = [atom for atom in atoms_of(row) if atom.kind is not None]
    if len(atoms) == 3 and _is_stacked(atoms[1].element):
        return _choice(atoms, script=script)
    line = _line(row, script=script)
    # The brace of cases is closed by nothing.
    holds_cases = any(atom.element.tag == "mtable" for atom in atoms)
    return f"{line}}}" if holds_cases and line.count("{") > line.count("}") else line


def _is_stacked(element: Element) -> bool:
    return element.tag == "mfrac" and em_of(element.get("linethickness", "1")) == 0


def _choice(atoms: Sequence[Atom], *, script: bool) -> str:
    opening, stack, closing = (_written(atom.element, script=script) for atom in atoms)
    if (opening, closing) == ("(", ")"):
        return f"C({stack.replace('; ', ', ', 1)})"
    return opening + stack + closing


def _built(element: Element, *, script: bool) -> str:
    match element.tag:
        case "mfrac":
            return _fraction(element, script=script)
        case "msqrt":
            return f"√{as_radicand(_line(element, script=script).strip())}"
        case "mroot":
            return _root(element, script=script)
        case "msub" | "msup" | "msubsup" | "mmultiscripts":
            return _with_scripts(element, script=script)
        case "munder" | "mover" | "munderover":
            return _with_limits(element, script=script)
        case _:
            return _line(element, script=script)


def _fraction(element: Element, *, script: bool) -> str:
    above, below = (_written(child, script=script).strip() for child in element)
    if _is_stacked(element):
        return f"{above}; {below}"
    return f"{as_numerator(above)}/{as_factor(below)}"


def _root(element: Element, *, script: bool) -> str:
    radicand = as_radicand(_written(element[0], script=script).strip())
    index = _script_text(element[1])
    named = {"2": "√", "3": "∛", "4": "∜"}.get(index)
    sign = named or _script("^", index, element[1], small=True) + "√"
    return sign + radicand


def _with_scripts(element: Element, *, script: bool) -> str:
    before, after = _scripts_of(element)
    base = _written(element[0], script=script)
    core = core_of(element[0])
    is_degrees = [_script_text(child) for _, child in after] == ["∘"]
    if is_degrees and (base.isdecimal() or not base.strip()):
        return f"{base}°"
    base = base.strip()
    if "arrow" in element[0].get("notation", ""):
        return f"{base}→{_script_text(element[1])}"
    return _scripts(before, core) + base + _scripts(after, core)


def _scripts_of(element: Element) -> tuple[list[Script], list[Script]]:
    # Those before the base and those after it.
    marks = {"msub": "_", "msup": "^"}.get(element.tag, "_^")
    children = list(element)[1:]
    tags = [child.tag for child in children]
    parting = tags.index("mprescripts") if "mprescripts" in tags else len(tags)
    after = list(zip(cycle(marks), children[:parting], strict=False))
    before = list(zip(cycle(marks), children[parting + 1 :], strict=False))
    return before, after


def _scripts(scripts: Iterable[Script], core: Element) -> str:
    primes = ""
    line = ""
    for mark, child in scripts:
        text = _script_text(child)
        rest = text.lstrip(_SIGNS) if mark == "^" else text
        primes += text[: len(text) - len(rest)]
        line += _script(mark, rest, child, small=_may_be_small(child, core))
    return primes + line


def _script_text(element: Element) -> str:
    return " ".join(_written(element, script=True).split())


def _script(mark: str, text: str, element: Element, *, small: bool) -> str:
    if not text:
        return ""
    shrunk = (lowered(text) if mark == "_" else raised(text)) if small else None
    is_token = sum(map(bool, tokens(element))) == 1
    return shrunk or mark + (text if is_token and is_word(text) else bracketed(text))


def _may_be_small(script: Element, core: Element) -> bool:
    # Words in small letters are hard to read, and so are limits of a large sign.
    words = (len(text) > 1 and not text.isdecimal() for text in tokens(script))
    if kind_of(core) is not Kind.OP:
        return not any(words)
    return core.tag != "mo" and all(map(str.isdecimal, filter(None, tokens(script))))


def _with_limits(element: Element, *, script: bool) -> str:
    base = _written(element[0], script=script).strip()
    marks = {"munder": "_", "mover": "^"}.get(element.tag, "_^")
    for mark, child in zip(marks, list(element)[1:], strict=True):
        base = _with_limit(base, mark, child, core_of(element[0]))
    return base


def _with_limit(base: str, mark: str, limit: Element, core: Element) -> str:
    text = _script_text(limit)
    if text in _BRACES:
        return as_factor(base)
    if mark == "_" and text in _UNDERLINES:
        return base
    if mark == "^" and core.tag != "mo" and (accent := accented(base, text)):
        return accent
    return base + _script(mark, text, limit, small=False)
