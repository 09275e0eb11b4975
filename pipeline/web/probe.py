"""Where the readers' pages are served on this machine, and whether: `check` asks.

Needs nothing of the server itself, which takes a while to load.
"""

from __future__ import annotations

from http.client import HTTPConnection, HTTPException

HEALTH = "/health"
HEALTHY = "pressroom"
"""Where the application says that it answers, and how."""

PATIENCE_SECONDS = 1.0


def is_served(listen: str) -> bool:
    """Tell whether a `pressroom serve` answers at `web.listen`. Asks nobody else."""
    host, _, port = listen.rpartition(":")
    connection = HTTPConnection(host.strip("[]"), int(port), timeout=PATIENCE_SECONDS)
    try:
        connection.request("GET", HEALTH)
        return connection.getresponse().read(100).decode().strip() == HEALTHY
    except (OSError, HTTPException, UnicodeDecodeError):
        return False
    finally:
        connection.close()


def told_address(host: str, port: int) -> str:
    """Return `127.0.0.1:8642`, or `[::1]:8642`."""
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
