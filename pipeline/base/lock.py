"""One run at a time: a lock the kernel lets go of when its holder dies."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from pipeline.base.errors import BusyError
from pipeline.base.files import telling


@contextmanager
def exclusive_lock(
    path: Path, busy: str = "another run is under way"
) -> Iterator[None]:
    """Hold the lock file `path`, which stays and names its last holder, for a block.

    `busy` is what it means when somebody else holds it. The file is never removed: a
    waiter could then lock one that has no name any more. Raises BusyError when it is
    held, OutputError when it cannot be written.
    """
    with telling(path):
        file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
    try:
        with telling(path):
            _take(file, path, busy)
        yield
    finally:
        os.close(file)


def find_holder(path: Path) -> int | None:
    """Return the process that holds the lock file `path`, None where nobody does.

    0 where it cannot be told which. Who begins in this very moment finds it busy.
    """
    try:
        file = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    except OSError:
        return None
    try:
        fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        holder = os.pread(file, 20, 0).strip()
        return int(holder) if holder.isdigit() else 0
    else:
        return None
    finally:
        os.close(file)


def _take(file: int, path: Path, busy: str) -> None:
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        holder = os.pread(file, 20, 0).decode("ascii", "replace").strip()
        who = f"process {holder}" if holder else "another process"
        raise BusyError(
            f"{busy} ({who} holds {path}): try again when it has ended"
        ) from None
    os.ftruncate(file, 0)
    os.pwrite(file, b"%d\n" % os.getpid(), 0)
