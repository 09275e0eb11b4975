"""`pressroom run` as a process of its own, and what it tells systemd."""

from __future__ import annotations

import re
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.command import PATIENCE_SECONDS, PRESSROOM, environment


@dataclass(frozen=True)
class Running:
    """A daemon that is ready: its process, the socket it speaks to, its log."""

    process: subprocess.Popen[bytes]
    listener: socket.socket
    log: Path

    def hear(self, wanted: str) -> str:
        """Return the first datagram with `wanted` in it, and pass over the others."""
        while True:
            told = self.listener.recv(4_096).decode()
            if wanted in told:
                return told

    def told(self) -> str:
        return self.log.read_text(encoding="utf-8")

    @property
    def url(self) -> str:
        found = re.search(r"listening at=(\S+)", self.told())
        assert found, self.told()
        return found[1]

    def stop(self) -> int:
        self.process.terminate()
        return self.process.wait(timeout=PATIENCE_SECONDS)


@contextmanager
def running(
    folder: Path, *words: str, ready: bool = True, **more: str
) -> Iterator[Running]:
    """Give a daemon of the site in `folder`; it is ended at the end."""
    name = folder / "notify"
    name.unlink(missing_ok=True)
    with (
        socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as listener,
        (folder / "log").open("wb") as log,
    ):
        listener.bind(str(name))
        listener.settimeout(PATIENCE_SECONDS)
        process = subprocess.Popen(
            [*PRESSROOM, "run", *words],
            cwd=folder,
            env=environment(NOTIFY_SOCKET=str(name), **more),
            stderr=log,
        )
        try:
            daemon = Running(process, listener, folder / "log")
            if ready:
                assert "READY=1" in daemon.hear("READY=1")
            yield daemon
        finally:
            if process.poll() is None:
                process.kill()
            process.wait()


def wait_until(is_so: Callable[[], bool], what: str = "it") -> float:
    """Wait for what another process does; return for how long, in seconds."""
    begun = time.monotonic()
    while not is_so():
        assert time.monotonic() - begun < PATIENCE_SECONDS, f"{what} never came"
        time.sleep(0.02)
    return time.monotonic() - begun
