"""Where trials put their copies: into memory, where there is a folder for it.

A kill, or a call that fails, leaves what the kernel was given, whatever the disk has of
it. Only a power cut asks more of a disk, and has one of its own (powercut.py). So no
trial waits for a disk.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

MEMORY = "/dev/shm"
AMPLE_BYTES = 4 << 30
"""A run tells its owner where there is little room: containers have 64 MB there."""


@contextmanager
def scratch() -> Iterator[Path]:
    """Give an empty folder, which is removed at the end."""
    home = MEMORY if _is_ample(MEMORY) else None
    with TemporaryDirectory(prefix="pressroom-", dir=home) as folder:
        yield Path(folder)


def _is_ample(folder: str) -> bool:
    is_there = os.access(folder, os.W_OK)
    return is_there and shutil.disk_usage(folder).free > AMPLE_BYTES
