"""TeX out of HTML in which formulas are typeset already, or wait for a script.

    <script type="math/tex; mode=display">…</script>     kramdown, MathJax 2
    <span class="katex">…<annotation …>…</span>          KaTeX
    <math>…<annotation …>…</math>, <mjx-container>       Hugo, Pandoc, MathJax
    <span class="math inline">…</span>                   Pandoc for KaTeX

What KaTeX and MathJax show beside it goes. Nothing here judges TeX.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import replace
from html import unescape
from typing import NamedTuple

from pipeline.content.markup.shelf import Shelf
from pipeline.content.tree import Formula

_HINT = re.compile(r"application/x-tex|math/tex|[\"' ]math (?:inline|display)\b")
_EDGE = re.compile(r"<(/?)(span|div|math|mjx-container|script)\b([^<>]*)>", re.I)
_CLASS = re.compile(r"\bclass\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s>]+))", re.I)
_SCRIPT = re.compile(r"\btype\s*=\s*[\"']?math/tex\b(\s*;\s*mode\s*=\s*display)?", re.I)
_ANNOTATION = re.compile(
    r"<annotation\b[^<>]*\bapplication/x-tex\b[^<>]*>([^<]*)</annotation>", re.I
)
_ON_DISPLAY = re.compile(
    r"<[^<>]*\b(?:display\s*=\s*[\"']?(?:block|true)|katex-display)", re.I
)
# kramdown hides `<` and `&` from XML in a comment of TeX.
_CDATA = re.compile(r"\s*%?\s*<!\[CDATA\[(.*?)%?\s*\]\]>\s*", re.S)
_DELIMITED = re.compile(r"\s*(?:\$|\\[(\[]|\\begin\b)")
_MATHJAX_2 = re.compile(r"MathJax(?:_\w+)?")
# MathJax 2 puts what it shows right before the script with the TeX.
_CHARACTERS_TO_SCRIPT = 20_000


class _Element(NamedTuple):
    """An element of a text: its opening tag, the ends of its inside and of itself."""

    opening: re.Match[str]
    inside_end: int
    end: int

    @property
    def inside(self) -> str:
        return self.opening.string[self.opening.end() : self.inside_end]

    @property
    def classes(self) -> frozenset[str]:
        found = _CLASS.search(self.opening[3])
        named = (found[1] or found[2] or found[3] or "") if found else ""
        return frozenset(named.split())


def lift_formulas(html: str, line: int, shelf: Shelf) -> str:
    """Return `html`, which begins on `line` of its file, its typeset formulas shelved.

    Lines stay as they are.
    """
    if not _HINT.search(html):
        return html
    return "".join(_pieces(html, line, shelf))


def _pieces(html: str, line: int, shelf: Shelf) -> Iterator[str]:
    done, annotations = 0, list(_ANNOTATION.finditer(html))
    for element in _elements(html):
        start = element.opening.start()
        if start < done:
            continue
        formula = _formula(element, annotations)
        if formula is None and not _is_preview(element):
            continue
        line += html.count("\n", done, start)
        yield html[done:start]
        if formula:
            yield shelf.put(replace(formula, line=line), formula.tex)
        breaks = html.count("\n", start, element.end)
        yield "\n" * breaks
        line, done = line + breaks, element.end
    yield html[done:]


def _formula(element: _Element, annotations: Sequence[re.Match[str]]) -> Formula | None:
    """Return the formula that an element stands for, not knowing its line."""
    classes, name = element.classes, element.opening[2].lower()
    if name == "script":
        kind = _SCRIPT.search(element.opening[3])
        return _of_script(element.inside, display=bool(kind[1])) if kind else None
    if "math" in classes and classes & {"inline", "display"}:
        return _of_words(element.inside, display="display" in classes)
    if name in {"math", "mjx-container"} or classes & {"katex", "katex-display"}:
        return _of_annotation(element, annotations)
    return None


def _of_script(inside: str, *, display: bool) -> Formula:
    hidden = _CDATA.fullmatch(inside)
    return Formula((hidden[1] if hidden else inside).strip(), display)


def _of_words(inside: str, *, display: bool) -> Formula | None:
    """Return what stands bare in an element; delimiters are found by their own rule."""
    if "<" in inside or not inside.strip() or _DELIMITED.match(inside):
        return None
    return Formula(unescape(inside).strip(), display)


def _of_annotation(
    element: _Element, annotations: Sequence[re.Match[str]]
) -> Formula | None:
    place = bisect_left(annotations, element.opening.end(), key=re.Match.start)
    if place == len(annotations) or annotations[place].end() > element.inside_end:
        return None
    found, html = annotations[place], element.opening.string
    display = _ON_DISPLAY.search(html, element.opening.start(), found.start())
    return Formula(unescape(found[1]).strip(), bool(display))


def _is_preview(element: _Element) -> bool:
    """Tell whether an element is what MathJax 2 made of a script that follows it."""
    if not any(map(_MATHJAX_2.fullmatch, element.classes)):
        return False
    end = element.end + _CHARACTERS_TO_SCRIPT
    return bool(_SCRIPT.search(element.opening.string, element.end, end))


def _elements(html: str) -> list[_Element]:
    """Return the elements that may hold a formula, in the order of their openings."""
    elements: list[_Element] = []
    opened: dict[str, list[re.Match[str]]] = {}
    for edge in _EDGE.finditer(html):
        tags = opened.setdefault(edge[2].lower(), [])
        if not edge[1]:
            tags.append(edge)
        elif tags:
            elements.append(_Element(tags.pop(), edge.start(), edge.end()))
    return sorted(elements, key=lambda element: element.opening.start())
