"""Files of readers into the store, a few thousand rows at a time.

    look at the files → find how far it came → read → join → note how far → …
        → pull who left out of the outbox → forget

Rows, counts and place share a transaction, so that an import cut short goes on where
it was, and ends as if it had not been. Who joins and who is kept out is decided by
`signup.join`, row by row.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import islice
from pathlib import Path

from pipeline.outbox.spool import Spool
from pipeline.runs.outgoing.withdrawing import apply_withdrawals
from pipeline.runs.readers.listfiles import ListFile, open_lines
from pipeline.runs.readers.refusals import Refusals, open_refusals
from pipeline.runs.readers.signup import Joining, Outcome, join
from pipeline.store.consents import How
from pipeline.store.database import Database, Transaction
from pipeline.store.imports import Progress, find_import, forget_import, note_import
from pipeline.subscribers.dialects.dialect import Dialect
from pipeline.subscribers.interchange import (
    PLAINLY,
    Listing,
    Reading,
    Refused,
    Row,
    read_list,
)

IMPORT_ROWS = 2_000
"""Rows of a file that share a transaction."""

REFUSED = "refused"
"""What a tally calls the rows that were refused."""

SHOWN_REFUSALS = 20
"""So many are told where no file takes them."""

# The write-ahead log grows by every transaction until somebody empties it.
_CHECKPOINT_ROWS = 50_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What is asked of an import.

    Rows that name no newsletter join all of `newsletters`; those that do, the ones
    they name among them. `refusals` takes the refused lines.
    """

    newsletters: Sequence[str]
    reading: Reading = PLAINLY
    refusals: Path | None = None

    def key(self, files: Sequence[ListFile]) -> str:
        """Return a digest of the files and of all that decides what becomes of them."""
        reading = self.reading
        told = (
            *((file.path.name, file.digest, file.encoding) for file in files),
            tuple(self.newsletters),
            reading.dialect.name if reading.dialect else "",
            sorted(reading.lists.items()),
            repr(reading.face),
            str(self.refusals),
        )
        return hashlib.sha256(repr(told).encode()).hexdigest()


@dataclass(slots=True)
class FileTally:
    """How the rows of one file came out; its dialect, and a state its name tells."""

    file: ListFile
    listing: Listing | None = None
    counts: Counter[str] = field(default_factory=Counter)
    refused: list[Refused] = field(default_factory=list)

    @property
    def dialect(self) -> Dialect | None:
        """The dialect the file is in; None until it was opened."""
        return self.listing.dialect if self.listing else None


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import did; `resumed` is where it had stopped, None where it had not."""

    tallies: tuple[FileTally, ...]
    resumed: Progress | None


def import_files(
    database: Database,
    files: Sequence[ListFile],
    plan: Plan,
    now: datetime,
    advance: Callable[[int], None] = lambda lines: None,
    spool: Spool | None = None,
) -> Imported:
    """Subscribe everyone in some CSV files, in order; `advance` is told of lines read.

    What waits in `spool` for readers who are to get no more is pulled out. The same
    files with the same plan go on where they stopped. Raises InputError for a file
    that cannot be read, OutputError and StoreError.
    """
    key = plan.key(files)
    with database.transaction() as tx:
        resumed = find_import(tx, key)
    progress = resumed or Progress(now)
    tallies = [FileTally(file) for file in files]
    for tally, counts in zip(tallies, progress.tallies, strict=False):
        tally.counts = counts
    with open_refusals(plan.refusals, progress.refused_bytes) as refusals:
        run = _Import(database, key, plan, progress, tallies, refusals, advance)
        for number in range(len(files)):
            run.read_file(number)
    if spool:
        apply_withdrawals(database, spool)
    with database.transaction() as tx:
        forget_import(tx, key)
    database.checkpoint()
    return Imported(tuple(tallies), resumed)


@dataclass(slots=True)
class _Import:
    """One import under way."""

    database: Database
    key: str
    plan: Plan
    progress: Progress
    tallies: Sequence[FileTally]
    refusals: Refusals | None
    advance: Callable[[int], None]
    unchecked: int = 0

    def read_file(self, number: int) -> None:
        """Read a file from where the progress says, batch by batch."""
        tally, progress = self.tallies[number], self.progress
        after = progress.line if progress.file == number else 0
        if number < progress.file:
            after = tally.file.lines
        reading = replace(
            self.plan.reading, file_name=tally.file.path.name, after=after
        )
        with open_lines(tally.file) as lines:
            tally.listing = read_list(lines, reading)
            self.advance(after)
            if number >= progress.file:
                for batch in _batches(tally.listing.rows):
                    self._keep(number, batch, after)
                    after = batch[-1].last
        self.advance(max(tally.file.lines - after, 0))

    def _keep(self, number: int, batch: Sequence[Row | Refused], after: int) -> None:
        tally, started = self.tallies[number], self.progress.started
        refused: list[Refused] = []
        with self.database.transaction() as tx:
            for row in batch:
                one = row if isinstance(row, Refused) else self._join(tx, row, tally)
                if isinstance(one, Refused):
                    refused.append(one)
            tally.counts[REFUSED] += len(refused)
            written = 0
            if self.refusals:
                written = self.refusals.add(tally.file.path, refused)
            self.progress = Progress(
                started,
                number,
                batch[-1].last,
                tuple(one.counts for one in self.tallies),
                written,
            )
            note_import(tx, self.key, self.progress)
        tally.refused += refused[: max(SHOWN_REFUSALS - len(tally.refused), 0)]
        self.advance(batch[-1].last - after)
        self._check(len(batch))

    def _join(self, tx: Transaction, row: Row, tally: FileTally) -> Refused | None:
        joining = _joining(row, self.plan, f"import of {tally.file.path.name}")
        if isinstance(joining, Refused):
            return joining
        tally.counts[join(tx, joining, self.progress.started)] += 1
        return None

    def _check(self, rows: int) -> None:
        self.unchecked += rows
        if self.unchecked >= _CHECKPOINT_ROWS:
            self.database.checkpoint()
            self.unchecked = 0


def _batches(rows: Iterator[Row | Refused]) -> Iterator[list[Row | Refused]]:
    while batch := list(islice(rows, IMPORT_ROWS)):
        yield batch


def _joining(row: Row, plan: Plan, source: str) -> Joining | Refused:
    """Return who a row says should join, and why nobody when it names none of ours."""
    named = tuple(name for name in row.newsletters if name in plan.newsletters)
    if row.newsletters and not named and row.state.gets_mail:
        names = ", ".join(row.newsletters)
        reason = (
            f"it names newsletters that are not among those to join: {names}; "
            "see --list."
        )
        return Refused(row.line, reason, row.last, row.raw)
    return Joining(
        address=row.address,
        newsletters=named or tuple(plan.newsletters),
        created=row.created,
        confirmed=row.confirmed,
        ended=row.ended,
        how=How.IMPORT,
        source=row.source or source,
        language=row.language,
        name=row.name,
        state=row.state,
        tags=row.tags,
    )


def total(tallies: Sequence[FileTally]) -> Counter[str]:
    """Return how the rows of all files came out."""
    counts: Counter[str] = Counter()
    for tally in tallies:
        counts += tally.counts
    return counts


def told_counts(counts: Mapping[str, int]) -> str:
    """Return counts in words: `3 added, 1 kept out`."""
    kinds = (*Outcome, REFUSED)
    told = [f"{counts[kind]:,} {kind}" for kind in kinds if counts.get(kind)]
    return ", ".join(told) or "nobody"
