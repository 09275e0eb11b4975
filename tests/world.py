"""A small site of a test's own: posts, configuration, readers, a clock that stands."""

from __future__ import annotations

import os
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from functools import lru_cache
from pathlib import Path
from typing import Any

from pipeline.base.clock import FixedClock
from pipeline.config.load import load_configuration
from pipeline.config.settings import Configuration
from pipeline.outbox.spool import Spool
from pipeline.runs.once import run_once
from pipeline.runs.readers.choosing import choose, find_choice
from pipeline.runs.readers.signup import Joining, Outcome, join, leave
from pipeline.runs.report import Report, Silent
from pipeline.store.database import Database, open_store
from pipeline.store.subscribers import find_subscriber
from pipeline.subscribers.address import normalise

NOW = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)  # a Friday

CONFIG = """\
sites:
  - folder: content
    url: https://example.org/
    title: Example
    author: Ann
feeds:
  tags: all
mail:
  settle: 0
  unsubscribe_address: leave@example.org
newsletters:
  - name: weekly
    title: Weekly
    schedule: every monday 09:00
    sender: Ann <ann@example.org>
    postal_address: 1 Main Street
    backfill: 5
"""


@lru_cache(maxsize=8)
def _configuration(path: Path, _: bytes) -> Configuration:
    """Return the configuration at a path, read again where its bytes are others.

    Reading YAML takes longer than all else of a run with nothing to do.
    """
    return load_configuration(path).configuration


@dataclass
class World:
    """A folder with config.yaml and content/, run at `time`, which tests move."""

    folder: Path
    time: datetime = NOW
    config: str = CONFIG
    readers: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        (self.folder / "content").mkdir(parents=True, exist_ok=True)
        self.configure(self.config)

    def configure(self, text: str) -> None:
        self.config = text
        (self.folder / "config.yaml").write_text(text, encoding="utf-8")

    def configuration(self) -> Configuration:
        path = self.folder / "config.yaml"
        return _configuration(path, path.read_bytes())

    def write(self, path: str, content: str | bytes) -> Path:
        """Write a file below the folder, a minute older than the world's time."""
        target = self.folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        data = content.encode() if isinstance(content, str) else content
        target.write_bytes(data)
        self.age(target)
        return target

    def age(self, path: Path) -> None:
        """Make a file older than the next scan, as it would be a minute later."""
        seconds = (self.time - timedelta(minutes=1)).timestamp()
        os.utime(path, (seconds, seconds))

    def post(
        self, name: str, body: str = "Words.", date: str = "2026-11-19", **fields: str
    ) -> Path:
        """Write content/NAME.md with YAML front matter."""
        matter = {"title": name.capitalize(), "date": date} | fields
        lines = "".join(f"{key}: {value}\n" for key, value in matter.items())
        return self.write(f"content/{name}.md", f"---\n{lines}---\n{body}\n")

    def later(self, **delta: float) -> None:
        """Let time pass."""
        self.time += timedelta(**delta)

    def run(self) -> Report:
        """Do what `pressroom once` does."""
        return run_once(self.configuration(), FixedClock(self.time), Silent())

    def store(self) -> Database:
        return open_store(self.folder / "var" / "pressroom.db")

    def join(self, address: str, language: str = "", *, again: bool = False) -> Outcome:
        """Subscribe an address to every newsletter, `again` also if they had left."""
        names = tuple(n.name for n in self.configuration().newsletters)
        joining = Joining(
            address=normalise(address),
            newsletters=names,
            source="test",
            language=language,
        )
        database = self.store()
        with database.transaction() as tx:
            outcome = join(tx, joining, self.time, again=again)
        database.close()
        return outcome

    def choose(self, address: str, newsletter: str = "weekly", **changes: Any) -> None:
        """Change what a reader gets of a newsletter, by the fields of Choice."""
        (settings,) = (
            n for n in self.configuration().newsletters if n.name == newsletter
        )
        database = self.store()
        with database.transaction() as tx:
            reader = find_subscriber(tx, normalise(address).key)
            assert reader is not None
            choice = replace(find_choice(tx, reader, newsletter), **changes)
            choose(tx, reader, settings, choice)
        database.close()

    def leave(self, address: str, newsletter: str = "") -> None:
        """Have a reader leave a newsletter, or all of them."""
        database = self.store()
        with database.transaction() as tx:
            reader = find_subscriber(tx, normalise(address).key)
        assert reader is not None
        spool = Spool(self.folder / "outbox")
        leave(database, spool, reader, self.time, newsletter)
        database.close()

    def feed(self, name: str = "rss.xml") -> str:
        return (self.folder / "public" / name).read_text(encoding="utf-8")

    def feeds(self) -> dict[str, tuple[bytes, int]]:
        """Return every file of the output with its bytes and mtime."""
        public = self.folder / "public"
        return {
            str(path.relative_to(public)): (path.read_bytes(), path.stat().st_mtime_ns)
            for path in sorted(public.rglob("*"))
            if path.is_file()
        }

    def batches(self) -> list[str]:
        """Return the names of the published, unclaimed batches."""
        return sorted(Spool(self.folder / "outbox").unclaimed())

    def messages(self) -> list[EmailMessage]:
        """Return every message that lies in the outbox for a relay, in order."""
        files = sorted((self.folder / "outbox" / "new").glob("[!.]*/*.eml"))
        return [read_message(path) for path in files]

    def got(self) -> dict[str, list[str]]:
        """Return the subjects in the outbox by reader."""
        subjects: dict[str, list[str]] = {}
        for message in self.messages():
            subjects.setdefault(str(message["To"]), []).append(str(message["Subject"]))
        return subjects

    def take_all(self) -> None:
        """Claim and finish every batch, as a relay does."""
        spool = Spool(self.folder / "outbox")
        for name in self.batches():
            spool.claim(name)
            spool.finish(name)

    def take_all_letters(self) -> None:
        """Claim and finish what goes to the owner alone, as a relay does."""
        spool = Spool(self.folder / "outbox")
        for name in self.batches():
            if name.startswith("0-letters-owner-"):
                spool.claim(name)
                spool.finish(name)


def read_message(path: Path) -> EmailMessage:
    """Return the message of an outbox file, without its two envelope lines."""
    data = path.read_bytes().split(b"\r\n", 2)[2]
    message = message_from_bytes(data, policy=policy.default)
    assert isinstance(message, EmailMessage)
    return message


def part(message: EmailMessage, kind: str) -> str:
    """Return the decoded `plain` or `html` part."""
    body = message.get_body((kind,))
    assert body is not None
    return str(body.get_content())
