"""Keeps the store's write-ahead log small where no run does: below served pages."""

from __future__ import annotations

from pathlib import Path

from pipeline.base.errors import BusyError
from pipeline.base.lock import exclusive_lock
from pipeline.store.database import Database


def empty_log(database: Database, store: Path) -> bool:
    """Move the log into the file of the store at `store`; tell whether it is empty now.

    Only the holder of the run lock may do that, so the lock is held meanwhile, for some
    milliseconds. A run that is under way does it itself at its end. Raises OutputError
    when the lock cannot be written, and StoreError.
    """
    try:
        with exclusive_lock(store.with_name("lock")):
            return database.empty_log()
    except BusyError:
        return False
