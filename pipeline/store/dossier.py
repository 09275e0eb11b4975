"""Queries for all that the store knows of one reader: whole rows, for their reader.

Whole rows, whatever columns they have: what is kept of somebody is told to them.
"""

from __future__ import annotations

import json

from pipeline.base.clock import from_micros
from pipeline.store.database import Row, Transaction
from pipeline.store.statements import statements

_SQL = statements("dossier")
_LISTS = ("subscriptions", "withdrawals", "consents", "moves")
_TIMES = frozenset({"created", "confirmed", "ended", "paused_until"})
_JSON = frozenset({"newsletters", "topics", "tags"})

Facts = dict[str, object]


def find_record(tx: Transaction, address_key: str) -> Facts | None:
    """Return the reader's own row, its times in ISO 8601, UTC; or None."""
    row = tx.one(_SQL["record"], key=address_key)
    return None if row is None else _facts(row)


def find_facts(tx: Transaction, member: int) -> dict[str, list[Facts]]:
    """Return the rows about a reader: `subscriptions`, `withdrawals`, and so on."""
    return {
        name: [_facts(row) for row in tx.all(_SQL[name], subscriber=member)]
        for name in _LISTS
    }


def _facts(row: Row) -> Facts:
    return {
        name: _told(name, row[name])
        for name in row.keys()  # noqa: SIM118 - a row of SQLite iterates over values
        if name != "subscriber"
    }


def _told(name: str, value: object) -> object:
    if name in _TIMES and isinstance(value, int):
        return from_micros(value).isoformat()
    if name in _JSON and isinstance(value, str) and value:
        return json.loads(value)
    return value
