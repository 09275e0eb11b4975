"""A relay that takes batches as outbox/README.md says: quick, slow, or not at all."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from tests.year.records import Mail

BATCH = re.compile(r"(?P<newsletter>.+)-(?P<issue>\d{6})-\d{3}-\d{4}")
TO = re.compile(rb"X-Receiver: <([^>]+)>")
LANGUAGE = re.compile(rb"Content-Language: (\S+)")
POST = re.compile(rb"\[(p\d{3}) take \d+\]")


class Relay:
    """Empties an outbox, and reads what it sends."""

    def __init__(self, outbox: Path) -> None:
        self.outbox = outbox
        self.messages = 0

    def take(self, most: int) -> Iterator[tuple[int, str, Mail]]:
        """Yield issue, reader and mail of each message of at most so many batches."""
        new = self.outbox / "new"
        waiting = sorted(path for path in new.glob("[!.]*") if path.is_dir())
        for folder in waiting[:most]:
            match = BATCH.fullmatch(folder.name)
            assert match, folder
            claimed = folder.rename(self.outbox / "cur" / folder.name)
            for file in sorted(claimed.glob("*.eml")):
                self.messages += 1
                yield int(match["issue"]), *_read(file.read_bytes())
            claimed.rename(self.outbox / "sent" / folder.name)


def _read(message: bytes) -> tuple[str, Mail]:
    """Return whose a message is, and its posts: the same ones in text and HTML."""
    whole = message.replace(b"=\r\n", b"")
    to, language = TO.findall(whole), LANGUAGE.findall(whole)
    posts = Counter(POST.findall(whole))
    assert set(posts.values()) == {2}, whole
    names = frozenset(name.decode() for name in posts)
    return to[0].decode(), (names, language[0].decode())
