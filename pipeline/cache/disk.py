"""Results on disk by the digest of what they were made of. Knows nothing of them.

    FOLDER/CACHEDIR.TAG     tells backups to pass over it (bford.info/cachedir)
    FOLDER/ab/cdef…         the entry abcdef…: a checksum, then the data

Everything here may be deleted at any time, by anyone, and any number of processes may
use it at once. Nothing is synced: an entry that a power cut has torn, or that is not
ours, does not match its checksum, counts as missing and is removed.
"""

from __future__ import annotations

import hashlib
import os
import re
import secrets
import stat
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from pipeline.base.clock import Clock, SystemClock

_KEY = re.compile(r"[0-9a-f]{8,128}")
_SHARD = re.compile(r"[0-9a-f]{2}")
_ENTRY = re.compile(r"[0-9a-f]{6,126}")
_TEMPORARY = re.compile(r"\.tmp-[0-9a-f]{16}")
_TAG_NAME = "CACHEDIR.TAG"
_TAG = b"""Signature: 8a477f597d28d172789f06886806bc55
# Results that Pressroom can make again. Delete this folder whenever you like.
"""

_CHECKSUM_BYTES = hashlib.sha256().digest_size
# What trim goes by: one write a day for an entry in use, however often it is read.
_SECONDS_BETWEEN_TOUCHES = 24 * 3600
# A writer needs a moment; what is older was left by one that crashed.
_SECONDS_OF_A_WRITER = 3600
# Full, it is emptied a little further, so that not every run has to.
_KEPT_PERCENT = 90
# A link is not followed, and a pipe in an entry's place not waited for.
_READING = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
_WRITING = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC


def cache_key(*parts: str | bytes) -> str:
    """Return the digest of everything that decides a result, in 64 hex digits.

    Each part goes in with its kind and length, so that no two lists share a digest.
    """
    digest = hashlib.sha256()
    for part in parts:
        data = part.encode("utf-8", "surrogatepass") if isinstance(part, str) else part
        kind = b"s" if isinstance(part, str) else b"b"
        digest.update(kind + len(data).to_bytes(8, "big") + data)
    return digest.hexdigest()


@dataclass(frozen=True, slots=True)
class Cache:
    """A folder of results, of which `trim` keeps at most `max_bytes`.

    A disk that refuses costs the result that was to be kept, and nothing else.
    """

    folder: Path
    max_bytes: int
    clock: Clock = field(default_factory=SystemClock)

    def get(self, key: str) -> bytes | None:
        """Return what was put under `key`, or None for what cannot be read whole.

        Raises ValueError for a key that is not 8 to 128 lower-case hex digits.
        """
        path = self._path(key)
        try:
            whole, used = self._read(path)
        except OSError:
            return None
        data = whole[_CHECKSUM_BYTES:]
        if whole[:_CHECKSUM_BYTES] != _checksum(key, data):
            _remove(path)
            return None
        if self._seconds_since(used) > _SECONDS_BETWEEN_TOUCHES:
            with suppress(OSError):
                os.utime(path)
        return data

    def put(self, key: str, data: bytes) -> None:
        """Keep `data` under `key` if the disk lets us and it is within `max_bytes`.

        Raises ValueError as `get` does.
        """
        path = self._path(key)
        if len(data) > self.max_bytes:
            return
        with suppress(OSError):
            try:
                _write(path, key, data)
            except FileNotFoundError:  # new, or deleted by someone a moment ago
                self._make_folders(path.parent)
                _write(path, key, data)

    def trim(self) -> None:
        """Remove what was not used for longest, down to 90 % of the bound.

        Within the bound only the temporary files of writers that crashed go. Files
        that no cache wrote stay.
        """
        entries = sorted(self._entries())
        total = sum(entry.size for entry in entries)
        if total <= self.max_bytes:
            return
        for entry in entries:
            if total * 100 <= self.max_bytes * _KEPT_PERCENT:
                return
            if _remove(entry.path):
                total -= entry.size

    def _path(self, key: str) -> Path:
        if not _KEY.fullmatch(key):
            raise ValueError(f"not a cache key: {key!r}")
        return self.folder / key[:2] / key[2:]

    def _read(self, path: Path) -> tuple[bytes, float]:
        """Return the file's bytes and when it was last used.

        What is no file, or larger than any entry, reads as empty.
        """
        file = os.open(path, _READING)
        try:
            found = os.fstat(file)
            largest = self.max_bytes + _CHECKSUM_BYTES
            fits = stat.S_ISREG(found.st_mode) and found.st_size <= largest
            return os.read(file, found.st_size) if fits else b"", found.st_mtime
        finally:
            os.close(file)

    def _make_folders(self, shard: Path) -> None:
        shard.mkdir(parents=True, exist_ok=True)
        tag = self.folder / _TAG_NAME
        if not tag.exists():
            tag.write_bytes(_TAG)

    def _entries(self) -> Iterator[_Entry]:
        for folder in _listed(self.folder):
            for file in _listed(folder) if _SHARD.fullmatch(folder.name) else ():
                with suppress(OSError):
                    found = file.lstat()
                    if _ENTRY.fullmatch(file.name):
                        yield _Entry(found.st_mtime, found.st_size, file)
                    elif _TEMPORARY.fullmatch(file.name):
                        self._clear(file, found.st_mtime)

    def _clear(self, temporary: Path, written: float) -> None:
        if self._seconds_since(written) > _SECONDS_OF_A_WRITER:
            _remove(temporary)

    def _seconds_since(self, mtime: float) -> float:
        return self.clock.now().timestamp() - mtime


class _Entry(NamedTuple):
    """A file of the cache; the least recently used sorts first."""

    used: float
    size: int
    path: Path


def _checksum(key: str, data: bytes) -> bytes:
    """Return what stands before `data`; another key's entry copied here is none."""
    return hashlib.sha256(key.encode() + data).digest()


def _write(path: Path, key: str, data: bytes) -> None:
    temporary = path.with_name(f".tmp-{secrets.token_hex(8)}")
    try:
        with open(os.open(temporary, _WRITING, 0o644), "wb") as stream:
            stream.write(_checksum(key, data) + data)
        os.replace(temporary, path)
    except BaseException:
        _remove(temporary)
        raise


def _remove(path: Path) -> bool:
    """Remove a file; tell whether it is gone."""
    try:
        path.unlink(missing_ok=True)
    except OSError:
        return False
    return True


def _listed(folder: Path) -> list[Path]:
    try:
        return list(folder.iterdir())
    except OSError:
        return []
