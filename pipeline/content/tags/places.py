"""Where on its line a tag stands, asked from left to right."""

from __future__ import annotations

import re

from pipeline.content.tags.tag import Place

_PREFIX = re.compile(r"[ \t>]*+(?:(?:[-*+]|\d{1,9}[.)])[ \t]+[ \t>]*+)*+")
_NOT_PREFIX = re.compile(r"[^ \t>]")
_LINKED = re.compile(r"(?:\]\(<?|[\"'=])\Z")
_LONGEST_PREFIX = 200


class Places:
    """The places in one text. Asked in order, a line's beginning is read once."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._asked = 0
        self._line_is_known = False
        self._prefix_end = 0
        self._prefix = ""
        self._put_off = (-1, -1)

    def at(self, start: int) -> Place:
        """Return the place at offset `start`, not before the one asked last."""
        self._find_line(start)
        origin = self._put_off[0] if self._put_off[1] == start else start
        before = self._text[max(0, origin - 3) : origin]
        return Place(
            at=start,
            prefix=self._prefix,
            leads=start <= self._prefix_end,
            linked=_LINKED.search(before) is not None,
        )

    def put_off(self, start: int, end: int) -> None:
        """Take what stands at `end` as standing at `start`."""
        first, last = self._put_off
        self._put_off = (first if last == start else start, end)

    def _find_line(self, start: int) -> None:
        begin = self._text.rfind("\n", self._asked, start) + 1
        self._asked = start
        if begin == 0 and self._line_is_known:
            return
        self._line_is_known = True
        found = _PREFIX.match(self._text, begin)
        prefix = found[0] if found else ""
        self._prefix_end = begin + len(prefix)
        short = prefix if len(prefix) <= _LONGEST_PREFIX else ""
        self._prefix = _NOT_PREFIX.sub(" ", short)
