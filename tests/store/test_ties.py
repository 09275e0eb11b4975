"""What ties a store to its outbox and its key."""

from __future__ import annotations

from pathlib import Path

from pipeline.store.database import Database, copy_store, open_store
from pipeline.store.ties import change_key_digest, store_name


def name_of(path: Path) -> str:
    database = open_store(path)
    try:
        with database.transaction() as tx:
            return store_name(tx)
    finally:
        database.close()


def test_every_store_has_a_name_of_its_own_and_keeps_it(tmp_path: Path) -> None:
    first, second = tmp_path / "a.db", tmp_path / "b.db"
    assert len(name_of(first)) == 16
    assert name_of(first) == name_of(first)
    assert name_of(first) != name_of(second)


def test_a_backup_has_the_name_of_its_store(tmp_path: Path) -> None:
    name = name_of(tmp_path / "a.db")
    copy_store(tmp_path / "a.db", tmp_path / "backup.db")
    assert name_of(tmp_path / "backup.db") == name


def test_a_store_knows_the_key_it_was_last_used_with(database: Database) -> None:
    with database.transaction() as tx:
        assert change_key_digest(tx, "first") == ""
        assert change_key_digest(tx, "first") == "first"
        assert change_key_digest(tx, "second") == "first"
        assert change_key_digest(tx, "second") == "second"
