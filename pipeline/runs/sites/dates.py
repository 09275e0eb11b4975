"""Where a post without a date takes it from: its first commit, or its file's time."""

from __future__ import annotations

import subprocess
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path

GIT_TIMEOUT_S = 20.0


def fallback_dates(
    folder: Path, choices: Sequence[str]
) -> Callable[[str], datetime | None]:
    """Return what dates a post by its path below `folder`, trying `choices` in order.

    A choice is `git` (the first commit that added the file, moves followed) or
    `mtime` (the file's time).
    """
    ways = {"git": first_commit, "mtime": modified}

    def date(path: str) -> datetime | None:
        found = (ways[choice](folder, path) for choice in choices)
        return next((time for time in found if time is not None), None)

    return date


def first_commit(folder: Path, path: str) -> datetime | None:
    """Return when git first saw the file; None without git, or where it never did."""
    command = ["git", "-C", str(folder), "log", "--follow", "--diff-filter=A"]
    try:
        answer = subprocess.run(
            [*command, "--format=%aI", "--", path],
            capture_output=True,
            text=True,
            timeout=GIT_TIMEOUT_S,
            check=True,
        )
    except (OSError, subprocess.SubprocessError):
        return None
    lines = answer.stdout.split()
    return datetime.fromisoformat(lines[-1]) if lines else None


def modified(folder: Path, path: str) -> datetime | None:
    """Return the file's time of last change, None where it cannot be told."""
    try:
        return datetime.fromtimestamp((folder / path).stat().st_mtime, UTC)
    except OSError:
        return None
