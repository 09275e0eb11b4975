"""List files on disk: what they are in, how long they are, their lines as a stream."""

from __future__ import annotations

import codecs
import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import BinaryIO

from pipeline.base.errors import InputError
from pipeline.content.charset import UndecodableError, decode

_CHUNK_BYTES = 1 << 20
# Enough of a file for a guess at its encoding.
_SAMPLE_BYTES = 1 << 16
# No line that means anything is as long; a file without line ends is read in pieces.
_LINE_CHARACTERS = 1 << 20
_MARKS = (codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


@dataclass(frozen=True, slots=True, kw_only=True)
class ListFile:
    """A file of readers: its SHA-256, how many lines it has, and what they are in.

    `guessed` tells that nothing in the file says the encoding.
    """

    path: Path
    digest: str
    lines: int
    encoding: str
    guessed: bool = False


def look_at(path: Path, encoding: str = "") -> ListFile:
    """Read a file once, and return what it is; `encoding` is guessed where empty.

    A byte order mark decides, then UTF-8 if all of it is that, then what the first
    part that is not looks like. Raises InputError where it cannot be read.
    """
    if encoding:
        try:
            codecs.lookup(encoding)
        except LookupError as error:
            raise InputError(f"there is no encoding {encoding!r}") from error
    try:
        with path.open("rb") as file:
            return _look(path, file, encoding)
    except OSError as error:
        raise InputError(f"{path} cannot be read: {error.strerror}") from error


def _look(path: Path, file: BinaryIO, encoding: str) -> ListFile:
    digest, lines, last = hashlib.sha256(), 0, b""
    odd = _Odd()
    for chunk in iter(partial(file.read, _CHUNK_BYTES), b""):
        digest.update(chunk)
        lines += chunk.count(b"\n")
        odd.feed(chunk)
        last = chunk[-1:]
    odd.feed(b"", final=True)
    guess = ("utf-8", False) if odd.sample is None else _guess(odd.sample)
    return ListFile(
        path=path,
        digest=digest.hexdigest(),
        lines=lines + (last not in (b"", b"\n")),
        encoding=encoding or guess[0],
        guessed=guess[1] and not encoding,
    )


class _Odd:
    """Looks for the first part of a file that is not UTF-8, and keeps it."""

    def __init__(self) -> None:
        self.sample: bytes | None = None
        self._decoder = codecs.getincrementaldecoder("utf-8")()
        self._is_first = True

    def feed(self, chunk: bytes, *, final: bool = False) -> None:
        """Look at the next part of the file."""
        if self.sample is not None:
            return
        # English in UTF-16 is UTF-8 as well, with a NUL in every two bytes.
        marked = self._is_first and chunk.startswith(_MARKS)
        if marked or b"\0" in chunk:
            self.sample = chunk[:_SAMPLE_BYTES]
            return
        self._is_first = False
        try:
            self._decoder.decode(chunk, final)
        except UnicodeDecodeError as error:
            self.sample = _lines_around(chunk, error.start)


def _lines_around(chunk: bytes, place: int) -> bytes:
    """Return whole lines before and after a byte, as far as there are some."""
    begin = chunk.rfind(b"\n", 0, max(place - _SAMPLE_BYTES // 2, 0)) + 1
    part = chunk[begin : begin + _SAMPLE_BYTES]
    end = part.rfind(b"\n") + 1
    return part[:end] if end else part


def _guess(sample: bytes) -> tuple[str, bool]:
    """Return what a sample is in, and whether that is a guess."""
    try:
        decoded = decode(sample[: len(sample) // 2 * 2])
    except UndecodableError:
        # UTF-8 but for some bytes: the lines that hold them are refused.
        return "utf-8", False
    return decoded.charset, decoded.guessed


@contextmanager
def open_lines(file: ListFile) -> Iterator[Iterator[str]]:
    """Give the lines of a file, one at a time; a byte that is no text is a surrogate.

    Raises InputError where it cannot be read as what it seemed to be in.
    """
    try:
        with file.path.open(
            encoding=file.encoding, errors="surrogateescape", newline=""
        ) as text:
            yield iter(partial(text.readline, _LINE_CHARACTERS), "")
    except OSError as error:
        raise InputError(f"{file.path} cannot be read: {error.strerror}") from error
    except UnicodeError as error:
        raise InputError(
            f"{file.path} cannot be read as {file.encoding}: {error}; "
            "name another with --encoding, or save it as UTF-8"
        ) from error
