"""A table as text: in columns where the line is wide enough, else row by row."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import zip_longest

from pipeline.base.text import count_cells, wrap
from pipeline.content.tree import Element
from pipeline.rendition.phrases import Voice, say

_GAP = "  "


def say_table(table: Element, width: int, voice: Voice) -> list[str]:
    """Return the table as blocks of text: its caption, then its rows."""
    rows = [_cells(row, voice) for row in _rows(table)]
    heads = any(cell.tag == "th" for row in _rows(table) for cell in _tags(row, "th"))
    caption = [wrap(say(el.children, voice), width) for el in _tags(table, "caption")]
    filled = [row for row in rows if any(row)]
    if not filled:
        return caption
    columns = _columns(filled, heads)
    if all(count_cells(line) <= width for line in columns):
        return [*caption, "\n".join(columns)]
    return [*caption, *_paragraphs(filled, heads, width)]


def _tags(element: Element, *tags: str) -> Iterator[Element]:
    for child in element.children:
        if isinstance(child, Element) and child.tag in tags:
            yield child


def _rows(table: Element) -> Iterator[Element]:
    for part in _tags(table, "thead", "tbody", "tfoot", "tr"):
        yield from [part] if part.tag == "tr" else _tags(part, "tr")


def _cells(row: Element, voice: Voice) -> list[str]:
    """Return the row's cells, a spanning one followed by empty ones."""
    cells: list[str] = []
    for cell in _tags(row, "th", "td"):
        cells.append(" ".join(say(cell.children, voice).split()))
        span = cell.attribute("colspan") or "1"
        cells.extend([""] * (min(int(span), 100) - 1 if span.isdecimal() else 0))
    return cells


def _columns(rows: Sequence[Sequence[str]], heads: bool) -> list[str]:
    widths = [
        max(map(count_cells, column)) for column in zip_longest(*rows, fillvalue="")
    ]
    lines = [
        _GAP.join(
            cell + " " * (width - count_cells(cell))
            for cell, width in zip(row, widths, strict=False)
        ).rstrip()
        for row in rows
    ]
    rule = _GAP.join("-" * width for width in widths)
    return [lines[0], rule, *lines[1:]] if heads else lines


def _paragraphs(
    rows: Sequence[Sequence[str]], heads: bool, width: int
) -> Iterator[str]:
    """Yield each row as a paragraph, its cells on lines as `header: value`."""
    titles, body = (rows[0], rows[1:]) if heads else ((), rows)
    for row in body:
        pairs = zip_longest(titles[: len(row)], row, fillvalue="")
        lines = (f"{title}: {cell}" if title else cell for title, cell in pairs if cell)
        yield "\n".join(wrap(line, width, indent="  ") for line in lines)
