"""Copies of the store to try something on: thrown away, whatever becomes of us.

Each holds every reader. One whose program was killed has nobody who holds its lock, and
goes with the next preview, or when a reader is erased.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import mkdtemp

from pipeline.base.errors import BusyError
from pipeline.base.files import telling
from pipeline.base.lock import exclusive_lock
from pipeline.store.database import Database, copy_store, open_store

_PREFIX = ".preview-"
_LOCK = "lock"


@contextmanager
def copied_store(store: Path) -> Iterator[Database]:
    """Give a copy of the store, which is gone afterwards.

    Raises OutputError and StoreError where there is no room for it.
    """
    clear_previews(store)
    with telling(store.parent):
        folder = Path(mkdtemp(prefix=_PREFIX, dir=store.parent))
    try:
        with exclusive_lock(folder / _LOCK):
            copy_store(store, folder / store.name)
            database = open_store(folder / store.name)
            try:
                yield database
            finally:
                database.close()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def clear_previews(store: Path) -> None:
    """Remove the copies that a program left which was killed."""
    for folder in store.parent.glob(f"{_PREFIX}*"):
        with suppress(BusyError), exclusive_lock(folder / _LOCK):
            shutil.rmtree(folder, ignore_errors=True)
