"""A file as it is served: its bytes, the same gzipped, their tags. Made once, kept.

Kept in memory, the longest unused going first; a file that changes is made anew. Who
may see which file is `static`'s.
"""

from __future__ import annotations

import gzip
import os
from collections import OrderedDict
from dataclasses import dataclass
from email.utils import formatdate
from hashlib import sha256

from pipeline.web.mediatypes import is_compressible, media_type

MAX_KEPT_BYTES = 64_000_000
MAX_FILE_BYTES = 2_000_000
"""A larger file is read each time, in pieces: its bytes are hardly a feed's."""

_LEAST_TO_GZIP = 600
_GZIP_LEVEL = 9


@dataclass(frozen=True, slots=True, kw_only=True)
class Representation:
    """One file, whole. `gzipped` is empty where that would not be smaller.

    `tag` is a strong validator without its quotes (RFC 9110, 8.8.3): the digest of the
    bytes, so that a file written again with the same ones is still fresh.
    """

    media_type: str
    modified: str
    tag: str
    plain: bytes
    gzipped: bytes

    @property
    def octets(self) -> int:
        """What it takes in memory."""
        return len(self.plain) + len(self.gzipped)


def represent(path: str, status: os.stat_result) -> Representation:
    """Read a file, and make all that is served of it. Raises OSError."""
    with open(path, "rb") as file:
        plain = file.read()
    kind = media_type(os.path.basename(path))
    gzipped = b""
    if is_compressible(kind) and len(plain) >= _LEAST_TO_GZIP:
        # Without a time in it, the same bytes come out the same.
        gzipped = gzip.compress(plain, _GZIP_LEVEL, mtime=0)
    return Representation(
        media_type=kind,
        modified=formatdate(int(status.st_mtime), usegmt=True),
        tag=sha256(plain).hexdigest()[:32],
        plain=plain,
        gzipped=gzipped if len(gzipped) < len(plain) else b"",
    )


_Key = tuple[int, int, int, int, int]


class Shelf:
    """Representations by the file they are of, up to `max_bytes` of them."""

    def __init__(self, max_bytes: int = MAX_KEPT_BYTES) -> None:
        self._max_bytes = max_bytes
        self._kept: OrderedDict[str, tuple[_Key, Representation]] = OrderedDict()
        self._octets = 0

    def find(self, path: str, status: os.stat_result) -> Representation | None:
        """Return what is kept of the file as it is now, or None."""
        kept = self._kept.get(path)
        if kept is None or kept[0] != _key(status):
            return None
        self._kept.move_to_end(path)
        return kept[1]

    def keep(
        self, path: str, status: os.stat_result, representation: Representation
    ) -> None:
        """Keep a representation, in place of an older one of the file."""
        self._drop(path)
        self._kept[path] = (_key(status), representation)
        self._octets += representation.octets
        while self._octets > self._max_bytes:
            self._drop(next(iter(self._kept)))

    def _drop(self, path: str) -> None:
        kept = self._kept.pop(path, None)
        self._octets -= kept[1].octets if kept else 0


def _key(status: os.stat_result) -> _Key:
    return (
        status.st_dev,
        status.st_ino,
        status.st_size,
        status.st_mtime_ns,
        status.st_ctime_ns,
    )
