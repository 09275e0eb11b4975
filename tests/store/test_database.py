"""The store as a file: opened, migrated, refused, copied."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from pipeline.base.errors import StoreError, StoreTooNew
from pipeline.store.database import (
    Database,
    copy_store,
    migrations,
    open_store,
    split_statements,
)


def tables(path: Path) -> set[str]:
    connection = sqlite3.connect(path)
    try:
        rows = connection.execute("SELECT name FROM sqlite_schema WHERE type='table'")
        return {name for (name,) in rows}
    finally:
        connection.close()


def test_a_store_is_made_with_its_folder_when_it_is_not_there(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "var" / "pressroom.db"
    open_store(path).close()
    assert {"posts", "issues", "batches", "subscribers"} <= tables(path)


def test_what_was_committed_is_there_when_opened_again(tmp_path: Path) -> None:
    path = tmp_path / "pressroom.db"
    first = open_store(path)
    with first.transaction() as tx:
        tx.run("INSERT INTO documents VALUES ('a', 'b', 1, 2)")
    first.close()
    second = open_store(path)
    with second.transaction() as tx:
        row = tx.one("SELECT inputs FROM documents")
    second.close()
    assert row is not None
    assert row["inputs"] == "b"


def test_an_error_in_a_transaction_undoes_all_of_it(database: Database) -> None:
    def fail() -> None:
        with database.transaction() as tx:
            tx.run("INSERT INTO documents VALUES ('a', 'b', 1, 2)")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    with database.transaction() as tx:
        assert tx.all("SELECT * FROM documents") == []


def test_a_wrong_statement_is_a_store_error_and_undoes_the_rest(
    database: Database,
) -> None:
    def fail() -> None:
        with database.transaction() as tx:
            tx.run("INSERT INTO documents VALUES ('a', 'b', 1, 2)")
            tx.run("INSERT INTO nowhere VALUES (1)")

    with pytest.raises(StoreError):
        fail()
    with database.transaction() as tx:
        assert tx.one("SELECT * FROM documents") is None


def test_a_store_of_a_newer_pressroom_is_refused_and_left_alone(
    tmp_path: Path,
) -> None:
    path = tmp_path / "pressroom.db"
    open_store(path).close()
    connection = sqlite3.connect(path)
    connection.execute("PRAGMA user_version = 9999")
    connection.close()
    with pytest.raises(StoreTooNew, match="newer Pressroom"):
        open_store(path)


def test_another_programs_database_is_refused_and_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "pressroom.db"
    connection = sqlite3.connect(path)
    connection.execute("CREATE TABLE theirs (a)")
    connection.close()
    with pytest.raises(StoreError, match="another program"):
        open_store(path)
    assert tables(path) == {"theirs"}


def test_a_file_that_is_no_database_is_called_damaged(tmp_path: Path) -> None:
    path = tmp_path / "pressroom.db"
    path.write_text("not a database, and long enough to be read as one" * 9)
    with pytest.raises(StoreError, match="is damaged"):
        open_store(path)


def test_a_folder_in_the_way_is_told(tmp_path: Path) -> None:
    (tmp_path / "pressroom.db").mkdir()
    with pytest.raises(StoreError, match=r"pressroom\.db cannot be used"):
        open_store(tmp_path / "pressroom.db")


def test_a_store_that_another_holds_is_in_use(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "pressroom.db"
    monkeypatch.setattr("pipeline.store.database.BUSY_TIMEOUT_S", 0.01)
    ours, theirs = open_store(path), open_store(path)
    with (
        theirs.transaction(),
        pytest.raises(StoreError, match="in use by another program"),
        ours.transaction(),
    ):
        pass
    ours.close()
    theirs.close()


def test_a_copy_has_everything_and_refuses_to_overwrite(
    database: Database, tmp_path: Path
) -> None:
    with database.transaction() as tx:
        tx.run("INSERT INTO documents VALUES ('a', 'b', 1, 2)")
    source = tmp_path / "var" / "pressroom.db"
    copy_store(source, tmp_path / "copy.db")
    copy = open_store(tmp_path / "copy.db")
    with copy.transaction() as tx:
        assert len(tx.all("SELECT * FROM documents")) == 1
    copy.close()
    with pytest.raises(StoreError):
        copy_store(source, tmp_path / "copy.db")


def test_copying_a_store_of_another_version_leaves_it_as_it_was(tmp_path: Path) -> None:
    path = tmp_path / "pressroom.db"
    open_store(path).close()
    connection = sqlite3.connect(path)
    connection.execute("PRAGMA user_version = 0")
    connection.close()
    copy_store(path, tmp_path / "copy.db")
    connection = sqlite3.connect(path)
    assert connection.execute("PRAGMA user_version").fetchone() == (0,)
    connection.close()


def test_only_its_owner_may_read_a_store_or_a_copy(
    database: Database, tmp_path: Path
) -> None:
    with database.transaction() as tx:
        tx.run("INSERT INTO documents VALUES ('a', 'b', 1, 2)")
    folder = tmp_path / "var"
    copy_store(folder / "pressroom.db", folder / "copy.db")
    assert {file.stat().st_mode & 0o777 for file in folder.iterdir()} == {0o600}


def test_who_reads_waits_for_nobody_and_writes_nothing(
    database: Database, tmp_path: Path
) -> None:
    other = open_store(tmp_path / "var" / "pressroom.db")
    with other.transaction() as writing:
        writing.run("INSERT INTO sites (name, started) VALUES ('a', 1)")
        with database.reading() as tx:
            assert tx.all("SELECT * FROM sites") == []
    with database.reading() as tx:
        assert len(tx.all("SELECT * FROM sites")) == 1
        tx.run("DELETE FROM sites")
    with (
        pytest.raises(StoreError, match="no such table"),
        database.reading() as broken,
    ):
        broken.all("SELECT * FROM neverland")
    with other.reading() as tx:
        assert len(tx.all("SELECT * FROM sites")) == 1
    other.close()


def test_commits_outlive_a_power_cut(database: Database) -> None:
    with database.transaction() as tx:
        modes = [tx.one(f"PRAGMA {name}") for name in ("journal_mode", "synchronous")]
    assert [next(iter(mode or ())) for mode in modes] == ["wal", 2]


def test_only_a_checkpoint_moves_the_log_into_the_file(database: Database) -> None:
    with database.transaction() as tx:
        file = (tx.one("PRAGMA database_list") or {})["file"]
        for n in range(5_000):
            tx.run("INSERT INTO documents VALUES (:path, 'b', 1, 2)", path=str(n))
    before = Path(file).stat().st_size
    database.checkpoint()
    assert Path(file).stat().st_size > before


def test_migrations_are_numbered_without_gaps() -> None:
    numbers = [number for number, _ in migrations()]
    assert numbers == list(range(1, len(numbers) + 1))


def test_every_table_is_strict(database: Database) -> None:
    with database.transaction() as tx:
        loose = tx.all(
            "SELECT name FROM pragma_table_list "
            "WHERE schema = 'main' AND type = 'table' AND strict = 0 "
            "AND name NOT LIKE 'sqlite_%'"
        )
    assert [row["name"] for row in loose] == []


def test_a_script_is_split_where_statements_end() -> None:
    script = "-- one; two\nCREATE TABLE a (b);\n\nINSERT INTO a\nVALUES (';');\n"
    assert split_statements(script) == (
        "-- one; two\nCREATE TABLE a (b);",
        "INSERT INTO a\nVALUES (';');",
    )


def test_opening_it_twice_lets_no_other_process_take_its_log_away(
    tmp_path: Path,
) -> None:
    path = tmp_path / "store.db"
    first, second = open_store(path), open_store(path)
    look = f"import sqlite3; c = sqlite3.connect({str(path)!r}); "
    look += "c.execute('PRAGMA journal_mode').fetchall(); "
    look += "print(c.execute('SELECT count(*) FROM tries').fetchone()[0])"
    for n in range(3):
        told = subprocess.run(
            [sys.executable, "-c", look], capture_output=True, text=True, check=True
        )
        assert told.stdout == f"{n}\n"
        with first.transaction() as tx:
            tx.run("INSERT INTO tries (who, time) VALUES ('ann', 0)")
    first.close()
    second.close()
