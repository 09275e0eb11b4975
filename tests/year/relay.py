"""A relay that takes batches as outbox/README.md says: quick, slow, or not at all."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from tests.year.records import Mail

BATCH = re.compile(r"(?P<newsletter>.+)-(?P<issue>\d{6})-\d{3}-\d{4}")
LETTERS = "0-letters-"
PREVIEW = re.compile(rb"^\$? *pressroom issue release (\d+)", re.MULTILINE)
TO = re.compile(rb"X-Receiver: <([^>]+)>")
LANGUAGE = re.compile(rb"Content-Language: (\S+)")
POST = re.compile(rb"\[(p\d{3}) take \d+\]")


class Relay:
    """Empties an outbox, and reads what it sends."""

    def __init__(self, outbox: Path) -> None:
        self.outbox = outbox
        self.batches = self.messages = 0

    def take(self, most: int) -> Iterator[tuple[int, str, Mail]]:
        """Yield issue, reader and mail of each message of at most so many batches."""
        for name in self._waiting()[:most]:
            match = BATCH.fullmatch(name)
            assert match, name
            for message in self._send(name):
                self.messages += 1
                yield int(match["issue"]), *_read(message)

    def previews(self) -> Iterator[int]:
        """Yield the issue of each preview; letters to the owner are sent at once."""
        for name in self._waiting(letters=True):
            for message in self._send(name):
                if found := PREVIEW.search(message):
                    yield int(found[1])

    def _waiting(self, *, letters: bool = False) -> list[str]:
        folders = (self.outbox / "new").glob("[!.]*")
        names = sorted(path.name for path in folders if path.is_dir())
        return [name for name in names if name.startswith(LETTERS) is letters]

    def _send(self, name: str) -> list[bytes]:
        claimed = (self.outbox / "new" / name).rename(self.outbox / "cur" / name)
        messages = [file.read_bytes() for file in sorted(claimed.glob("*.eml"))]
        claimed.rename(self.outbox / "sent" / name)
        self.batches += 1
        return messages


def _read(message: bytes) -> tuple[str, Mail]:
    """Return whose a message is, and its posts: the same ones in text and HTML."""
    whole = message.replace(b"=\r\n", b"")
    to, language = TO.findall(whole), LANGUAGE.findall(whole)
    posts = Counter(POST.findall(whole))
    assert set(posts.values()) == {2}, whole
    names = frozenset(name.decode() for name in posts)
    return to[0].decode(), (names, language[0].decode())
