"""Queries about readers who are being erased: what is gone, and what is still to do."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from pipeline.base.clock import from_micros, to_micros
from pipeline.outbox.erasure import Wanted
from pipeline.store.database import Transaction
from pipeline.store.ledger import note_erasure
from pipeline.store.statements import statements

_SQL = statements("erasures")
_ROWS = (
    "erase_consents",
    "erase_moves",
    "erase_subscriptions",
    "erase_withdrawals",
    "erase_subscriber",
)
"""In the order that references between tables ask for."""


@dataclass(frozen=True, slots=True)
class Pending:
    """An erasure under way: its own id, and whom to look for.

    `scrubbed`: what was deleted is also gone from the store's free pages.
    """

    id: int
    wanted: Wanted
    scrubbed: bool


def begin_erasure(tx: Transaction, member: int, rule: str, time: datetime) -> None:
    """Delete every row about a reader, and note that the outbox is still to do.

    `member` is 0 for somebody who never was one, but was written to.
    `rule` is what keeps their address out. Their id stays in the manifests of batches:
    with no row of that id it names nobody, and it is never given again.
    """
    for statement in _ROWS:
        tx.run(_SQL[statement], subscriber=member)
    note_erasure(tx, member)
    tx.run(_SQL["begin"], subscriber=member, rule=rule, begun=to_micros(time))


def pending_erasures(tx: Transaction) -> list[Pending]:
    """Return what is still to do."""
    return [
        Pending(
            row["id"],
            Wanted(row["subscriber"], row["rule"], from_micros(row["begun"])),
            bool(row["scrubbed"]),
        )
        for row in tx.all(_SQL["pending"])
    ]


def note_scrubbed(tx: Transaction, ids: Iterable[int]) -> None:
    """Note that nothing of these is left in the store's file."""
    tx.run(_SQL["note_scrubbed"], ids=json.dumps(list(ids)))


def finish_erasure(tx: Transaction, erasure: int) -> None:
    """Note that the outbox holds nothing of a reader either, if the store is clean."""
    tx.run(_SQL["finish"], id=erasure)
