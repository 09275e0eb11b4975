"""The SQLite store: opening, transactions, migrations. Knows no table of its own.

Every transaction is BEGIN IMMEDIATE: with three writers, deferred ones met BUSY in
1,442 of 1,500 tries. synchronous=FULL: NORMAL lost commits in power-cut tests.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from pipeline.base.errors import StoreError, StoreTooNew

APPLICATION_ID = 0x50525352  # "PRSR": tells our file from another SQLite file
BUSY_TIMEOUT_S = 5.0

Row = Mapping[str, Any]


class Transaction:
    """One open transaction: what every query takes.

    Statements name their values (`:name`), so that another dialect can spell the
    placeholders its own way.
    """

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def run(self, sql: str, **values: object) -> int:
        """Run a statement; return how many rows it changed."""
        return self._connection.execute(sql, values).rowcount

    def run_many(self, sql: str, rows: Iterable[Mapping[str, object]]) -> None:
        """Run a statement once for each row of values."""
        self._connection.executemany(sql, rows)

    def one(self, sql: str, **values: object) -> Row | None:
        """Return the first row, or None."""
        row: Row | None = self._connection.execute(sql, values).fetchone()
        return row

    def all(self, sql: str, **values: object) -> list[Row]:
        """Return every row: no cursor stays open while the caller works."""
        return self._connection.execute(sql, values).fetchall()


class Database:
    """One open store, for one thread."""

    def __init__(self, connection: sqlite3.Connection, path: Path) -> None:
        self._connection = connection
        self._path = path
        self._seen: tuple[int, ...] = ()

    @contextmanager
    def transaction(self) -> Iterator[Transaction]:
        """Give a transaction that commits at the end and rolls back on any error.

        Raises StoreError when the store is locked, full or broken.
        """
        try:
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield Transaction(self._connection)
                self._connection.execute("COMMIT")
            except BaseException:
                if self._connection.in_transaction:
                    self._connection.execute("ROLLBACK")
                raise
        except sqlite3.Error as error:
            raise StoreError(_explain(self._path, error)) from error

    @contextmanager
    def reading(self) -> Iterator[Transaction]:
        """Give a transaction that only reads: it waits for nobody who writes.

        It sees the store as it was when it began; what it would write is rolled back.
        Raises StoreError when the store is broken.
        """
        try:
            self._connection.execute("BEGIN")
            try:
                yield Transaction(self._connection)
            finally:
                if self._connection.in_transaction:
                    self._connection.execute("ROLLBACK")
        except sqlite3.Error as error:
            raise StoreError(_explain(self._path, error)) from error

    def checkpoint(self) -> None:
        """Move the write-ahead log into the file; for the holder of the run lock."""
        try:
            self._connection.execute("PRAGMA wal_checkpoint(PASSIVE)")
        except sqlite3.Error as error:
            raise StoreError(_explain(self._path, error)) from error

    def empty_log(self) -> bool:
        """Move the write-ahead log into the file, and cut it to nothing.

        For the holder of the run lock. Waits for nobody: False when one who reads or
        writes just then is in the way.
        """
        try:
            self._connection.execute("PRAGMA busy_timeout = 0")
            try:
                done = self._connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
                return not done.fetchone()[0]
            finally:
                patience_ms = int(BUSY_TIMEOUT_S * 1000)
                self._connection.execute(f"PRAGMA busy_timeout = {patience_ms}")
        except sqlite3.Error as error:
            raise StoreError(_explain(self._path, error)) from error

    def is_untouched(self) -> bool:
        """Tell whether nobody but us has written to the store since it was opened.

        Cheap enough to be asked every second. False also when another file lies at
        its path. Raises StoreError.
        """
        return self._look() == self._seen

    def watch(self) -> None:
        """Begin to tell what others write from what they have written."""
        self._seen = self._look()

    def _look(self) -> tuple[int, ...]:
        """Return what changes with each commit of another connection (`data_version`).

        In another file that number says nothing.
        """
        try:
            version = self._connection.execute("PRAGMA data_version").fetchone()[0]
            status = os.stat(self._path)
        except FileNotFoundError:
            return ()
        except (OSError, sqlite3.Error) as error:
            raise StoreError(_explain(self._path, error)) from error
        return version, status.st_dev, status.st_ino

    def scrub(self) -> bool:
        """Write the file anew, so that nothing deleted is left in its free space.

        Empties the write-ahead log too; False when somebody who reads is in the way of
        that. Needs room for a copy of the store.
        """
        try:
            self._connection.execute("VACUUM")
            done = self._connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            return not done.fetchone()[0]
        except sqlite3.Error as error:
            raise StoreError(_explain(self._path, error)) from error

    def close(self) -> None:
        """Close the file; the store is unusable afterwards."""
        self._connection.close()


def open_store(path: Path) -> Database:
    """Open the store at `path`, made if it is not there, at today's schema.

    Raises StoreTooNew when a newer Pressroom has written it, StoreError when it
    cannot be opened, is no store of Pressroom's, or is broken.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        _make_private(path)
        connection = sqlite3.connect(path, timeout=BUSY_TIMEOUT_S, isolation_level=None)
    except (OSError, sqlite3.Error) as error:
        raise StoreError(_explain(path, error)) from error
    connection.row_factory = sqlite3.Row
    database = Database(connection, path)
    try:
        _prepare(connection, path)
        _migrate(database, path)
        database.watch()
    except sqlite3.Error as error:
        connection.close()
        raise StoreError(_explain(path, error)) from error
    except StoreError:
        connection.close()
        raise
    return database


def copy_store(source: Path, target: Path) -> None:
    """Write a consistent copy of a store, whatever its version, to an empty `target`.

    The source is only read, also when it is older than this Pressroom. Raises
    StoreError.
    """
    try:
        _make_private(target)
        connection = sqlite3.connect(
            f"{source.absolute().as_uri()}?mode=ro", uri=True, timeout=BUSY_TIMEOUT_S
        )
        try:
            connection.execute("VACUUM INTO ?", (str(target),))
        finally:
            connection.close()
    except (OSError, sqlite3.Error) as error:
        raise StoreError(_explain(source, error)) from error


def _make_private(path: Path) -> None:
    """Make an empty file that only its owner may read: a store holds addresses.

    SQLite takes the mode of its other files from it. One that is there is left alone: a
    process that closes a file loses its locks on it (POSIX), also those of a store it
    has open, whose log another process would then take away from under it.
    """
    with suppress(FileExistsError):
        os.close(
            os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
        )


def _prepare(connection: sqlite3.Connection, path: Path) -> None:
    application = connection.execute("PRAGMA application_id").fetchone()[0]
    tables = connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()[0]
    if tables and application != APPLICATION_ID:
        raise StoreError(
            f"{path} is an SQLite file of another program; "
            "set store.path to a file of Pressroom's own"
        )
    if not tables:
        connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("PRAGMA foreign_keys = ON")
    # A checkpoint in the middle of a command would make the run that writes wait.
    connection.execute("PRAGMA wal_autocheckpoint = 0")


@cache
def migrations() -> tuple[tuple[int, str], ...]:
    """Return every migration as (number, SQL), in order, numbered from 1.

    They are read once: a process that serves pages opens the store again and again.
    """
    folder = files("pipeline.store") / "migrations"
    scripts = sorted(
        (entry for entry in folder.iterdir() if entry.name.endswith(".sql")),
        key=lambda entry: entry.name,
    )
    return tuple(
        (int(script.name.split("_", 1)[0]), script.read_text(encoding="utf-8"))
        for script in scripts
    )


def _migrate(database: Database, path: Path) -> None:
    known = migrations()
    with database.transaction() as tx:
        row = tx.one("PRAGMA user_version")
        version = row["user_version"] if row else 0
        if version > known[-1][0]:
            raise StoreTooNew(
                f"{path} was written by a newer Pressroom (schema {version}, "
                f"this one knows {known[-1][0]}); install that version again"
            )
        for number, script in known:
            if number > version:
                for statement in split_statements(script):
                    tx.run(statement)
                tx.run(f"PRAGMA user_version = {number}")


@cache
def split_statements(script: str) -> tuple[str, ...]:
    """Return a script's statements; sqlite3's executescript would commit first."""
    statements, pending = [], ""
    for line in script.splitlines(keepends=True):
        pending += line
        if sqlite3.complete_statement(pending):
            statements.append(pending.strip())
            pending = ""
    return tuple(statements)


def _explain(path: Path, error: Exception) -> str:
    text = str(error)
    # "database is locked", or "locking protocol": somebody stays at setting up the log.
    if "lock" in text:
        return f"the store {path} is in use by another program; try again later"
    if "malformed" in text or "not a database" in text:
        return (
            f"the store {path} is damaged ({text}); put back a backup, or move it "
            "away: ids come out the same, but issues already sent would be forgotten"
        )
    if "disk I/O" in text or "full" in text:
        return f"the store {path} cannot be written ({text}): is the disk full?"
    return f"the store {path} cannot be used: {text}"
