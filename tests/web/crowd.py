"""Readers who come all at once: they join, confirm, leave and come back, by keep-alive.

Each client is one connection at a time, as a browser's or a provider's is.
"""

from __future__ import annotations

import asyncio
import re
from collections import Counter
from collections.abc import Awaitable, Iterable
from dataclasses import dataclass, field
from html import unescape
from time import monotonic
from urllib.parse import urlencode, urlsplit

PATIENCE_SECONDS = 60.0
_FIELD = re.compile(
    r'<input type="(?:hidden|text)"[^>]* name="([\w-]+)"(?: value="([^"]*)")?'
)


@dataclass
class Told:
    """What the clients of a crowd have been told: how often each status, how late."""

    statuses: Counter[tuple[str, int]] = field(default_factory=Counter)
    slowest_seconds: float = 0.0


class Client:
    """One client, which keeps its connection; `network` is where it says it is."""

    def __init__(self, url: str, told: Told) -> None:
        place = urlsplit(url)
        self.network = "10.0.0.1"
        self._place = (place.hostname or "", place.port or 80)
        self._told = told
        self._streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def ask(
        self, method: str, path: str, form: dict[str, str] | None = None
    ) -> str:
        """Send a request, and return the body of its answer; note how it ended."""
        began = monotonic()
        async with asyncio.timeout(PATIENCE_SECONDS):
            status, body = await self._exchange(method, path, urlencode(form or {}))
        told = self._told
        told.slowest_seconds = max(told.slowest_seconds, monotonic() - began)
        told.statuses[method, status] += 1
        return body

    async def close(self) -> None:
        """End the connection."""
        if self._streams:
            self._streams[1].close()
            await self._streams[1].wait_closed()

    async def _exchange(self, method: str, path: str, form: str) -> tuple[int, str]:
        if self._streams is None:
            self._streams = await asyncio.open_connection(*self._place)
        reader, writer = self._streams
        head = (
            f"{method} {path} HTTP/1.1\r\nHost: x\r\nX-Forwarded-For: {self.network}"
            "\r\nContent-Type: application/x-www-form-urlencoded\r\n"
        )
        writer.write(f"{head}Content-Length: {len(form)}\r\n\r\n{form}".encode())
        answer = (await reader.readuntil(b"\r\n\r\n")).decode().lower()
        length = int(answer.partition("content-length: ")[2].split()[0])
        return int(answer.split()[1]), (await reader.readexactly(length)).decode()


def fields_of(page: str) -> dict[str, str]:
    """Return the fields of a form as a browser would send them."""
    return {name: unescape(value) for name, value in _FIELD.findall(page)}


async def crowd(lives: Iterable[Awaitable[None]]) -> None:
    """Live all lives at once; the first that fails ends them."""
    async with asyncio.TaskGroup() as group:
        for life in lives:
            group.create_task(_live(life))


async def _live(life: Awaitable[None]) -> None:
    await life
