"""What each reader must get, told without a line of Pressroom's.

Where Pressroom counts numbers, this keeps sets: for every reader the posts they wait
for, and those they had. It looks into the store for one thing only: which transactions
of a run that was cut short have been committed.
"""

from __future__ import annotations

import sqlite3
from collections import Counter
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

CADENCES = ("own", "instant", "daily", "weekly", "monthly")
OWN_LANGUAGE = "en"


@dataclass
class Written:
    """A post as its file says it is."""

    work: str
    language: str
    tags: set[str]
    public: bool = True


@dataclass
class Reader:
    """What a reader has chosen, waits for and had."""

    cadence: str = "own"
    tags: set[str] = field(default_factory=set)
    language: str = ""
    paused_until: datetime | None = None
    subscribed: bool = True
    waits: set[str] = field(default_factory=set)
    passed: set[str] = field(default_factory=set)
    had: set[str] = field(default_factory=set)
    due: Counter[str] = field(default_factory=Counter)
    on_their_way: Counter[str] = field(default_factory=Counter)
    in_doubt: Counter[str] = field(default_factory=Counter)


@dataclass
class Opened:
    """An issue that is not frozen: its posts, and those who left since."""

    cadence: str
    posts: set[str]
    left: set[str] = field(default_factory=set)


@dataclass
class Stream:
    """A cadence: until when its periods are past, and what is news since."""

    past: datetime
    news: set[str] = field(default_factory=set)


@dataclass
class Oracle:
    """A newsletter of every cadence, sent on Mondays at nine."""

    store: Path
    posts: dict[str, Written] = field(default_factory=dict)
    known: list[str] = field(default_factory=list)
    readers: dict[str, Reader] = field(default_factory=dict)
    streams: dict[str, Stream] = field(default_factory=dict)
    opened: dict[int, Opened] = field(default_factory=dict)
    issues: int = 0

    def join(self, name: str) -> None:
        """Give a reader what is news to the newsletter's own stream."""
        reader = self.readers.setdefault(name, Reader(subscribed=False))
        if reader.subscribed:
            return
        reader.subscribed, reader.cadence, reader.paused_until = True, "own", None
        reader.tags, reader.language = set(), ""
        news = self.streams["own"].news if self.streams else set()
        reader.waits = news - reader.passed

    def leave(self, name: str) -> None:
        """Let a reader go; what was under way to them may or may not have arrived."""
        reader = self.readers[name]
        reader.subscribed = False
        reader.passed = set(self.known) - reader.waits
        reader.waits = set()
        reader.in_doubt += reader.on_their_way
        reader.on_their_way.clear()
        for issue in self.opened.values():
            issue.left.add(name)

    def run(self, now: datetime, *, whole: bool) -> None:
        """Note what a run at `now` did; `whole` where nothing cut it short."""
        with closing(sqlite3.connect(self.store)) as store:
            row = store.execute("SELECT listed FROM newsletters").fetchone()
            states = dict(
                store.execute("SELECT id, cadence || ' ' || state FROM issues")
            )
        looked = row is not None and row[0] == micros(now)
        assert looked or not whole
        if looked:
            self._list()
            new = [states[n].split()[0] for n in states if n > self.issues]
            assert new == self._open(now, first=self.issues)
            self.issues = max((0, *states))
        for number in list(self.opened):
            if not states[number].endswith(" opened"):
                self._freeze(self.opened.pop(number), now)
        if whole:
            assert not self.opened
            for reader in self.readers.values():
                reader.due += reader.on_their_way
                reader.on_their_way.clear()

    def _list(self) -> None:
        awaited = set().union(*(r.waits for r in self._subscribed().values()))
        if not self._subscribed():
            awaited = self.streams["own"].news if self.streams else set()
        for name in [n for n in self.known if n in awaited]:
            if not self.posts[name].public:
                self._forget(name)
        for name in sorted(self.posts.keys() - set(self.known)):
            if self.posts[name].public:
                self.known.append(name)
                for holder in (*self._subscribed().values(),):
                    holder.waits.add(name)
                for stream in self.streams.values():
                    stream.news.add(name)

    def _forget(self, name: str) -> None:
        self.known.remove(name)
        for reader in self.readers.values():
            reader.waits.discard(name)
            reader.passed.discard(name)
        for place in (*self.streams.values(),):
            place.news.discard(name)
        for issue in self.opened.values():
            issue.posts.discard(name)

    def _open(self, now: datetime, first: int) -> list[str]:
        """Return the cadences that an issue was opened for, in order."""
        found = []
        for cadence in CADENCES:
            if cadence not in self.streams:
                news = set(self.known) if cadence == "own" else set()
                self.streams[cadence] = Stream(now, news)
            stream = self.streams[cadence]
            boundary = last_boundary(cadence, now)
            if any(issue.cadence == cadence for issue in self.opened.values()):
                continue
            if cadence != "instant" and boundary <= stream.past:
                continue
            members = [r for r in self._subscribed().values() if r.cadence == cadence]
            if any(self._wants(r, now) for r in members):
                found.append(cadence)
                self.opened[first + len(found)] = Opened(cadence, set(self.known))
            elif cadence != "instant" or stream.news:
                for reader in members:
                    reader.waits.clear()
            stream.past, stream.news = boundary, set()
        return found

    def _wants(self, reader: Reader, now: datetime) -> bool:
        return not is_paused(reader, now) and any(
            self.posts[name].public and self._concerns(reader, name)
            for name in reader.waits
        )

    def _concerns(self, reader: Reader, name: str) -> bool:
        return not reader.tags or bool(reader.tags & self.posts[name].tags)

    def _freeze(self, issue: Opened, now: datetime) -> None:
        for name, reader in self._subscribed().items():
            if reader.cadence != issue.cadence or name in issue.left:
                continue
            if not is_paused(reader, now):
                for post in self._given(reader, reader.waits & issue.posts):
                    reader.on_their_way[post] += 1
                    reader.had.add(post)
            reader.waits -= issue.posts

    def _given(self, reader: Reader, posts: set[str]) -> list[str]:
        """Return what a reader gets of `posts`, one of each work."""
        chosen: dict[str, list[str]] = {}
        for name in sorted(posts, key=self.known.index):
            post = self.posts[name]
            has_it = name in reader.had or any(
                self.posts[other].work == post.work
                and self.posts[other].language != post.language
                and self.posts[other].public
                for other in reader.had
            )
            if post.public and self._concerns(reader, name) and not has_it:
                chosen.setdefault(post.work, []).append(name)
        return [self._one_of(reader, names) for names in chosen.values()]

    def _one_of(self, reader: Reader, names: list[str]) -> str:
        for language in (reader.language, OWN_LANGUAGE):
            for name in names:
                if self.posts[name].language == language:
                    return name
        return names[0]

    def _subscribed(self) -> dict[str, Reader]:
        return {n: reader for n, reader in self.readers.items() if reader.subscribed}


def is_paused(reader: Reader, now: datetime) -> bool:
    return reader.paused_until is not None and now < reader.paused_until


def last_boundary(cadence: str, now: datetime) -> datetime:
    """Return the newest nine o'clock at which a period of the cadence ended."""
    if cadence == "instant":
        return now
    time = now.replace(hour=9, minute=0, second=0, microsecond=0)
    while time > now or not _falls_on(cadence, time):
        time -= timedelta(days=1)
    return time


def _falls_on(cadence: str, day: datetime) -> bool:
    if cadence == "monthly":
        return day.day == 1
    return cadence == "daily" or day.weekday() == 0


def micros(time: datetime) -> int:
    return (time - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1)
