"""A small run of the outbox protocol over a ledger of its own, for the fault tests.

    main(FOLDER, "protocol" | "publish-first" | "mark-first")

Recovery, then two batches of two messages, with the smallest store that can decide: one
table. The other two orders are the controls: `publish-first` publishes before the store
knows and must double, `mark-first` hands over in the store before it publishes and must
lose.
"""

from __future__ import annotations

import secrets
import sqlite3
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path

from pipeline.base.errors import OutputError
from pipeline.outbox.batch import About, Envelope
from pipeline.outbox.spool import Spool

BATCHES = {"weekly-000001-001-0001": (1, 2), "weekly-000001-001-0002": (3, 4)}
ABOUT = About(
    newsletter="weekly", issue=1, variant=1, created=datetime(2026, 1, 5, tzinfo=UTC)
)


def open_ledger(folder: Path) -> sqlite3.Connection:
    ledger = sqlite3.connect(folder / "ledger.db", isolation_level=None)
    ledger.execute("PRAGMA journal_mode = WAL")
    ledger.execute("PRAGMA synchronous = FULL")
    with transaction(ledger):
        ledger.execute(
            "CREATE TABLE IF NOT EXISTS batch (name PRIMARY KEY, s, attempt)"
        )
        for name in BATCHES:
            ledger.execute("INSERT OR IGNORE INTO batch VALUES (?, 'open', '')", [name])
    return ledger


@contextmanager
def transaction(ledger: sqlite3.Connection) -> Iterator[None]:
    ledger.execute("BEGIN IMMEDIATE")
    try:
        yield
    except BaseException:
        ledger.execute("ROLLBACK")
        raise
    ledger.execute("COMMIT")


def envelopes(name: str) -> Iterator[Envelope]:
    for member in BATCHES[name]:
        yield Envelope(
            member=member,
            sender="bounce@news.example",
            recipient=f"reader{member}@mail.example",
            message=b"Subject: One\r\n\r\nHello\r\n",
        )


def recover(ledger: sqlite3.Connection, spool: Spool) -> None:
    with transaction(ledger):
        rows = ledger.execute("SELECT name, attempt FROM batch WHERE s = 'sealed'")
        sealed: dict[str, str] = dict(rows)
        spool.recover(sealed)
        for name in sealed:
            hand(ledger, name)


def seal(ledger: sqlite3.Connection, spool: Spool, name: str, attempt: str) -> None:
    with transaction(ledger):
        assert spool.is_staged(name, attempt)
        ledger.execute(
            "UPDATE batch SET s = 'sealed', attempt = ? WHERE name = ?", [attempt, name]
        )


def hand(ledger: sqlite3.Connection, name: str) -> None:
    ledger.execute("UPDATE batch SET s = 'handed' WHERE name = ?", [name])


def send(ledger: sqlite3.Connection, spool: Spool, name: str) -> None:
    attempt = secrets.token_hex(4)
    spool.stage(name, attempt, envelopes(name), ABOUT)
    seal(ledger, spool, name, attempt)
    spool.publish(name, attempt)
    with transaction(ledger):
        hand(ledger, name)


def send_publishing_first(ledger: sqlite3.Connection, spool: Spool, name: str) -> None:
    attempt = secrets.token_hex(4)
    spool.stage(name, attempt, envelopes(name), ABOUT)
    spool.publish(name, attempt)
    with transaction(ledger):
        hand(ledger, name)


def send_marking_first(ledger: sqlite3.Connection, spool: Spool, name: str) -> None:
    attempt = secrets.token_hex(4)
    with transaction(ledger):
        hand(ledger, name)
    spool.stage(name, attempt, envelopes(name), ABOUT)
    spool.publish(name, attempt)


ORDERS = {
    "protocol": send,
    "publish-first": send_publishing_first,
    "mark-first": send_marking_first,
}


def run(folder: Path, order: str) -> None:
    with closing(open_ledger(folder)) as ledger:
        spool = Spool(folder / "outbox")
        recover(ledger, spool)
        found = ledger.execute("SELECT name FROM batch WHERE s = 'open' ORDER BY name")
        for (name,) in found.fetchall():
            ORDERS[order](ledger, spool, name)


def main(folder: str, order: str) -> int:
    """Be a program: return an exit status."""
    try:
        run(Path(folder), order)
    except (OutputError, sqlite3.Error) as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return 0
