"""Queries about what ties a store to its outbox and to the key beside it."""

from __future__ import annotations

from pipeline.store.database import Transaction
from pipeline.store.statements import statements

_SQL = statements("ties")


def store_name(tx: Transaction) -> str:
    """Return the store's own name, made by chance with it: 16 hexadecimal digits.

    A copy of a store, such as a backup, has the same.
    """
    return _find(tx, "store")


def suppression_key(tx: Transaction) -> bytes:
    """Return the key of the digests on the list of who must never get mail.

    It was made with the list and is never changed: the digests would be worth nothing.
    """
    return bytes.fromhex(_find(tx, "suppression"))


def change_key_digest(tx: Transaction, digest: str) -> str:
    """Note the digests of the keys; return those noted before, empty for none."""
    before = _find(tx, "key")
    tx.run(_SQL["put"], name="key", value=digest)
    return before


def _find(tx: Transaction, name: str) -> str:
    row = tx.one(_SQL["find"], name=name)
    return str(row["value"]) if row else ""
