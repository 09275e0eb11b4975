"""Many runs of `pressroom`, each killed, stopped or failed at a chosen call.

    with Trials() as trials:
        total = len(trials.calls(folder))
        trials.run(folder, Fate(call=7))

A run is a fork of one process that has loaded everything and carries the shim of
tests/faults/shim.py: 40 ms instead of the 700 of a process that starts anew.
"""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from tests.command import ROOT, environment
from tests.faults.shim import library


@dataclass(frozen=True, slots=True, kw_only=True)
class Fate:
    """What befalls a run: at `call`, counted from 1, a signal, or errno `error`.

    With `lasting` every later call fails as well. `twists` name changes of the program
    (tests/faults/twists.py). `words` are the command's, `time` is what its clock says
    if not the truth; another `program` is one of tests/faults/trial_server.py. With
    `reading` the calls counted are not those that change the disk but those that read
    below that folder, and each takes `delay_ms` more.
    """

    call: int = 0
    signal: int = signal.SIGKILL
    error: int = 0
    lasting: bool = False
    twists: Sequence[str] = ()
    words: Sequence[str] = ("once",)
    program: str = "pressroom"
    time: str = ""
    reading: str = ""
    delay_ms: int = 0


@dataclass(frozen=True, slots=True)
class Ended:
    """How a run ended: its exit status, or less than 0 the signal; None: stopped."""

    status: int | None
    output: str


class Trials:
    """One server of trials: one run at a time, and one that is stopped meanwhile."""

    def __enter__(self) -> Self:
        self._server = subprocess.Popen(
            [sys.executable, "-m", "tests.faults.trial_server"],
            cwd=ROOT,
            env=environment(LD_PRELOAD=str(library()), PYTHONDONTWRITEBYTECODE="1"),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._server.communicate()

    def run(self, folder: Path, fate: Fate | None = None) -> Ended:
        """Run in `folder`, where config.yaml lies, until the end or until stopped."""
        return self._ask(folder=str(folder), **asdict(fate or Fate()))

    def resume(self) -> Ended:
        """Let the stopped run go on to its end."""
        return self._ask()

    def calls(self, folder: Path, fate: Fate | None = None) -> list[tuple[str, str]]:
        """Run to the end; return name and path of every counted call, in order."""
        with tempfile.TemporaryDirectory() as scratch:
            log = Path(scratch, "calls")
            about = asdict(fate or Fate())
            ended = self._ask(folder=str(folder), log=str(log), **about)
            assert ended.status == 0, ended.output
            lines = log.read_text("utf-8", "surrogateescape").splitlines()
        pairs = (line.partition(" ") for line in lines)
        return [(name, path) for name, _, path in pairs]

    def _ask(self, **question: Any) -> Ended:
        assert self._server.stdin
        assert self._server.stdout
        self._server.stdin.write(json.dumps(question) + "\n")
        self._server.stdin.flush()
        answer = json.loads(self._server.stdout.readline())
        return Ended(answer["status"], answer["output"])
