"""Lists of subscribers in and out of CSV (RFC 4180), row by row. Opens no file.

Read is what spreadsheets and other newsletter programs write: apart by commas,
semicolons or tabs, with a header line that names the columns, or no header and one
column of addresses. Whoever the file says has left, bounced or complained keeps that
state.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import chain

from pipeline.subscribers.address import Address, normalise, split_named
from pipeline.subscribers.columns import (
    COLUMNS,
    Header,
    read_language,
    read_newsletters,
    read_state,
    read_time,
    write_cell,
)
from pipeline.subscribers.subscriber import State, Subscriber

_DELIMITERS = ",;\t"
_QUOTED = re.compile(r'"[^"]*"')
# A quote that nobody closed swallows the lines after it; a postal address has fewer.
_MOST_LINES_A_ROW = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One subscriber as a file tells it; `created` is None where it says no time."""

    line: int
    address: Address
    state: State = State.ACTIVE
    name: str = ""
    language: str = ""
    newsletters: tuple[str, ...] = ()
    created: datetime | None = None
    source: str = ""


@dataclass(frozen=True, slots=True)
class Refused:
    """A line that no subscriber can be made of, and why, in one sentence."""

    line: int
    reason: str


@dataclass(frozen=True, slots=True)
class _Record:
    """The cells of one row, and the lines of the file it begins and ends on."""

    line: int
    last: int
    cells: tuple[str, ...]


def read_rows(lines: Iterable[str]) -> Iterator[Row | Refused]:
    """Yield a row, or the reason why there is none, for every line with something on.

    `lines` are the lines of a decoded file, in order; one row is held at a time. A
    file of several columns, none of them named as one of addresses, is refused as a
    whole by one Refused.
    """
    header: Header | None = None
    for record in _records(lines):
        if isinstance(record, Refused):
            yield record
        elif header is not None:
            yield _read(record, header)
        else:
            header = Header.of(record.cells)
            if header is None:
                yield _refuse_columns(record.line)
                return
            if not header.named:
                yield _read(record, header)


def write_rows(subscribers: Iterable[Subscriber]) -> Iterator[str]:
    """Yield the lines of a CSV file, each ended by CRLF: the header, then the rest.

    A cell that a spreadsheet would run as a formula gets a `'` before it, which
    `read_rows` takes away again.
    """
    writer = csv.writer(_Echo())
    yield writer.writerow(COLUMNS)
    for subscriber in subscribers:
        cells = (
            subscriber.address,
            subscriber.name,
            subscriber.language,
            " ".join(subscriber.newsletters),
            subscriber.state,
            subscriber.created.isoformat(),
            subscriber.source,
        )
        yield writer.writerow(map(write_cell, cells))


class _Echo:
    """Returns what csv.writer gives it to write, as csv.writer then does too."""

    def write(self, line: str) -> str:
        return line


def _records(lines: Iterable[str]) -> Iterator[_Record | Refused]:
    """Yield the rows that are not empty; `Refused` for what is no CSV."""
    rest = iter(lines)
    written = ((n, line) for n, line in enumerate(rest) if line.strip())
    skipped, first = next(written, (0, ""))
    first = first.removeprefix("\ufeff")
    reader = csv.reader(
        chain([first], rest), delimiter=_delimiter(first), skipinitialspace=True
    )
    line = skipped + 1
    while True:
        try:
            cells = next(reader, None)
        except csv.Error as error:
            yield Refused(line, f"this cannot be read as CSV: {error}.")
            cells = []
        if cells is None:
            return
        last = skipped + reader.line_num
        if any(cell.strip() for cell in cells):
            yield _Record(line, last, tuple(cells))
        line = last + 1


def _delimiter(line: str) -> str:
    """Return what separates the cells of a file's first line."""
    unquoted = _QUOTED.sub("", line)
    return max(_DELIMITERS, key=unquoted.count)


def _read(record: _Record, header: Header) -> Row | Refused:
    cells, line = record.cells, record.line
    if header.breaks(cells) or record.last - line >= _MOST_LINES_A_ROW:
        return Refused(
            line,
            f"a quote opened here is not closed before line {record.last}; "
            "close it, or write it twice where it is meant as a quote.",
        )
    if any(cell.strip() for cell in cells[header.width :]):
        return Refused(
            line,
            f"there are {len(cells)} cells where the first line has {header.width}; "
            "put a cell that holds the separator into double quotes.",
        )
    try:
        return _row(record, header)
    except ValueError as error:
        return Refused(line, str(error))


def _row(record: _Record, header: Header) -> Row:
    said = {column: header.cell(record.cells, column) for column in COLUMNS}
    name, address = split_named(said["email"])
    return Row(
        line=record.line,
        address=normalise(address),
        state=read_state(said["status"]),
        name=said["name"] or name,
        language=read_language(said["language"]),
        newsletters=read_newsletters(said["newsletters"]),
        created=read_time(said["created"]),
        source=said["source"],
    )


def _refuse_columns(line: int) -> Refused:
    return Refused(
        line,
        "no column is named email: name the columns in the first line, "
        "as in `email,name`.",
    )
