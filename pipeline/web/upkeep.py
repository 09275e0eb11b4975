"""Looks after the store's write-ahead log while pages are served, and no run comes.

SQLite appends each commit to it, and never starts it anew unless it is moved into the
file. That is done when nobody asks the store for anything.
"""

from __future__ import annotations

import asyncio
import logging
import os
from contextlib import suppress
from pathlib import Path

from pipeline.base.errors import PressroomError
from pipeline.runs.upkeep import empty_log
from pipeline.web.desk import Desk

LOOK_SECONDS = 20.0
LOG_BYTES = 4 << 20
"""What SQLite itself lets a log grow to before it moves it: a thousand pages."""

_log = logging.getLogger(__name__)


async def keep_log_small(desk: Desk, store: Path) -> None:
    """Look at the log of the store at `store` now and then, until this is cancelled."""
    while True:
        await asyncio.sleep(LOOK_SECONDS)
        await empty_if_large(desk, store)


async def empty_if_large(desk: Desk, store: Path) -> None:
    """Empty the log if it is large, unless somebody waits or a run is under way."""
    if not desk.idle or log_bytes(store) < LOG_BYTES:
        return
    try:
        await desk.ask(lambda database: empty_log(database, store))
    except PressroomError as error:
        _log.warning("the store's log stays as it is: %s", error)


def log_bytes(store: Path) -> int:
    """Return the size of the write-ahead log of the store at `store`; 0 for none."""
    with suppress(OSError):
        return os.stat(f"{store}-wal").st_size
    return 0
