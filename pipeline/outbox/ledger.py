"""The ledger on the disk: a file in the outbox that only grows, and outlives sweeps.

    outbox/ledger.jsonl   a line of JSON for each thing (outbox/entries.py), in order

A line is whole on the disk before what it tells of becomes public. What a crash, or a
full disk, left of a line at the end was never relied on, and is cut off by the next
write. One process writes at a time: whoever holds the store's write transaction.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO

from pipeline.base.errors import OutputError
from pipeline.base.files import sync_directory, sync_files, telling, write_whole
from pipeline.outbox.entries import Line, Position, dump_line, load_line

LEDGER = "ledger.jsonl"
_CHUNK_BYTES = 1 << 16
_MODE = 0o640


class Ledger:
    """The ledger of one outbox. Raises OutputError when the disk refuses."""

    def __init__(self, outbox: Path) -> None:
        self.path = outbox / LEDGER

    def can_be(self) -> bool:
        """Tell whether there is an outbox for it to lie in."""
        return self.path.parent.is_dir()

    def end(self) -> Position | None:
        """Return the place of the last whole line; None where there is none.

        Reads no more than the end of the file.
        """
        with telling(self.path), suppress(FileNotFoundError), self.path.open("rb") as f:
            line, _ = _last_line(f)
            return line.position if line else None
        return None

    def append(self, lines: Iterable[Line]) -> None:
        """Write lines behind the last whole one; on return they are on the disk."""
        data = b"".join(map(dump_line, lines))
        new = not self.path.exists()
        with telling(self.path), _writable(self.path) as file:
            _, end = _last_line(file)
            file.truncate(end)
            file.seek(end)
            file.write(data)
            file.flush()
            try:
                os.fsync(file.fileno())
            except OSError:
                # They may be lost though a later sync says otherwise: written again.
                file.truncate(end)
                raise
        if new:
            sync_directory(self.path.parent)

    def sync(self) -> None:
        """Return when what is in the file is on the disk.

        Lines that are there may have been written by a process that was killed before
        it could see to that.
        """
        sync_files([self.path])
        sync_directory(self.path.parent)

    def read(self, after: int = 0) -> Iterator[Line]:
        """Yield the whole lines numbered above `after`, in order.

        Raises OutputError at one that is not as Pressroom wrote it.
        """
        with telling(self.path), suppress(FileNotFoundError), self.path.open("rb") as f:
            _, end = _last_line(f)
            f.seek(0)
            for n, data in enumerate(f, start=1):
                if f.tell() > end:
                    break
                line = self._load(n, data)
                if line.seq > after:
                    yield line

    def rewrite(self, lines: Iterable[Line]) -> None:
        """Put other lines into the place of all there are, whole or not at all."""
        mode = _MODE
        with telling(self.path), suppress(FileNotFoundError):
            mode = stat.S_IMODE(self.path.stat().st_mode)
        write_whole(self.path, b"".join(map(dump_line, lines)), mode=mode)

    def remove(self) -> None:
        """Take the ledger away, if there is one."""
        with telling(self.path), suppress(FileNotFoundError):
            self.path.unlink()
            sync_directory(self.path.parent)

    def octets(self) -> int:
        """Return how long the file is."""
        with telling(self.path), suppress(FileNotFoundError):
            return self.path.stat().st_size
        return 0

    def _load(self, n: int, data: bytes) -> Line:
        try:
            return load_line(data)
        except ValueError as error:
            raise OutputError(
                f"{self.path}:{n} is not as Pressroom wrote it ({error}): put back "
                "what it was, or move it away, and the next run asks what to think"
            ) from error


def _writable(path: Path) -> BinaryIO:
    """Open a ledger for its owner and group, made if it is not there."""
    file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, _MODE)
    return os.fdopen(file, "r+b")


def _last_line(file: BinaryIO) -> tuple[Line | None, int]:
    """Return the last whole line, and where it ends; what is behind it was torn.

    A power cut may leave more than one line that was never synced, as zeros.
    """
    end = file.seek(0, os.SEEK_END)
    tail, start = b"", end
    while True:
        for begin, data in _lines_backwards(tail, whole=not start):
            with suppress(ValueError):
                return load_line(data), start + begin + len(data)
        if not start:
            return None, 0
        step = min(max(_CHUNK_BYTES, len(tail)), start)
        start -= step
        file.seek(start)
        tail = file.read(end - start)


def _lines_backwards(data: bytes, *, whole: bool) -> Iterator[tuple[int, bytes]]:
    """Yield where each line with an end begins, and it, the last first.

    The first piece counts only where `data` begins with a line.
    """
    stop = data.rfind(b"\n") + 1
    while stop:
        begin = data.rfind(b"\n", 0, stop - 1) + 1
        if begin or whole:
            yield begin, data[begin:stop]
        stop = begin
