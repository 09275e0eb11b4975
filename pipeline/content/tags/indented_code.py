"""Where a Markdown text is code by being indented. Fences are `code_spans`' part."""

from __future__ import annotations

import re
import sys
from bisect import bisect_right

_ITEM = re.compile(r"[ \t]*(?:[-*+]|\d{1,9}[.)])(?:[ \t]+|$)")
_QUOTE = re.compile(r"(?:[ \t]{0,3}>[ \t]?)+")
_CANDIDATE = re.compile(r"^(?: {4}| {0,3}\t|[ \t>]*>(?: {5}| {0,4}\t))", re.MULTILINE)


class IndentedCode:
    """The stretches of one Markdown text that are code by being indented."""

    def __init__(self, text: str) -> None:
        self._stretches = _Lines().read(text) if _CANDIDATE.search(text) else []

    def end(self, at: int) -> int | None:
        """Return where the code around offset `at` ends, None outside of any."""
        index = bisect_right(self._stretches, (at, sys.maxsize)) - 1
        if index >= 0 and at < self._stretches[index][1]:
            return self._stretches[index][1]
        return None


class _Lines:
    """The state between lines: the open list items, and whether code may begin.

    A line is code when a blank line or code lies before it and it is indented four
    columns beyond the list item it would belong to (CommonMark 0.31, 4.4 and 5.2).
    A list is followed by its lines' indents alone: enough to know a tag from code.
    """

    def __init__(self) -> None:
        self._items: list[int] = []
        self._may_begin = True
        self._depth = 0

    def read(self, text: str) -> list[tuple[int, int]]:
        stretches: list[tuple[int, int]] = []
        at = 0
        for line in text.splitlines(keepends=True):
            end = at + len(line)
            if self._is_code(line.expandtabs(4).rstrip()):
                if stretches and stretches[-1][1] == at:
                    stretches[-1] = (stretches[-1][0], end)
                else:
                    stretches.append((at, end))
            at = end
        return stretches

    def _is_code(self, line: str) -> bool:
        quote = _QUOTE.match(line)
        depth = quote[0].count(">") if quote else 0
        if quote:
            line = line[quote.end() :]
        if depth != self._depth:
            self._depth, self._items, self._may_begin = depth, [], True
        content = line.lstrip()
        if not content:
            self._may_begin = True
            return False
        return self._is_code_at(line, len(line) - len(content))

    def _is_code_at(self, line: str, indent: int) -> bool:
        item = _ITEM.match(line)
        if self._may_begin or item:
            while self._items and self._items[-1] > indent:
                self._items.pop()
        base = self._items[-1] if self._items else 0
        if self._may_begin and indent >= base + 4:
            return True
        self._may_begin = False
        if item:
            self._items.append(item.end())
        return False
