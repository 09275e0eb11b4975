"""A table as text: in columns where the line is wide enough, else row by row."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import zip_longest
from typing import NamedTuple

from pipeline.base.text import count_cells, is_cjk, wrap
from pipeline.content.tree import Element
from pipeline.rendition.phrases import Voice, say

_GAP = "  "
_ALIGNED = re.compile(r"text-align:\s*(left|center|right)")
_NUMBER = re.compile(r"[+\-−]?[$€£¥￥]?\d[\d.,'’\xa0\u202f]*[%‰]?")
_ASKING = tuple("?:？：")


class _Cell(NamedTuple):
    """A cell's text, and on which side the author wants it; empty for neither."""

    text: str
    side: str


_EMPTY = _Cell("", "")


def say_table(table: Element, width: int, voice: Voice) -> list[str]:
    """Return the table as blocks of text: its caption, then its rows."""
    caption = [wrap(say(el.children, voice), width) for el in _tags(table, "caption")]
    rows = [_cells(row, voice) for row in _rows(table)]
    heads = any(cell.tag == "th" for row in _rows(table) for cell in _tags(row, "th"))
    filled = [row for row in rows if any(cell.text for cell in row)]
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


def _cells(row: Element, voice: Voice) -> list[_Cell]:
    """Return the row's cells, a spanning one followed by empty ones."""
    cells: list[_Cell] = []
    for cell in _tags(row, "th", "td"):
        text = " ".join(say(cell.children, voice).split())
        aligned = _ALIGNED.search(cell.attribute("style") or "")
        cells.append(_Cell(text, aligned[1] if aligned else ""))
        span = cell.attribute("colspan") or "1"
        cells.extend([_EMPTY] * (min(int(span), 100) - 1 if span.isdecimal() else 0))
    return cells


def _columns(rows: Sequence[Sequence[_Cell]], heads: bool) -> list[str]:
    columns = list(zip_longest(*rows, fillvalue=_EMPTY))
    widths = [max(count_cells(cell.text) for cell in column) for column in columns]
    sides = [_side(column[heads:]) for column in columns]
    lines = [
        _GAP.join(map(_padded, (cell.text for cell in row), widths, sides)).rstrip()
        for row in rows
    ]
    rule = _GAP.join("-" * width for width in widths)
    return [lines[0], rule, *lines[1:]] if heads else lines


def _side(cells: Sequence[_Cell]) -> str:
    """Return the side of a column: as its author wants it; numbers stand at the right.

    Other columns are set left.
    """
    wanted = next((cell.side for cell in cells if cell.side), "")
    texts = [cell.text for cell in cells if cell.text]
    numbers = bool(texts) and all(map(_NUMBER.fullmatch, texts))
    return wanted or ("right" if numbers else "left")


def _padded(text: str, width: int, side: str) -> str:
    free = width - count_cells(text)
    before = {"left": 0, "center": free // 2, "right": free}[side]
    return " " * before + text + " " * (free - before)


def _paragraphs(
    rows: Sequence[Sequence[_Cell]], heads: bool, width: int
) -> Iterator[str]:
    """Yield each row as a paragraph, its cells on lines as `header: value`."""
    titles, body = (rows[0], rows[1:]) if heads else ((), rows)
    for row in body:
        pairs = zip_longest(titles[: len(row)], row, fillvalue=_EMPTY)
        lines = (_titled(title.text, cell.text) for title, cell in pairs if cell.text)
        yield "\n".join(wrap(line, width, indent="  ") for line in lines)


def _titled(title: str, text: str) -> str:
    if not title:
        return text
    if title.endswith(_ASKING):
        return f"{title} {text}"
    return f"{title}：{text}" if is_cjk(title[-1]) else f"{title}: {text}"
