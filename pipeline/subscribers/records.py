"""From the lines of a CSV file (RFC 4180) to rows of cells. Knows no columns.

Apart by commas, semicolons or tabs, whichever the first line has most of. One row is
held at a time, with the lines it was written in.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

_DELIMITERS = ",;\t"
_QUOTED = re.compile(r'"[^"]*"')


@dataclass(frozen=True, slots=True)
class Record:
    """The cells of one row, and the lines of the file it begins and ends on.

    `fault` says why there are none. `raw` is the row as it stands in the file.
    """

    line: int
    last: int
    cells: tuple[str, ...]
    raw: str
    fault: str = ""


@dataclass(slots=True)
class _Lines:
    """The lines of a file, counted, and those that the row at hand was made of."""

    rest: Iterator[str]
    count: int = 0
    taken: list[str] = field(default_factory=list)

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = next(self.rest)
        self.count += 1
        self.taken.append(line)
        return line

    def skip(self, upto: int) -> None:
        """Pass over the lines up to and including the one of that number."""
        while self.count < upto and next(self.rest, None) is not None:
            self.count += 1


class Records:
    """The rows of a file, one at a time; those of white space alone are left out."""

    def __init__(self, lines: Iterable[str]) -> None:
        self._lines = _Lines(iter(lines))
        first = self._first_line()
        self._begin = self._lines.count or 1
        self._lines.taken = []
        self._lines.count = self._begin - 1
        self._lines.rest = _prefix(first, self._lines.rest)
        self._reader = csv.reader(
            self._lines, delimiter=_delimiter(first), skipinitialspace=True
        )

    def _first_line(self) -> str:
        """Return the first line with something on, without a byte order mark."""
        for line in self._lines:
            if line.removeprefix("\ufeff").strip():
                return line.removeprefix("\ufeff")
        return ""

    def skip(self, upto: int) -> None:
        """Pass over the lines up to and including the one of that number."""
        self._lines.skip(upto)

    def __iter__(self) -> Iterator[Record]:
        return self

    def __next__(self) -> Record:
        while True:
            begin, fault = self._lines.count + 1, ""
            try:
                cells = next(self._reader)
            except csv.Error as error:
                cells, fault = [], f"this cannot be read as CSV: {error}."
            raw = "".join(self._lines.taken)
            self._lines.taken.clear()
            if fault or any(cell.strip() for cell in cells):
                return Record(begin, self._lines.count, tuple(cells), raw, fault)


def _prefix(first: str, rest: Iterator[str]) -> Iterator[str]:
    yield first
    yield from rest


def _delimiter(line: str) -> str:
    """Return what separates the cells of a file's first line."""
    unquoted = _QUOTED.sub("", line)
    return max(_DELIMITERS, key=unquoted.count)
