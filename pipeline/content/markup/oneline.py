"""One line of text that is no Markdown, such as a title: only formulas are found."""

from __future__ import annotations

from collections.abc import Iterator

from pipeline.base.text import fold_line
from pipeline.content.markup.formulas import CANDIDATE, FormulaFinder
from pipeline.content.tree import Formula, Node, Text


def split_formulas(text: str, line: int) -> tuple[Node, ...]:
    """Return `text`, folded to one line, as text and the formulas in it.

    `line` is where the file says it. A display formula is one within the line here.
    """
    return tuple(_pieces(fold_line(text), line))


def _pieces(text: str, line: int) -> Iterator[Node]:
    finder, start, position = FormulaFinder(text), 0, 0
    while candidate := CANDIDATE.search(text, position):
        found = None
        if candidate[0][0] != "`":
            found = finder.at(candidate.start())
        if found is None:
            position = candidate.end()
            continue
        if text[start : found.start]:
            yield Text(text[start : found.start])
        yield Formula(found.tex.strip(), line=line)
        start = position = found.end
    if text[start:]:
        yield Text(text[start:])
