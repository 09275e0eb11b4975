"""Notes the first request of each peer that speaks for others and is not trusted.

It is told in the server's log at once, and by `pressroom check` later. Of an address on
the internet the network is kept: it may be a reader's, who made the header up.
"""

from __future__ import annotations

import logging
from ipaddress import ip_address

from pipeline.base.clock import Clock
from pipeline.base.errors import PressroomError
from pipeline.runs.proxies import explain_distrust
from pipeline.store.database import Database
from pipeline.store.ties import note_distrusted
from pipeline.web.desk import Desk
from pipeline.web.proxy import client_network

MOST_TOLD = 16
"""Somebody who makes the header up from many networks must not fill the log."""

_log = logging.getLogger(__name__)


class Distrust:
    """Tells of each such peer once."""

    def __init__(self, desk: Desk, clock: Clock) -> None:
        self._desk = desk
        self._clock = clock
        self._told: set[str] = set()

    async def notice(self, peer: str) -> None:
        """Note a peer, an IP address, that is not trusted."""
        proxy = peer if ip_address(peer).is_private else client_network(peer)
        if proxy in self._told or len(self._told) >= MOST_TOLD:
            return
        self._told.add(proxy)
        _log.warning("%s", explain_distrust(proxy))

        def note(database: Database) -> None:
            with database.transaction() as tx:
                note_distrusted(tx, proxy, self._clock.now())

        try:
            await self._desk.ask(note)
        except PressroomError as error:
            _log.warning("that could not be noted: %s", error)
