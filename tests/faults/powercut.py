"""The power goes: what a disk may hold then, from the log of all that it was told.

    with Recorder(folder, site) as disk:    # ext4 on a loop device on a disk that logs
        disk.begin()
        ...                                 # whatever writes to disk.files
        log = disk.log()
    for cut in log.cuts(chance):
        with mounted(image, disk.files):    # the same machine, after the reboot

A disk keeps what was written before its last flush. What came after it may keep, all of
it or none, or any part in any order: every cut is tried with all of it, and with some
of it as chance will have it. What the kernel had not yet written is lost with it.
"""

from __future__ import annotations

import json
import random
import shutil
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from tests.capability import require, require_block_devices
from tests.command import ROOT, environment
from tests.faults.blocklog import ENTRY, FLUSH, MARK, WRITE

MEBIBYTES = 24
JOURNAL_MEBIBYTES = 4
PATIENCE_SECONDS = 20
BEGIN = "begin"
EVEN = 0.5
_EAGER = "lazy_itable_init=0,lazy_journal_init=0,nodiscard"


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the log: a write of `data` at `offset`, a flush, or a mark."""

    kind: bytes
    offset: int
    data: bytes


@dataclass(frozen=True, slots=True)
class Cut:
    """A power cut at `entry` of a log: what `writes` the disk kept of those before it.

    `marks` are those made before.
    """

    entry: int
    begin: bytes
    writes: tuple[Entry, ...]
    marks: tuple[Any, ...]

    def disk(self) -> bytes:
        """Return the bytes of the disk."""
        disk = bytearray(self.begin)
        _apply(disk, self.writes)
        return bytes(disk)


@dataclass(frozen=True, slots=True)
class Log:
    """What a disk held in the beginning, and what it was told since, in order."""

    begin: bytes
    entries: tuple[Entry, ...]

    def cuts(self, chance: random.Random) -> Iterator[Cut]:
        """Yield each disk that a power cut may leave: after every write, and torn."""
        kept: tuple[Entry, ...] = ()
        floating: tuple[Entry, ...] = ()
        marks: tuple[Any, ...] = ()
        for n, entry in enumerate(self.entries, 1):
            if entry.kind == MARK:
                marks += (json.loads(entry.data),)
            elif entry.kind == FLUSH:
                kept, floating = kept + floating, ()
            else:
                some = tuple(one for one in floating if chance.random() < EVEN)
                floating += (entry,)
                yield Cut(n, self.begin, kept + floating, marks)
                if len(some) < len(floating) - 1:
                    yield Cut(n, self.begin, (*kept, *some, entry), marks)


def _apply(disk: bytearray, writes: Iterable[Entry]) -> None:
    for write in writes:
        disk[write.offset : write.offset + len(write.data)] = write.data


def read_log(image: Path, log: Path) -> Log:
    """Return what the server of tests/faults/blocklog.py has written down.

    What came before the mark of `Recorder.begin` is how the disk begins.
    """
    data, at = log.read_bytes(), 0
    disk, entries = bytearray(image.read_bytes()), list[Entry]()
    while at < len(data):
        kind, offset, size = ENTRY.unpack_from(data, at)
        at += ENTRY.size
        entry = Entry(kind, offset, data[at : at + size])
        at += size
        if entry.kind == MARK and json.loads(entry.data) == BEGIN:
            _apply(disk, [one for one in entries if one.kind == WRITE])
            entries = []
        else:
            entries.append(entry)
    return Log(bytes(disk), tuple(entries))


class Recorder:
    """A file system, mounted at `files`, with a copy of a site on a disk that logs."""

    def __init__(self, scratch: Path, site: Path) -> None:
        require_block_devices()
        self.files = scratch / "files"
        self._image = scratch / "image"
        self._fuse = scratch / "fuse"
        self._log = scratch / "log"
        self._log.unlink(missing_ok=True)
        for folder in (self.files, self._fuse):
            folder.mkdir(exist_ok=True)
        make_ext4(self._image)
        with mounted(self._image, self.files):
            shutil.copytree(site, self.files / "site")

    def __enter__(self) -> Self:
        words = ["-m", "tests.faults.blocklog", self._image, self._fuse, self._log]
        self._server = subprocess.Popen(
            [sys.executable, *words], cwd=ROOT, env=environment()
        )
        disk = self._fuse / "disk"
        deadline = time.monotonic() + PATIENCE_SECONDS
        while not disk.exists():
            assert time.monotonic() < deadline, "the disk that logs did not come up"
            time.sleep(0.02)
        _run("mount", "-o", "loop", disk, self.files)
        return self

    def begin(self) -> None:
        """Forget what was written until now, but for what it has made of the disk."""
        _run("sync", "--file-system", self.files)
        self.mark(BEGIN)

    def mark(self, value: object) -> None:
        """Put a value into the log: that this has happened."""
        with open(self._fuse / "mark", "wb", buffering=0) as file:
            file.write(json.dumps(value).encode())

    def log(self) -> Log:
        """Return the log so far. What the kernel still holds is not in it."""
        return read_log(self._image, self._log)

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        # Lazily: where a test has failed, a run may still be stopped in there.
        for folder in (self.files, self._fuse):
            if folder.is_mount():
                _run("umount", "--lazy", folder)
        if error is None:
            self._server.wait(PATIENCE_SECONDS)
        else:
            self._server.kill()


def make_ext4(image: Path) -> None:
    """Make an empty file system in the file `image`."""
    program = require("mkfs.ext4", "power cuts are tried on a file system of their own")
    with image.open("wb") as file:
        file.truncate(MEBIBYTES << 20)
    _run(program, "-q", "-F", "-J", f"size={JOURNAL_MEBIBYTES}", "-E", _EAGER, image)


@contextmanager
def mounted(image: Path, folder: Path) -> Iterator[None]:
    """Have the file system of `image` at `folder`, as a reboot mounts it."""
    _run("mount", "-o", "loop", image, folder)
    try:
        yield
    finally:
        _run("umount", folder)


def _run(*words: object) -> None:
    subprocess.run([str(word) for word in words], check=True, capture_output=True)
