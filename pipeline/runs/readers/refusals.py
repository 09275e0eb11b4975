"""The file of lines that an import refused: written as it goes, and gone on with."""

from __future__ import annotations

import csv
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

from pipeline.base.files import telling
from pipeline.subscribers.interchange import Refused

_COLUMNS = ("file", "line", "reason", "original")


class Refusals:
    """An open file of refused lines, each with its reason and what stands there."""

    def __init__(self, file: TextIO) -> None:
        self._file = file
        self._rows = csv.writer(file)

    def add(self, path: Path, refused: Sequence[Refused]) -> int:
        """Write refused lines to the disk; return how long the file is then.

        They are there before the store knows: what it does not know is cut off again.
        """
        for one in refused:
            original = one.raw.rstrip("\r\n")
            self._rows.writerow((path.name, one.line, one.reason, original))
        if refused:
            self._file.flush()
            os.fsync(self._file.fileno())
        return self._file.tell()


@contextmanager
def open_refusals(path: Path | None, size: int) -> Iterator[Refusals | None]:
    """Give the file of refusals as it was with `size` bytes; None where none is asked.

    Only its owner may read it: what was refused may be an address. Raises OutputError.
    """
    if path is None:
        yield None
        return
    with telling(path):
        number = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        with open(
            number, "r+", encoding="utf-8", errors="surrogateescape", newline=""
        ) as file:
            kept = size if os.fstat(number).st_size >= size else 0
            file.truncate(kept)
            file.seek(kept)
            refusals = Refusals(file)
            if not kept:
                csv.writer(file).writerow(_COLUMNS)
            yield refusals
