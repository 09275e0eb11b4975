"""All that a store holds, to compare it before and after."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

Dump = dict[str, list[tuple[object, ...]]]
"""The rows of every table, in the order of their own keys."""


def dump(store: Path) -> Dump:
    """Return every row of every table of the store at `store`."""
    with closing(sqlite3.connect(store)) as connection:
        names = connection.execute(
            "SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name"
        )
        return {
            name: sorted(connection.execute(f'SELECT * FROM "{name}"'), key=repr)
            for (name,) in names.fetchall()
        }


def counts(store: Path) -> dict[str, int]:
    """Return how many rows each table of the store at `store` has."""
    return {name: len(rows) for name, rows in dump(store).items()}
