"""Sends the letters that requests have left in the store, after they were answered.

It has a thread and an open store of its own: a letter takes some 20 ms and waits for
the disk, for which no reader should.
"""

from __future__ import annotations

import logging

from pipeline.base.clock import Clock
from pipeline.base.errors import PressroomError
from pipeline.config.settings import Configuration
from pipeline.runs.letters import send_letters
from pipeline.store.database import Database
from pipeline.web.desk import Desk

_log = logging.getLogger(__name__)


class Postman:
    """Goes when called, and once more if called meanwhile."""

    def __init__(self, configuration: Configuration, clock: Clock) -> None:
        self._configuration = configuration
        self._clock = clock
        self._desk = Desk(configuration.store.path)
        self._called = False

    async def call(self) -> None:
        """Have every letter sent that is in the store now.

        What cannot be sent stays there, for the next call or the next run.
        """
        if self._called:
            return
        self._called = True
        try:
            await self._desk.ask(self._send)
        except PressroomError as error:
            self._called = False
            _log.warning("letters wait in the store: %s", error)

    async def close(self) -> None:
        """Finish what is under way."""
        await self._desk.close()

    def _send(self, database: Database) -> None:
        # Before the first look: one who calls from now on may be too late for it.
        self._called = False
        send_letters(database, self._configuration, self._clock)
