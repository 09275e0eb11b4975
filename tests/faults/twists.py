"""Changes of the program for a trial: the controls, which must fail, and hindrances.

A control breaks one rule that the promise hangs on. That its trial then loses or
doubles messages shows that the trial could tell.
"""

from __future__ import annotations

import os
import secrets
import signal
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from pipeline.base import files
from pipeline.base.clock import SystemAlarm
from pipeline.cli import run
from pipeline.daemon.loop import JUMP_SECONDS
from pipeline.outbox import stage
from pipeline.outbox.spool import Spool
from pipeline.runs import once
from pipeline.runs.issues import deliver
from pipeline.runs.outgoing import ledger
from pipeline.store import database
from pipeline.store.batches import KeptBatch, hand_batch, seal_batch

HURRY_SECONDS = 30.0

_prepare = database._prepare


class _PublishFirst(deliver._Delivery):
    """Rename, then commit. It must double."""

    __slots__ = ()

    def _seal(
        self, batch: KeptBatch, attempt: str, staged: set[int], time: datetime
    ) -> bool:
        self.spool.publish(batch.name, attempt)
        with self.database.transaction() as tx:
            return seal_batch(tx, batch.name, attempt, time)


class _MarkFirst(deliver._Delivery):
    """Mark as handed, then write. It must lose."""

    __slots__ = ()

    def _readers(self, batch: KeptBatch) -> dict[int, deliver.Subscriber] | None:
        found = super()._readers(batch)
        with self.database.transaction() as tx:
            seal_batch(tx, batch.name, secrets.token_hex(6), self.clock.now())
            hand_batch(tx, batch.name)
        return found

    def _seal(self, *_: object) -> bool:
        return True


def _publish_and_then_tell(
    database: database.Database, spool: Spool, name: str, attempt: str
) -> bool:
    """Rename, then tell the ledger. After a restore it must double."""
    published = spool.publish(name, attempt)
    ledger.flush(database, spool)
    return published


def _ledger_last() -> None:
    deliver.publish = _publish_and_then_tell


def _publish_first() -> None:
    deliver._Delivery = _PublishFirst


def _mark_first() -> None:
    deliver._Delivery = _MarkFirst


@contextmanager
def _no_lock(*_: object) -> Iterator[None]:
    yield


class _HurriedAlarm(SystemAlarm):
    """Sleeps at once, and after half a minute of such sleep asks its process to end.

    So a daemon makes its first pass, tries again what has failed, and drains.
    """

    def __init__(self) -> None:
        super().__init__()
        self._slept = 0.0

    def monotonic(self) -> float:
        return super().monotonic() + self._slept

    def sleep(self, seconds: float) -> bool:
        super().sleep(0)
        # Less than what the loop would take for a jump of the clock.
        self._slept += JUMP_SECONDS / 2
        if self._slept > HURRY_SECONDS:
            os.kill(os.getpid(), signal.SIGTERM)
        return True


def _hurried() -> None:
    run.SystemAlarm = _HurriedAlarm


def _unlocked() -> None:
    once.exclusive_lock = _no_lock
    _impatient()


def _impatient() -> None:
    """A transaction of another may be stopped: nobody must wait for it long."""
    database.BUSY_TIMEOUT_S = 0.05


def _unsynced_files() -> None:
    """Sync no message, nor ask the kernel to begin writing it by itself."""
    stage.sync_files = lambda _: None
    files._begin_writing_back = lambda _: None


def _unsynced_folders() -> None:
    """Sync no list of names: not of a stage, nor after a rename."""
    files._sync_names = lambda _: None


def _synchronous_normal() -> None:
    def prepare(connection: sqlite3.Connection, path: Path) -> None:
        _prepare(connection, path)
        connection.execute("PRAGMA synchronous = NORMAL")

    database._prepare = prepare


_TWISTS = {
    "publish-first": _publish_first,
    "mark-first": _mark_first,
    "ledger-last": _ledger_last,
    "unlocked": _unlocked,
    "impatient": _impatient,
    "hurried": _hurried,
    "unsynced-files": _unsynced_files,
    "unsynced-folders": _unsynced_folders,
    "synchronous-normal": _synchronous_normal,
}


def twist(name: str) -> None:
    """Change the program, in a fork, as a trial asks."""
    _TWISTS[name]()
