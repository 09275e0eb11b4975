"""Pulls readers who left out of batches that no relay has claimed."""

from __future__ import annotations

from pipeline.outbox.spool import Spool
from pipeline.runs.outgoing.gone import members_who_left
from pipeline.runs.outgoing.ledger import flush
from pipeline.store.database import Database


def apply_withdrawals(database: Database, spool: Spool, only: int | None = None) -> int:
    """Pull readers who left out of published, unclaimed batches; return how many.

    The ledger is told too that they have left. `only` is one who left just now: the
    others were pulled out when they did.
    """
    with database.transaction() as tx:
        gone = [(name, members_who_left(tx, name, only)) for name in spool.unclaimed()]
    pulled = sum(spool.withdraw(name, member) for name, left in gone for member in left)
    flush(database, spool)
    return pulled
