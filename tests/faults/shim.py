"""Run a program that dies, or whose disk fails, at one chosen call that changes it.

    total = count_calls(argv, cwd=folder)
    for n in range(1, total + 1):
        run_killed_at(n, argv, cwd=folder)

`argv` begins with the program itself (sys.executable), not a shell: children are not
counted. tests/faults/crashat.c does the work and says which calls count.
"""

from __future__ import annotations

import atexit
import os
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path

from tests.capability import require

SOURCE = Path(__file__).with_name("crashat.c")
PATIENCE_SECONDS = 120

Finished = subprocess.CompletedProcess[str]


@cache
def library() -> Path:
    """Compile the shim, once a test session."""
    gcc = require("gcc", "the fault tests compile a shim to preload")
    folder = Path(tempfile.mkdtemp(prefix="crashat-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    target = folder / "crashat.so"
    options = ["-std=gnu11", "-shared", "-fPIC", "-O2", "-Wall", "-Wextra", "-Werror"]
    subprocess.run([gcc, *options, "-o", target, SOURCE], check=True)
    return target


def list_calls(
    argv: Sequence[str], env: Mapping[str, str] | None = None, cwd: Path | None = None
) -> list[tuple[str, str]]:
    """Run to the end; return name and path of every counted call, in order.

    Raises CalledProcessError when the program fails by itself.
    """
    with tempfile.TemporaryDirectory() as folder:
        log = Path(folder, "calls")
        finished = _run({"CRASHAT_LOG": str(log)}, argv, env, cwd)
        finished.check_returncode()
        lines = log.read_text("utf-8", "surrogateescape").splitlines()
    pairs = (line.partition(" ") for line in lines)
    return [(name, path) for name, _, path in pairs]


def count_calls(
    argv: Sequence[str], env: Mapping[str, str] | None = None, cwd: Path | None = None
) -> int:
    """Run to the end; return how many calls can be hit."""
    return len(list_calls(argv, env, cwd))


def run_killed_at(
    n: int,
    argv: Sequence[str],
    env: Mapping[str, str] | None = None,
    cwd: Path | None = None,
) -> Finished:
    """Run until just before call `n`, where kill -9 falls; check that it did."""
    finished = _run({"CRASHAT_CALL": str(n)}, argv, env, cwd)
    assert finished.returncode == -signal.SIGKILL, (
        f"call {n} was not reached\n{finished.stdout}{finished.stderr}"
    )
    return finished


def run_failing_at(
    n: int,
    error: int,
    argv: Sequence[str],
    env: Mapping[str, str] | None = None,
    cwd: Path | None = None,
    *,
    stays: bool = False,
) -> Finished:
    """Run with call `n` failing with errno `error`, and with `stays` all after it."""
    faults = {"CRASHAT_CALL": str(n), "CRASHAT_ERRNO": str(error)}
    if stays:
        faults["CRASHAT_STAYS"] = "1"
    return _run(faults, argv, env, cwd)


def _run(
    faults: Mapping[str, str],
    argv: Sequence[str],
    env: Mapping[str, str] | None,
    cwd: Path | None,
) -> Finished:
    return subprocess.run(
        argv,
        # No .pyc: whether one is written would change the count from run to run.
        env={
            **(os.environ if env is None else env),
            "PYTHONDONTWRITEBYTECODE": "1",
            "LD_PRELOAD": str(library()),
            **faults,
        },
        cwd=cwd,
        capture_output=True,
        text=True,
        timeout=PATIENCE_SECONDS,
        check=False,
    )
