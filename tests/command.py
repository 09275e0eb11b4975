"""The command `pressroom` as a user runs it: a process of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

PATIENCE_SECONDS = 120

ROOT = Path(__file__).parents[1]
PRESSROOM = (sys.executable, "-m", "pipeline")

Finished = subprocess.CompletedProcess[str]


def pressroom(*words: str, cwd: Path, env: Mapping[str, str] | None = None) -> Finished:
    """Run `pressroom` with `words` in the folder `cwd`, to its end."""
    return subprocess.run(
        [*PRESSROOM, *words],
        cwd=cwd,
        env=environment(**(env or {})),
        capture_output=True,
        text=True,
        timeout=PATIENCE_SECONDS,
        check=False,
    )


def environment(**more: str) -> dict[str, str]:
    """Return the environment of a command: it finds our package, and has no colours."""
    plain = {"PYTHONPATH": str(ROOT), "TERM": "dumb", "COLUMNS": "80"}
    return {**os.environ, **plain, **more}
