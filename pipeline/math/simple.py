"""Formulas that text can show, as HTML: letters with indices, Greek, plain operators.

They are sharper than any image, follow the reader's colours and can be copied. What
text cannot show is left to an image; which characters fonts have everywhere is what
HTML 4 has a name for, and a few more.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from html import escape
from html.entities import codepoint2name
from itertools import groupby
from typing import Final
from xml.etree.ElementTree import Element

from pipeline.math.joints import is_spaced, runs_on
from pipeline.math.lengths import em_of
from pipeline.math.letters import styled
from pipeline.math.plainness import is_plain
from pipeline.math.scripts import PRIMES, accented
from pipeline.math.spacing import Atom, Kind, atoms_of
from pipeline.math.tree import read

LONG = 24
"""Characters from which a formula may break after a relation; others stay whole."""

_NO_BREAK, _BREAK = "\u00a0", "\n"
_KNOWN = frozenset(map(chr, codepoint2name)) | frozenset("ℂℍℕℙℚℝℤℓℏℒℱϵ⊤⋯‖∥∓↦≪≫∘∖")
_AS_WRITTEN: Final = str.maketrans("∣⟶⟵⟷⟹⟸⟺⟼∗", "|→←↔⇒⇐⇔↦*", "\u2061\u2062\u2063\u2064")
_UPRIGHT, _ITALIC, _BOLD, _BOLD_ITALIC = (), ("i",), ("b",), ("b", "i")
_MARKS: Final = {
    "normal": _UPRIGHT,
    "italic": _ITALIC,
    "bold": _BOLD,
    "bold-italic": _BOLD_ITALIC,
}
_LETTERLIKE = frozenset(("double-struck", "script", "fraktur"))


class _UnfitError(Exception):
    """Something in the formula cannot be shown by text."""


@dataclass(frozen=True, slots=True)
class _Run:
    """Text in one style: the names of its elements, and `sub`, `sup` or nothing."""

    text: str
    marks: Sequence[str] = _UPRIGHT
    script: str = ""


def as_html(mathml: str) -> str | None:
    """Return an inline formula as HTML of i, b, sub and sup; None if it needs more.

    Spaces do not break, except after a relation or a comma of a formula that has more
    than LONG characters.
    """
    root = read(mathml)
    if not is_plain(root):
        return None
    try:
        runs = list(_row(root))
    except _UnfitError:
        return None
    text = "".join(run.text for run in runs)
    html = _rendered(runs) if text.strip() else None
    return html and html.replace(_BREAK, " " if len(text) > LONG else _NO_BREAK)


def _rendered(runs: Iterable[_Run]) -> str:
    html = ""
    for script, group in groupby(runs, lambda run: run.script):
        inside = "".join(
            _marked("".join(run.text for run in alike), marks)
            for marks, alike in groupby(group, lambda run: run.marks)
        )
        html += f"<{script}>{inside}</{script}>" if script else inside
    return html


def _marked(text: str, marks: Sequence[str]) -> str:
    html = escape(text, quote=False)
    for mark in reversed(marks):
        html = f"<{mark}>{html}</{mark}>"
    return html


def _row(row: Iterable[Element], script: str = "") -> Iterator[_Run]:
    line = ""
    owed = ""
    before: Atom | None = None
    for atom in atoms_of(row):
        runs = list(_runs(atom.element, script))
        text = "".join(run.text for run in runs)
        if before is not None:
            owed = _space(before, atom, script) or owed
            if line and text and not owed and runs_on(line, before, text, atom):
                owed = _NO_BREAK
        # An atom may show nothing, and still part its neighbours: `+{}`.
        if text:
            if line and not line[-1].isspace() and not text[0].isspace():
                yield from (run for run in (_Run(owed, script=script),) if owed)
            owed = ""
        yield from (run for run in runs if run.text)
        line += text
        before = before if atom.kind is None else atom


def _space(left: Atom, right: Atom, script: str) -> str:
    if not is_spaced(left, right, script=bool(script)):
        return ""
    return _BREAK if left.kind in (Kind.REL, Kind.PUNCT) else _NO_BREAK


def _runs(element: Element, script: str) -> Iterator[_Run]:
    match element.tag:
        case "mi" | "mn" | "mtext" | "mo":
            yield _token(element, script)
        case "mspace":
            yield _Run(_gap(element, script), script=script)
        case "msub" | "msup" | "msubsup":
            yield from _with_scripts(element, script)
        case "mover":
            yield _with_accent(element, script)
        case "mrow":
            yield from _row(element, script)
        case _:
            # What mhchem hides, to set its indices by.
            return


def _gap(space: Element, script: str) -> str:
    width = em_of(space.get("width", "0")) or 0
    if script or width < 0.16:
        return ""
    return _NO_BREAK if width < 1 else 2 * _NO_BREAK


def _token(token: Element, script: str) -> _Run:
    text = (token.text or "").translate(_AS_WRITTEN)
    variant = token.get("mathvariant", "")
    if variant in _LETTERLIKE:
        text, variant = styled(text, variant), "normal"
    if not all(_is_shown(sign, token.tag) for sign in text):
        raise _UnfitError
    if not variant:
        is_variable = token.tag == "mi" and len(text) == 1 and text.isalpha()
        variant = "italic" if is_variable else "normal"
    if variant not in _MARKS:
        raise _UnfitError
    return _Run(text, _MARKS[variant], script)


def _is_shown(sign: str, tag: str) -> bool:
    if sign in _KNOWN or sign.isascii():
        return True
    # Words, in any script: the text around them has the font.
    return tag != "mo" and sign <= "\uffff" and unicodedata.category(sign)[0] in "LNPZ"


def _with_accent(element: Element, script: str) -> _Run:
    base, accent = element
    if base.tag != "mi" or accent.tag != "mo":
        raise _UnfitError
    run = _token(base, script)
    composed = accented(run.text, accent.text or "")
    if composed is None or len(composed) != 1:
        raise _UnfitError
    return _Run(composed, run.marks, script)


def _with_scripts(element: Element, script: str) -> Iterator[_Run]:
    if script:
        raise _UnfitError
    yield from _row([element[0]])
    names = {"msub": ("sub",), "msup": ("sup",)}.get(element.tag, ("sub", "sup"))
    scripts = {
        name: list(_row([child], name))
        for name, child in zip(names, list(element)[1:], strict=True)
    }
    raised = scripts.get("sup", [])
    if [run.text for run in raised] == ["∘"]:
        raised = [_Run("°")]
    # A prime is raised by itself, and comes before an index.
    while raised and raised[0].text in PRIMES:
        yield _Run(raised.pop(0).text)
    yield from scripts.get("sub", [])
    yield from raised
