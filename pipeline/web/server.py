"""The server around the application: a socket, bounds, and an orderly end.

uvicorn with h11 and no access log of its own: it would print tokens.
"""

from __future__ import annotations

import asyncio
import errno
import logging
import signal
import socket
import threading
from collections.abc import Callable
from typing import Final

import uvicorn
from starlette.types import ASGIApp
from uvicorn.protocols.http.h11_impl import H11Protocol

from pipeline.base.errors import BusyError, UsageError
from pipeline.web.probe import told_address

MAX_CONNECTIONS: Final = 1_000
KEEP_ALIVE_SECONDS: Final = 15
DRAIN_SECONDS: Final = 20
"""What a request may take after SIGTERM; systemd waits 90 seconds before it kills."""

HEAR_SECONDS: Final = 1.0
"""How long at the end who has connected may take to ask; a browser connects ahead."""

START_SECONDS: Final = 30.0
"""What a server in a thread may take until it takes requests."""

MAX_HEAD_BYTES: Final = 16_384
_BACKLOG = 512
_TICK_SECONDS = 0.01


def bind(host: str, port: int) -> socket.socket:
    """Return a socket bound to the address; port 0 takes one that is free.

    Raises BusyError when another program has it, UsageError when it cannot be had.
    """
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        # Only of a socket that names TCP does asyncio turn off Nagle's waiting, which
        # costs 40 ms an answer.
        bound = socket.socket(family, kind, protocol)
    except OSError as error:
        raise UsageError(
            f"{told_address(host, port)} is no address: {error}"
        ) from error
    try:
        bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        bound.bind(address)
        bound.listen(_BACKLOG)
    except OSError as error:
        bound.close()
        raise _refusal(host, port, error) from error
    return bound


def _refusal(host: str, port: int, error: OSError) -> BusyError | UsageError:
    place = told_address(host, port)
    if error.errno == errno.EADDRINUSE:
        return BusyError(
            f"{place} is taken by another program (`pressroom serve` already?); "
            "stop it, or choose another --port"
        )
    return UsageError(f"cannot listen at {place}: {error.strerror}")


def serve(
    app: ASGIApp, bound: socket.socket, log: logging.Handler, ready: Callable[[], None]
) -> None:
    """Serve until SIGTERM or SIGINT; requests under way are answered first.

    `ready` is called once requests are taken. Returns when all is drained.
    """
    log_to(log)
    # uvicorn sends itself the signal again once it has drained: an end we asked for.
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: None)
    asyncio.run(_Server(_bounds(app, DRAIN_SECONDS), ready).serve(sockets=[bound]))


def log_to(handler: logging.Handler) -> None:
    """Have what the server and the pages say written by `handler` alone."""
    for name in ("uvicorn.error", "pipeline.web"):
        logger = logging.getLogger(name)
        logger.handlers = [handler]
        logger.propagate = False


class ServerThread:
    """A server in a thread of its own, which leaves signals to others.

    It takes requests from when it is made, and closes its socket at the end.
    """

    def __init__(
        self, app: ASGIApp, bound: socket.socket, drain_seconds: int = DRAIN_SECONDS
    ) -> None:
        started = threading.Event()
        self._server = _Server(_bounds(app, drain_seconds), started.set)
        self._thread = threading.Thread(
            target=asyncio.run,
            args=(self._server.serve(sockets=[bound]),),
            name="pages",
            daemon=True,
        )
        self._thread.start()
        if not started.wait(START_SECONDS):
            raise UsageError("the readers' pages do not start: the log says why")

    def is_alive(self) -> bool:
        """Tell whether it still serves, or drains."""
        return self._thread.is_alive()

    def stop(self) -> None:
        """Take no more requests; those under way are answered. Does not wait."""
        self._server.should_exit = True

    def join(self) -> None:
        """Wait until all is answered."""
        self._thread.join()


def _bounds(app: ASGIApp, drain_seconds: int) -> uvicorn.Config:
    """Return how the server is set up: what one client may cost us."""
    return uvicorn.Config(
        app,
        http="h11",
        ws="none",
        lifespan="on",
        log_config=None,
        log_level="warning",
        access_log=False,
        proxy_headers=False,
        server_header=False,
        limit_concurrency=MAX_CONNECTIONS,
        timeout_keep_alive=KEEP_ALIVE_SECONDS,
        timeout_graceful_shutdown=drain_seconds,
        h11_max_incomplete_event_size=MAX_HEAD_BYTES,
    )


class _Server(uvicorn.Server):
    """A server that tells when it takes requests."""

    def __init__(self, config: uvicorn.Config, ready: Callable[[], None]) -> None:
        super().__init__(config)
        self._ready = ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start, and tell so."""
        await super().startup(sockets)
        if self.started:
            self._ready()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Take no more connections, hear those out that have come, and end.

        uvicorn closes whoever has asked nothing yet, also where a request lies unread
        in the socket: that would be reset.
        """
        for server in self.servers:
            server.close()
        loop = asyncio.get_running_loop()
        until = loop.time() + HEAR_SECONDS
        # One that was accepted just now is among the connections a few turns later.
        await asyncio.sleep(_TICK_SECONDS)
        while self._awaits_request() and loop.time() < until:
            await asyncio.sleep(_TICK_SECONDS)
        await super().shutdown(sockets)

    def _awaits_request(self) -> bool:
        """Tell whether somebody has connected and asked nothing yet."""
        return any(
            isinstance(connection, H11Protocol) and connection.cycle is None
            for connection in self.server_state.connections
        )
