"""Queries about imports under way: how far each has come. Names no reader."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass
from datetime import datetime

from pipeline.base.clock import from_micros, to_micros
from pipeline.store.database import Transaction
from pipeline.store.statements import statements

_SQL = statements("imports")


@dataclass(frozen=True, slots=True)
class Progress:
    """How far an import has come.

    `file` and `line` are the last that were kept, files counted from 0; `tallies` say
    how many rows of each file came out how; of the file of refusals
    `refused_bytes` are written.
    """

    started: datetime
    file: int = 0
    line: int = 0
    tallies: tuple[Counter[str], ...] = ()
    refused_bytes: int = 0


def find_import(tx: Transaction, key: str) -> Progress | None:
    """Return how far the import of that key came, None where none is under way."""
    row = tx.one(_SQL["find"], key=key)
    if row is None:
        return None
    return Progress(
        from_micros(row["started"]),
        row["file"],
        row["line"],
        tuple(Counter(tally) for tally in json.loads(row["tallies"])),
        row["refused_bytes"],
    )


def note_import(tx: Transaction, key: str, progress: Progress) -> None:
    """Note how far an import has come, with the rows that it kept."""
    tx.run(
        _SQL["note"],
        key=key,
        started=to_micros(progress.started),
        file=progress.file,
        line=progress.line,
        tallies=json.dumps(progress.tallies),
        refused_bytes=progress.refused_bytes,
    )


def forget_import(tx: Transaction, key: str) -> None:
    """Forget an import that has ended."""
    tx.run(_SQL["forget"], key=key)
