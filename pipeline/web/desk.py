"""The store as pages ask it: in one thread of its own, one short piece after another.

SQLite has one writer at a time; threads that compete for it sleep between tries, and
one that does not is quicker. A `pressroom once` beside us has its own process.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TypeVar

from pipeline.base.errors import BusyError, StoreError
from pipeline.store.database import Database, open_store

T = TypeVar("T")

PATIENT_TRIES = 4
"""How often what must not fail is begun; each try waits for the store's lock itself,
which a run that freezes an issue for many readers may hold for seconds."""

MAX_WAITING = 256
"""Requests that may wait for the store; with 2 ms each, half a second of them."""


class Desk:
    """The store at `path`, opened when it is first asked for."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="store")
        self._waiting = 0
        self._open: tuple[Database, tuple[int, int]] | None = None

    @property
    def idle(self) -> bool:
        """Whether nobody waits for the store."""
        return self._waiting == 0

    async def ask(self, work: Callable[[Database], T], *, tries: int = 1) -> T:
        """Return what `work` returns, which runs in the store's thread.

        With more `tries` it is begun again when the store fails it. Raises BusyError
        when too many wait already, and what `work` raises: StoreError where another
        program holds the store for seconds, or it is broken.
        """
        if self._waiting >= MAX_WAITING:
            raise BusyError("too many requests wait for the store")
        self._waiting += 1
        try:
            loop = asyncio.get_running_loop()
            return await loop.run_in_executor(self._thread, self._run, work, tries)
        finally:
            self._waiting -= 1

    async def close(self) -> None:
        """Finish what waits, and close the store."""
        loop = asyncio.get_running_loop()
        await loop.run_in_executor(self._thread, self._close)
        self._thread.shutdown()

    def _run(self, work: Callable[[Database], T], tries: int) -> T:
        while True:
            try:
                return work(self._database())
            except StoreError:
                tries -= 1
                if tries <= 0:
                    raise

    def _database(self) -> Database:
        """Return the store that lies at the path now.

        A file that was put in its place (a backup, say) is opened anew: a reader who
        leaves must not be noted in one that nobody reads any more.
        """
        if self._open and self._open[1] != _file(self._path):
            self._close()
        if self._open is None:
            database = open_store(self._path)
            self._open = (database, _file(self._path))
        return self._open[0]

    def _close(self) -> None:
        if self._open:
            self._open[0].close()
            self._open = None


def _file(path: Path) -> tuple[int, int]:
    """Return what no other file has at the same time."""
    try:
        status = os.stat(path)
    except OSError:
        return (0, 0)
    return (status.st_dev, status.st_ino)
