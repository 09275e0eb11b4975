"""`pressroom serve` as a process of its own, on a port that is free."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import Thread

from tests.command import PATIENCE_SECONDS, PRESSROOM, environment


@dataclass(frozen=True)
class Server:
    """A server that runs: its process, and where it answers (`http://…:PORT/`)."""

    process: subprocess.Popen[str]
    url: str
    logged: list[str]
    listener: Thread

    def stop(self) -> tuple[int, str]:
        """Ask it to end; return its exit status and what it logged since it began."""
        self.process.terminate()
        status = self.process.wait(timeout=PATIENCE_SECONDS)
        self.listener.join()
        return status, "".join(self.logged)


@contextmanager
def serving(folder: Path, *words: str) -> Iterator[Server]:
    """Give a server of the site in `folder`; it is ended at the end."""
    logged: list[str] = []
    with subprocess.Popen(
        [*PRESSROOM, "serve", "--port", "0", *words],
        cwd=folder,
        env=environment(),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stderr is not None
        # A pipe that nobody reads is full after some hundred requests.
        listener = Thread(target=logged.extend, args=(process.stderr,))
        try:
            told = process.stderr.readline() + process.stderr.readline()
            found = re.search(r"listening\W.*?(http://[^\s\"]+/)", told)
            assert found, told + process.stderr.read()
            listener.start()
            yield Server(process, found[1], logged, listener)
        finally:
            process.kill()
            if listener.ident is not None:
                listener.join()
