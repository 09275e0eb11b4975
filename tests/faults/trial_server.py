"""The process whose forks run `pressroom` for tests/faults/trials.py.

Reads a question a line from stdin, as JSON, and answers with a line of JSON when the
run has ended or stopped. It must have been started with the shim preloaded.
"""

from __future__ import annotations

import ctypes
import json
import os
import shutil
import signal
import sys
import tempfile
import traceback
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from pipeline.cli.main import main
from pipeline.outbox.spool import Spool
from pipeline.runs import deliver, ledger, once
from pipeline.store import database
from pipeline.store.batches import KeptBatch, seal_batch
from pipeline.store.database import Database

CRASHED_BY_ITSELF = 70
STDOUT, STDERR = 1, 2


class PublishFirst(deliver._Delivery):
    """The control: rename, then commit. It must double."""

    __slots__ = ()

    def _seal(
        self, batch: KeptBatch, attempt: str, staged: set[int], time: datetime
    ) -> bool:
        self.spool.publish(batch.name, attempt)
        with self.database.transaction() as tx:
            return seal_batch(tx, batch.name, attempt, time)


def publish_and_then_tell(
    database: Database, spool: Spool, name: str, attempt: str
) -> bool:
    """The control: rename, then tell the ledger. After a restore it must double."""
    published = spool.publish(name, attempt)
    ledger.flush(database, spool)
    return published


@contextmanager
def no_lock(_: Path) -> Iterator[None]:
    yield


def twist(name: str) -> None:
    """Change the program, in a fork, as a trial asks."""
    if name == "publish-first":
        deliver._Delivery = PublishFirst
    elif name == "ledger-last":
        deliver.publish = publish_and_then_tell
    elif name == "unlocked":
        once.exclusive_lock = no_lock
        # One run may be stopped amid a transaction: the other must not wait for long.
        database.BUSY_TIMEOUT_S = 0.05


def run(question: Mapping[str, Any]) -> int:
    """Be the command, at the mercy of the shim from here on; return its status."""
    for name in question["twists"]:
        twist(name)
    log = question.get("log")
    ctypes.CDLL(None).crashat_arm(
        ctypes.c_long(question["call"]),
        question["signal"],
        question["error"],
        int(question["lasting"]),
        ctypes.c_char_p(log.encode() if log else None),
    )
    return pressroom(question["folder"], *question["words"])


def pressroom(folder: str, *words: str) -> int:
    os.chdir(folder)
    sys.argv = ["pressroom", *words]
    try:
        main()
    except SystemExit as over:
        return int(over.code or 0)
    return 0


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


def warm_up(folder: str) -> None:
    """Load all that a run loads on its way, so that the forks need not."""
    out = os.dup(STDOUT)
    with tempfile.TemporaryDirectory() as scratch, open(os.devnull, "wb") as nowhere:
        os.dup2(nowhere.fileno(), STDOUT)
        pressroom(str(shutil.copytree(folder, Path(scratch, "site"))), "once")
        sys.stdout.flush()
        os.chdir("/")
    os.dup2(out, STDOUT)
    os.close(out)


def serve() -> None:
    is_warm, stopped = False, None
    for line in sys.stdin:
        question = json.loads(line)
        if question:
            if not is_warm:
                warm_up(question["folder"])
                is_warm = True
            current = start(question)
        else:
            assert stopped, "no run is stopped"
            current = stopped
            os.kill(current.pid, signal.SIGCONT)
        answer = current.answer()
        if answer["status"] is None:
            stopped = current
        sys.stdout.write(json.dumps(answer) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    serve()
