"""What systemd is told, by its protocol (sd_notify(3)): a datagram of `NAME=value`.

Without `NOTIFY_SOCKET` in the environment nobody listens, and nothing is said.
"""

from __future__ import annotations

import socket
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass

_MICROS = 1_000_000


@dataclass(frozen=True, slots=True)
class Notifier:
    """Speaks to who started us; `address` is empty where that is nobody.

    `watchdog_seconds` is how long systemd waits for a sign of life before it starts
    us anew, None where it does not wait for any.
    """

    address: str = ""
    watchdog_seconds: float | None = None

    @classmethod
    def of(cls, environment: Mapping[str, str], pid: int) -> Notifier:
        """Return what the environment of the process `pid` asks for.

        An address that begins with `@` is in Linux's abstract namespace (unix(7)).
        """
        address = environment.get("NOTIFY_SOCKET", "")
        if address.startswith("@"):
            address = f"\0{address[1:]}"
        micros = environment.get("WATCHDOG_USEC", "")
        ours = environment.get("WATCHDOG_PID", str(pid)) == str(pid)
        watched = ours and micros.isdecimal() and int(micros) > 0
        return cls(address, int(micros) / _MICROS if watched else None)

    def ready(self, status: str) -> None:
        """Tell that the start, or a reload, is done."""
        self._send(READY="1", STATUS=status)

    def reloading(self, monotonic: float) -> None:
        """Tell that a reload has begun, at `monotonic` seconds."""
        self._send(RELOADING="1", MONOTONIC_USEC=str(int(monotonic * _MICROS)))

    def stopping(self) -> None:
        """Tell that it ends."""
        self._send(STOPPING="1", STATUS="Stopping")

    def status(self, text: str) -> None:
        """Tell in a line how it is: what `systemctl status` shows."""
        self._send(STATUS=text)

    def alive(self) -> None:
        """Feed the watchdog."""
        self._send(WATCHDOG="1")

    def _send(self, **values: str) -> None:
        if not self.address:
            return
        lines = (f"{name}={' '.join(text.split())}" for name, text in values.items())
        told = "\n".join(lines).encode()
        # systemd restarts, or its queue is full: the next sign of life comes soon.
        with (
            suppress(OSError),
            socket.socket(
                socket.AF_UNIX,
                socket.SOCK_DGRAM | socket.SOCK_CLOEXEC | socket.SOCK_NONBLOCK,
            ) as speaker,
        ):
            speaker.sendto(told, self.address)
