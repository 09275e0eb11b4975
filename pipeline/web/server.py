"""The server around the application: a socket, bounds, and an orderly end.

uvicorn with h11 and no access log of its own: it would print tokens.
"""

from __future__ import annotations

import asyncio
import errno
import logging
import signal
import socket
from collections.abc import Callable
from typing import Final

import uvicorn
from starlette.types import ASGIApp

from pipeline.base.errors import BusyError, UsageError
from pipeline.web.probe import told_address

MAX_CONNECTIONS: Final = 1_000
KEEP_ALIVE_SECONDS: Final = 15
DRAIN_SECONDS: Final = 20
"""What a request may take after SIGTERM; systemd waits 90 seconds before it kills."""

MAX_HEAD_BYTES: Final = 16_384
_BACKLOG = 512


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
    for name in ("uvicorn.error", "pipeline.web"):
        logger = logging.getLogger(name)
        logger.addHandler(log)
        logger.propagate = False
    config = uvicorn.Config(
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
        timeout_graceful_shutdown=DRAIN_SECONDS,
        h11_max_incomplete_event_size=MAX_HEAD_BYTES,
    )
    # uvicorn sends itself the signal again once it has drained: an end we asked for.
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: None)
    asyncio.run(_Server(config, ready).serve(sockets=[bound]))


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
