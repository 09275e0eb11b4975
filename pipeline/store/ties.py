"""Queries about what ties a store to its outbox, its keys, and the proxy before it."""

from __future__ import annotations

from datetime import datetime

from pipeline.base.clock import from_micros, to_micros
from pipeline.store.database import Transaction
from pipeline.store.statements import statements

_SQL = statements("ties")


def store_name(tx: Transaction) -> str:
    """Return the store's own name, made by chance with it: 16 hexadecimal digits.

    A copy of a store, such as a backup, has the same.
    """
    return find_tie(tx, "store")


def suppression_key(tx: Transaction) -> bytes:
    """Return the key of the digests on the list of who must never get mail.

    It was made with the list and is never changed: the digests would be worth nothing.
    """
    return bytes.fromhex(find_tie(tx, "suppression"))


def change_key_digest(tx: Transaction, digest: str) -> str:
    """Note the digests of the keys; return those noted before, empty for none."""
    before = find_tie(tx, "key")
    put_tie(tx, "key", digest)
    return before


def note_distrusted(tx: Transaction, proxy: str, time: datetime) -> None:
    """Note who spoke for others without being trusted; only the last is kept."""
    tx.run(_SQL["put"], name="distrusted", value=f"{to_micros(time)} {proxy}")


def find_distrusted(tx: Transaction) -> tuple[str, datetime] | None:
    """Return who was noted last, and when; None for nobody."""
    time, _, proxy = find_tie(tx, "distrusted").partition(" ")
    return (proxy, from_micros(int(time))) if proxy else None


def find_tie(tx: Transaction, name: str) -> str:
    """Return the value kept under `name`, empty for none."""
    row = tx.one(_SQL["find"], name=name)
    return str(row["value"]) if row else ""


def put_tie(tx: Transaction, name: str, value: str) -> None:
    """Keep a value under `name`."""
    tx.run(_SQL["put"], name=name, value=value)
