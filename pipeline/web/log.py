"""One request, one line: when, what, how it ended. No token, no whole address.

    2026-11-20T09:00:00Z 192.0.2.0/24 GET /unsubscribe/{token} 200 3120B 4ms

A path that holds a token is told as its door has it; one that leads nowhere by its
first part alone, for a token may stand in what was mistyped. Queries are never told.
"""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Callable
from typing import Literal
from urllib.parse import quote

from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from pipeline.base.clock import Clock
from pipeline.web.proxy import client_network

LogFormat = Literal["text", "json"]
Write = Callable[[str], None]

TOLD_PATH = "pressroom.told_path"
"""Where a door puts, in the request's scope, what may be told of its path."""

CLIENT_LEFT = 499
"""What nginx logs for one who did not wait for an answer."""

_LONGEST_NAME = 15


class LogMiddleware:
    """Writes a line for each request, once it is answered."""

    def __init__(
        self, app: ASGIApp, write: Write, clock: Clock, log_format: LogFormat
    ) -> None:
        self._app = app
        self._write = write
        self._clock = clock
        self._compose = _as_json if log_format == "json" else _as_text

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Hand the request on, and tell how it ended."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        begun, status, octets = asyncio.get_running_loop().time(), CLIENT_LEFT, 0

        async def watch(message: Message) -> None:
            nonlocal status, octets
            if message["type"] == "http.response.start":
                status = message["status"]
            octets += len(message.get("body", b""))
            await send(message)

        try:
            await self._app(scope, receive, watch)
        except ClientDisconnect:
            pass
        finally:
            seconds = asyncio.get_running_loop().time() - begun
            self._tell(scope, status, octets, seconds)

    def _tell(self, scope: Scope, status: int, octets: int, seconds: float) -> None:
        line: dict[str, str | int] = {
            "time": f"{self._clock.now():%Y-%m-%dT%H:%M:%SZ}",
            "network": client_network((scope.get("client") or ("", 0))[0]),
            "method": quote(scope["method"][:16]),
            "path": told_path(scope),
            "status": status,
            "octets": octets,
            "ms": round(seconds * 1000),
        }
        self._write(self._compose(line))


def told_path(scope: Scope) -> str:
    """Return what a line may tell of a request's path: one line, ASCII, no token."""
    if TOLD_PATH in scope:
        return quote(scope[TOLD_PATH], safe="/{}")
    first, slash, _ = scope["path"].lstrip("/").partition("/")
    if len(first) > _LONGEST_NAME:
        return "/…"
    return f"/{quote(first)}{'/…' if slash else ''}"


def _as_text(line: dict[str, str | int]) -> str:
    return "{time} {network} {method} {path} {status} {octets}B {ms}ms".format_map(line)


def _as_json(line: dict[str, str | int]) -> str:
    return json.dumps(line, ensure_ascii=False)


class ServerLog(logging.Handler):
    """What the server itself says (a fault of ours, with where it was), as we write."""

    def __init__(self, write: Write, clock: Clock, log_format: LogFormat) -> None:
        super().__init__(logging.WARNING)
        self._write_line = write
        self._clock = clock
        self._json = log_format == "json"

    def emit(self, record: logging.LogRecord) -> None:
        """Write one record, its traceback below it."""
        told, time = self.format(record), f"{self._clock.now():%Y-%m-%dT%H:%M:%SZ}"
        if self._json:
            level = record.levelname.lower()
            line = {"time": time, "level": level, "message": told}
            told = json.dumps(line, ensure_ascii=False)
        else:
            told = f"{time} {record.levelname.lower()}: {told}"
        self._write_line(told)
