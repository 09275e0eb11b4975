"""Brings to the outbox's ledger what the store has noted for it.

    noted with what it tells of → appended, on the disk → known to be there

A batch is renamed to its public name only after that. Whatever crashes, a line is
appended again or was there: two of a number say the same.
"""

from __future__ import annotations

from pipeline.base.errors import OutputError
from pipeline.outbox.entries import Back, Left, Line, Moved
from pipeline.outbox.ledger import Ledger
from pipeline.outbox.spool import Spool
from pipeline.runs.outgoing.gone import gone_now
from pipeline.store.database import Database, Transaction
from pipeline.store.ledger import (
    Standing,
    compare,
    drop_lines,
    pending_lines,
    set_position,
)

LINES_AT_ONCE = 10_000
"""Some megabytes: an import may end the subscriptions of a million readers."""


def flush(database: Database, spool: Spool) -> Standing:
    """Bring to the ledger what waits for it; return how store and ledger stand.

    Nothing is written where they are not in step: that is for the next run to find.
    Others may write to the store between one piece and the next. Raises OutputError
    when the disk refuses.
    """
    ledger, waits = Ledger(spool.folder), True
    while waits:
        with database.transaction() as tx:
            standing, waits = _flush_piece(tx, ledger)
    return standing


def flush_lines(tx: Transaction, ledger: Ledger) -> Standing:
    """Do what `flush` does, in a transaction of the caller's."""
    standing, waits = _flush_piece(tx, ledger)
    while waits:
        standing, waits = _flush_piece(tx, ledger)
    return standing


def _flush_piece(tx: Transaction, ledger: Ledger) -> tuple[Standing, bool]:
    """Bring some lines to the ledger; tell also whether more may wait."""
    end = ledger.end()
    standing = compare(tx, end)
    if standing is not Standing.IN_STEP or not ledger.can_be():
        return standing, False
    lines = pending_lines(tx, LINES_AT_ONCE)
    new = [line for line in lines if end is None or line.seq > end.seq]
    if len(new) < len(lines):
        ledger.sync()
    if new:
        ledger.append(new)
    end = new[-1].position if new else end
    if not lines or end is None:
        return standing, False
    drop_lines(tx, end.seq)
    set_position(tx, end)
    return standing, True


def publish(database: Database, spool: Spool, name: str, attempt: str) -> bool:
    """Make a sealed batch public, once the ledger has it; False as `Spool.publish`.

    Who has left or was erased since the seal is not in it.
    Raises OutputError when the disk refuses, or when the store turns out to be another
    than it was: the batch stays sealed, and the next run looks into it.
    """
    if flush(database, spool) is not Standing.IN_STEP:
        raise OutputError(
            f"batch {name} waits: {Ledger(spool.folder).path} does not fit the store "
            "any more; the next run tells why"
        )
    with database.transaction() as tx:
        return spool.publish(name, attempt, gone_now(tx))


def erase_from_ledger(tx: Transaction, ledger: Ledger, members: set[int]) -> None:
    """Remove the lines that tell of readers who are erased, but for that they were.

    Raises OutputError when the disk refuses.
    """
    if flush_lines(tx, ledger) is not Standing.IN_STEP:
        return
    lines = list(ledger.read())
    kept = [line for line in lines if not _tells_of(line, members)]
    if len(kept) < len(lines):
        ledger.rewrite(kept)


def _tells_of(line: Line, members: set[int]) -> bool:
    entry = line.entry
    return isinstance(entry, (Left, Back, Moved)) and entry.member in members
