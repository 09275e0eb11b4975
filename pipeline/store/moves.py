"""Queries about changes of address: where a reader's mail went before, and why."""

from __future__ import annotations

from datetime import datetime

from pipeline.base.clock import to_micros
from pipeline.store.consents import How
from pipeline.store.database import Transaction
from pipeline.store.statements import statements
from pipeline.store.subscribers import find_subscriber
from pipeline.subscribers.address import Address
from pipeline.subscribers.subscriber import Subscriber

_SQL = statements("moves")


def readdress(
    tx: Transaction,
    subscriber: int,
    address: Address,
    evidence: tuple[How, str],
    time: datetime,
) -> None:
    """Write to a reader at another address from now on, and keep where they were.

    `evidence` is who said so, and from where. No other reader may have the address.
    """
    how, source = evidence
    tx.run(
        _SQL["add"],
        subscriber=subscriber,
        how=how,
        source=source,
        created=to_micros(time),
    )
    tx.run(
        _SQL["readdress"],
        subscriber=subscriber,
        address=address.address,
        key=address.key,
    )


def former_addresses(tx: Transaction, subscriber: int) -> list[Address]:
    """Return where a reader's mail went before, the oldest first."""
    rows = tx.all(_SQL["of_subscriber"], subscriber=subscriber)
    return [Address(row["address"], row["key"]) for row in rows]


def find_moved(tx: Transaction, key: str) -> Subscriber | None:
    """Return the reader who had an address, by its key, and has another one now."""
    row = tx.one(_SQL["moved_from"], key=key)
    found = find_subscriber(tx, row["key"]) if row else None
    return found if found and found.key != key else None


def forget_moves(tx: Transaction, before: datetime) -> int:
    """Forget the moves of readers who get mail no more, if they left `before`."""
    return tx.run(_SQL["forget"], before=to_micros(before))
