"""One request, one event: who, what, how it ended. No token, no whole address.

    … request network=192.0.2.0/24 method=GET path=/unsubscribe/{token} status=200 …

A path that holds a token is told as its door has it; one that leads nowhere by its
first part alone, for a token may stand in what was mistyped. Queries are never told.
"""

from __future__ import annotations

import asyncio
import logging
from urllib.parse import quote

from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from pipeline.runs.events import Events
from pipeline.web.proxy import client_network

TOLD_PATH = "pressroom.told_path"
"""Where a door puts, in the request's scope, what may be told of its path."""

CLIENT_LEFT = 499
"""What nginx logs for one who did not wait for an answer."""

_LONGEST_NAME = 15


class LogMiddleware:
    """Tells each request, once it is answered."""

    def __init__(self, app: ASGIApp, events: Events) -> None:
        self._app = app
        self._events = events

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
        self._events.request(
            network=client_network((scope.get("client") or ("", 0))[0]),
            method=quote(scope["method"][:16]),
            path=told_path(scope),
            status=status,
            octets=octets,
            ms=round(seconds * 1000),
        )


def told_path(scope: Scope) -> str:
    """Return what a line may tell of a request's path: one line, ASCII, no token."""
    if TOLD_PATH in scope:
        return quote(scope[TOLD_PATH], safe="/{}")
    first, slash, _ = scope["path"].lstrip("/").partition("/")
    if len(first) > _LONGEST_NAME:
        return "/…"
    return f"/{quote(first)}{'/…' if slash else ''}"


class ServerLog(logging.Handler):
    """What the server itself says (a fault of ours, with where it was), as an event."""

    def __init__(self, events: Events) -> None:
        super().__init__(logging.WARNING)
        self._events = events

    def emit(self, record: logging.LogRecord) -> None:
        """Tell one record, its traceback with it."""
        self._events.server_said(record.levelname.lower(), self.format(record))
