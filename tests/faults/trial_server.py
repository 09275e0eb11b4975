"""The process whose forks run `pressroom` for tests/faults/trials.py.

Reads a question a line from stdin, as JSON, and answers with a line of JSON when the
run has ended or stopped. It must have been started with the shim preloaded.
"""

from __future__ import annotations

import ctypes
import gc
import json
import os
import shutil
import signal
import sys
import tempfile
import traceback
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

import click

from pipeline.base.clock import FixedClock
from pipeline.cli import session
from pipeline.cli.lazy import commands_of
from pipeline.cli.main import main
from pipeline.cli.main import pressroom as command
from pipeline.config import values
from pipeline.digest.catalogue import Catalogue
from tests.faults import two_batches
from tests.faults.twists import twist

CRASHED_BY_ITSELF = 70
STDOUT, STDERR = 1, 2


def run(question: Mapping[str, Any]) -> int:
    """Be the command, at the mercy of the shim from here on; return its status."""
    for name in question["twists"]:
        twist(name)
    if question["time"]:
        time = FixedClock(datetime.fromisoformat(question["time"]))
        session.SystemClock = lambda: time
    log = question.get("log")
    shim = ctypes.CDLL(None)
    if question["reading"]:
        below = os.path.join(question["folder"], question["reading"])
        shim.crashat_watch(below.encode(), ctypes.c_long(question["delay_ms"]))
    shim.crashat_arm(
        ctypes.c_long(question["call"]),
        question["signal"],
        question["error"],
        int(question["lasting"]),
        ctypes.c_char_p(log.encode() if log else None),
    )
    return PROGRAMS[question["program"]](question["folder"], *question["words"])


def pressroom(folder: str, *words: str) -> int:
    os.chdir(folder)
    sys.argv = ["pressroom", *words]
    try:
        main()
    except SystemExit as over:
        return int(over.code or 0)
    return 0


PROGRAMS: Mapping[str, Callable[..., int]] = {
    "pressroom": pressroom,
    "two batches": two_batches.main,
}


@dataclass(frozen=True, slots=True)
class Run:
    """A fork that runs the command; `output` is the end of a pipe to read from.

    What goes into a pipe is no call that the shim counts.
    """

    pid: int
    output: int

    def answer(self) -> dict[str, Any]:
        """Wait until the run ends or stops, and return what to say of it."""
        _, status = os.waitpid(self.pid, os.WUNTRACED)
        if os.WIFSTOPPED(status):
            return {"status": None, "output": ""}
        with open(self.output, encoding="utf-8") as output:
            return {
                "status": os.waitstatus_to_exitcode(status),
                "output": output.read(),
            }


def start(question: Mapping[str, Any]) -> Run:
    """Start a run in a fork."""
    output, words = os.pipe()
    pid = os.fork()
    if pid:
        os.close(words)
        return Run(pid, output)
    os.dup2(words, STDOUT)
    os.dup2(words, STDERR)
    status = CRASHED_BY_ITSELF
    try:
        status = run(question)
    except:  # noqa: E722 - whatever it is, the trial must hear of it
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(status)


def import_all(group: click.Group) -> None:
    for _, each in commands_of(group):
        if isinstance(each, click.Group):
            import_all(each)


def warm_up(question: Mapping[str, Any]) -> None:
    """Load all that a run loads on its way, so that the forks need not."""
    program, words = PROGRAMS[question["program"]], question["words"]
    if program is pressroom:
        import_all(command)
        # The command that is asked for may be one that stays.
        words = ["once"]
    out = os.dup(STDOUT)
    with tempfile.TemporaryDirectory() as scratch, open(os.devnull, "wb") as nowhere:
        os.dup2(nowhere.fileno(), STDOUT)
        site = shutil.copytree(question["folder"], Path(scratch, "site"))
        program(str(site), *words)
        sys.stdout.flush()
        os.chdir("/")
    os.dup2(out, STDOUT)
    os.close(out)


def keep_what_never_changes() -> None:
    """Have the forks share what each would make of the same files."""
    values.available_timezones = cache(values.available_timezones)
    Catalogue.from_po = cache(Catalogue.from_po)


def serve() -> None:
    keep_what_never_changes()
    is_warm, stopped = False, None
    for line in sys.stdin:
        question = json.loads(line)
        if question:
            if not is_warm:
                warm_up(question)
                gc.freeze()
                is_warm = True
            current = start(question)
        else:
            assert stopped, "no run is stopped"
            current, stopped = stopped, None
            os.kill(current.pid, signal.SIGCONT)
        answer = current.answer()
        if answer["status"] is None:
            stopped = current
        sys.stdout.write(json.dumps(answer) + "\n")
        sys.stdout.flush()
    if stopped:
        os.kill(stopped.pid, signal.SIGKILL)


if __name__ == "__main__":
    serve()
