"""Sends the letters that requests have left in the store, in rounds of its own.

    called → waits a moment, in which more may come → sends some → again for the rest

No request waits for it, and none learns from the time of an answer whether there was a
letter to send: the round begins when the answer is long out. It has a thread and an
open store of its own, since a letter takes some 10 ms and waits for the disk.
"""

from __future__ import annotations

import asyncio
import logging

from pipeline.base.clock import Clock
from pipeline.base.errors import PressroomError
from pipeline.config.settings import Configuration
from pipeline.runs.readers.letters import send_letters
from pipeline.store.database import Database
from pipeline.web.desk import Desk

GATHER_SECONDS = 1.0
"""How long a letter waits for others: fifty in a batch cost the disk what one does."""

ROUND_LETTERS = 50
"""What a round sends, in a second or so: the end of the server waits for one."""

_log = logging.getLogger(__name__)


class Postman:
    """Goes a moment after it is called, and once more if it is called meanwhile."""

    def __init__(self, configuration: Configuration, clock: Clock) -> None:
        self._configuration = configuration
        self._clock = clock
        self._desk = Desk(configuration.store.path)
        self._called = asyncio.Event()
        # Letters may be left of the last time.
        self._called.set()

    def call(self) -> None:
        """Have every letter sent that is in the store now.

        What cannot be sent stays there, for the next call or the next run.
        """
        self._called.set()

    async def walk(self) -> None:
        """Make rounds until this is cancelled."""
        while True:
            await self._called.wait()
            await asyncio.sleep(GATHER_SECONDS)
            await self.deliver()

    async def deliver(self) -> None:
        """Send what it was called for, now."""
        if not self._called.is_set():
            return
        # Before the first look: one who calls from now on may be too late for it.
        self._called.clear()
        try:
            if await self._desk.ask(self._send) >= ROUND_LETTERS:
                self.call()
        except PressroomError as error:
            _log.warning("letters wait in the store: %s", error)
        except Exception:  # noqa: BLE001 - a fault of ours must not end the rounds
            _log.exception("letters wait in the store")

    async def close(self) -> None:
        """Make a last round for whoever has called, once `walk` has ended.

        What is left then waits for the next run, or the next start.
        """
        await self.deliver()
        await self._desk.close()

    def _send(self, database: Database) -> int:
        configuration, clock = self._configuration, self._clock
        return send_letters(database, configuration, clock, most=ROUND_LETTERS)
