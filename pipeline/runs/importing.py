"""A file of readers into the store, a thousand rows at a time. Opens no file.

Who joins and who is kept out is decided by `signup.join`, row by row.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice

from pipeline.runs.signup import Joining, Outcome, join
from pipeline.store.database import Database
from pipeline.subscribers.interchange import Refused, Row, read_rows

_NOT_HERE = "it names newsletters that are not among those to join: {}"

IMPORT_ROWS = 1_000
"""Rows of a file that share a transaction."""


@dataclass(frozen=True, slots=True)
class Imported:
    """How many rows of a file came out how, and those that were refused."""

    counts: Counter[Outcome]
    refused: tuple[Refused, ...]


def import_readers(
    database: Database,
    lines: Iterable[str],
    newsletters: Sequence[str],
    source: str,
    now: datetime,
) -> Imported:
    """Subscribe everyone in a CSV file; a row may name newsletters of its own.

    Rows are kept a thousand at a time: an import cut short can be run again.
    """
    counts: Counter[Outcome] = Counter()
    refused: list[Refused] = []
    rows = read_rows(lines)
    while some := list(islice(rows, IMPORT_ROWS)):
        with database.transaction() as tx:
            for row in some:
                if isinstance(row, Refused):
                    refused.append(row)
                    continue
                joining = _joining(row, newsletters, source)
                if joining is None:
                    refused.append(
                        Refused(row.line, _NOT_HERE.format(", ".join(row.newsletters)))
                    )
                    continue
                counts[join(tx, joining, now)] += 1
    return Imported(counts, tuple(refused))


def _joining(row: Row, newsletters: Sequence[str], source: str) -> Joining | None:
    """Return who a row says should join; None when it names no newsletter of ours."""
    named = tuple(name for name in row.newsletters if name in newsletters)
    if row.newsletters and not named and row.state.gets_mail:
        return None
    return Joining(
        address=row.address,
        newsletters=named or tuple(newsletters),
        created=row.created,
        source=row.source or source,
        language=row.language,
        name=row.name,
        state=row.state,
    )
