"""How far an import came is kept, and forgotten when it has ended."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime

from pipeline.store.database import Database
from pipeline.store.imports import Progress, find_import, forget_import, note_import

NOW = datetime(2026, 11, 20, 9, 30, tzinfo=UTC)


def test_an_import_is_known_by_its_key_until_it_has_ended(database: Database) -> None:
    first = Progress(NOW, 0, 7, (Counter({"added": 6}), Counter()), 27)
    second = Progress(NOW, 1, 3, (Counter({"added": 9}), Counter({"refused": 2})), 99)
    with database.transaction() as tx:
        assert find_import(tx, "key") is None
        note_import(tx, "key", first)
        assert find_import(tx, "key") == first
        note_import(tx, "key", second)
        note_import(tx, "other", first)
        assert find_import(tx, "key") == second
        forget_import(tx, "key")
        assert find_import(tx, "key") is None
        assert find_import(tx, "other") == first
