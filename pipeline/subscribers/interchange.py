"""Lists of subscribers in and out of CSV, row by row, in any dialect. Opens no file.

Read is what spreadsheets and other newsletter programs write: with a header line that
names the columns and gives the program away, or no header and one column of addresses.
Whoever the file says has left, bounced or complained keeps that state.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from pipeline.subscribers.address import Address, normalise, split_named
from pipeline.subscribers.columns import (
    Header,
    join_name,
    read_headings,
    read_language,
    read_newsletters,
    read_state,
    read_tags,
    state_of_file,
    write_cell,
)
from pipeline.subscribers.dialects.dialect import Dialect, Said
from pipeline.subscribers.dialects.every import recognise
from pipeline.subscribers.dialects.plain import PLAIN
from pipeline.subscribers.records import Record, Records
from pipeline.subscribers.subscriber import State, Subscriber
from pipeline.subscribers.times import IN_UTC, Clockface, read_time

# A quote that nobody closed swallows the lines after it; a postal address has fewer.
_MOST_LINES_A_ROW = 20
# What a decoder leaves of a byte that is no text (Python's surrogateescape).
_UNDECODED = re.compile("[\udc80-\udcff]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One subscriber as a file tells it; a time is None where it says none.

    `last` is the line of the file that the row ends on, `ended` since when they get
    no mail.
    """

    line: int
    last: int
    address: Address
    state: State = State.ACTIVE
    name: str = ""
    language: str = ""
    newsletters: tuple[str, ...] = ()
    created: datetime | None = None
    confirmed: datetime | None = None
    ended: datetime | None = None
    tags: tuple[str, ...] = ()
    source: str = ""
    raw: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class Refused:
    """Lines that no subscriber can be made of, and why, in one sentence.

    `raw` is what stands there, from `line` to `last`.
    """

    line: int
    reason: str
    last: int
    raw: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """How a list is to be read.

    `dialect` is None where the headings decide; `file_name` may tell a state that
    the rows do not. `lists` says which newsletter another program's list or tag,
    casefolded, becomes. Lines up to `after` were read before.
    """

    dialect: Dialect | None = None
    file_name: str = ""
    lists: Mapping[str, str] = field(default_factory=dict)
    face: Clockface = IN_UTC
    after: int = 0


PLAINLY = Reading()
"""To be read as it stands: the headings decide, and nothing becomes another."""


@dataclass(frozen=True, slots=True)
class Listing:
    """A list that is being read: its dialect, and the rows, one at a time.

    `state` is what the file's name tells of rows that tell none.
    """

    dialect: Dialect
    state: State | None
    rows: Iterator[Row | Refused]


def read_list(lines: Iterable[str], reading: Reading = PLAINLY) -> Listing:
    """Return a row, or the reason why there is none, for every line with something on.

    `lines` are the lines of a decoded file, in order; one row is held at a time. A
    file of several columns, none of them named as one of addresses, is refused as a
    whole by one Refused.
    """
    records = Records(lines)
    refused: list[Refused] = []
    for record in records:
        if record.fault:
            refused.append(_refuse(record, record.fault))
            continue
        headings = read_headings(record.cells)
        dialect = reading.dialect or recognise(headings)
        header = Header.of(headings, dialect.headings)
        if header is None:
            reason = _no_addresses(reading.dialect)
            refused.append(_refuse(record, reason))
            return Listing(dialect, None, _after(refused, reading.after))
        reader = _Reader(header, dialect, reading)
        first = [] if header.named else [reader.read(record)]
        told = _after((*refused, *first), reading.after)
        return Listing(dialect, reader.state, _rows(told, records, reader))
    return Listing(reading.dialect or PLAIN, None, _after(refused, reading.after))


def _no_addresses(dialect: Dialect | None) -> str:
    if dialect is None or dialect is PLAIN:
        example = "email,name"
    else:
        example = ",".join(dialect.columns)
    return (
        "no column is named email: name the columns in the first line, "
        f"as in `{example}`."
    )


def _refuse(record: Record, reason: str) -> Refused:
    return Refused(record.line, reason, record.last, record.raw)


def _after(rows: Iterable[Row | Refused], line: int) -> Iterator[Row | Refused]:
    """Yield the rows that end after a line."""
    return (row for row in rows if row.last > line)


def _rows(
    told: Iterator[Row | Refused], records: Records, reader: _Reader
) -> Iterator[Row | Refused]:
    yield from told
    records.skip(reader.reading.after)
    for record in records:
        yield reader.read(record)


class _Reader:
    """Reads the records of one file, whose header and dialect are known."""

    def __init__(self, header: Header, dialect: Dialect, reading: Reading) -> None:
        self.header = header
        self.dialect = dialect
        self.reading = reading
        self.state = state_of_file(reading.file_name)

    def read(self, record: Record) -> Row | Refused:
        """Return the row of a record, or why there is none."""
        fault = record.fault or self._fault(record)
        if fault:
            return _refuse(record, fault)
        try:
            return self._row(record)
        except ValueError as error:
            return _refuse(record, str(error))

    def _fault(self, record: Record) -> str:
        cells, header = record.cells, self.header
        if header.breaks(cells) or record.last - record.line >= _MOST_LINES_A_ROW:
            return (
                f"a quote opened here is not closed before line {record.last}; "
                "close it, or write it twice where it is meant as a quote."
            )
        if any(cell.strip() for cell in cells[header.width :]):
            return (
                f"there are {len(cells)} cells where the first line has "
                f"{header.width}; put a cell that holds the separator into double "
                "quotes."
            )
        if not record.raw.isascii() and _UNDECODED.search(record.raw):
            return "this is not in the encoding of the rest; see --encoding."
        return ""

    def _row(self, record: Record) -> Row:
        cell, cells = self.header.cell, record.cells
        said = self.dialect.interpret(
            {column: cell(cells, column) for column in self.dialect.headings}
        )
        get, face = said.get, self.reading.face
        name, address = split_named(said["email"])
        tags = read_tags(get("tags", ""))
        return Row(
            line=record.line,
            last=record.last,
            address=normalise(address),
            state=self._state(get("status", "")),
            name=_name(said) or name,
            language=read_language(get("language", "")),
            newsletters=self._newsletters(get("newsletters", ""), tags),
            created=read_time(get("created", ""), face),
            confirmed=read_time(get("confirmed", ""), face),
            ended=read_time(get("ended", ""), face),
            tags=tags,
            source=get("source", ""),
            raw=record.raw,
        )

    def _state(self, status: str) -> State:
        return read_state(status) if status or not self.state else self.state

    def _newsletters(self, text: str, tags: tuple[str, ...]) -> tuple[str, ...]:
        lists = self.reading.lists
        tagged = (lists[tag.casefold()] for tag in tags if tag.casefold() in lists)
        return tuple(dict.fromkeys((*read_newsletters(text, lists), *tagged)))


def _name(said: Said) -> str:
    return said.get("name", "") or join_name(
        said.get("first", ""), said.get("last", "")
    )


def write_list(
    subscribers: Iterable[Subscriber], dialect: Dialect = PLAIN
) -> Iterator[str]:
    """Yield the lines of a CSV file, each ended by CRLF: the header, then the rest.

    A cell that a spreadsheet would run as a formula gets a `'` before it, which
    `read_list` takes away again.
    """
    writer = csv.writer(_Echo())
    yield writer.writerow(dialect.columns)
    for subscriber in subscribers:
        yield writer.writerow(map(write_cell, dialect.write(subscriber)))


class _Echo:
    """Returns what csv.writer gives it to write, as csv.writer then does too."""

    def write(self, line: str) -> str:
        return line
