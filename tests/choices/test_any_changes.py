"""Whatever readers choose and whenever: each gets exactly the posts they chose, once.

Random stories are played, of readers, posts and a machine that stops at any time, and
an oracle (tests/choices/oracle.py) tells what everybody must have got.
"""

from __future__ import annotations

import re
from collections import Counter
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipeline.subscribers.choice import Topics
from tests.choices.oracle import CADENCES, Oracle, Written
from tests.crash import kill_after
from tests.world import CONFIG, World

READERS = ("ann", "bob", "eve")
TAGS = ("maths", "music")
# Two works in two languages, one of them tagged, and two posts of their own.
POSTS = {
    "a": ("one", "en"),
    "b": ("one", "zh"),
    "c": ("two", "zh"),
    "d": ("two", "en"),
    "e": ("five", "en"),
    "f": ("six", "zh"),
}
PAGE = "{% for post in posts %}{{ post.url }} {% endfor %}{{ unsubscribe_url }}"
URL = re.compile(rb"https://example\.org/([a-f])/")
TO = re.compile(rb"X-Receiver: <(\w+)@")
MOST_TRANSACTIONS = 30

Sent = Counter[tuple[str, str]]
Step = tuple[Any, ...]

readers = st.sampled_from(READERS)
posts = st.sampled_from(sorted(POSTS))
writing = st.one_of(
    st.tuples(st.just("post"), posts, st.sets(st.sampled_from(TAGS))),
    st.tuples(st.just("post"), posts, st.just(frozenset(TAGS))),
    st.tuples(st.just("withdraw"), posts),
)
choosing = st.one_of(
    st.tuples(st.just("cadence"), readers, st.sampled_from(CADENCES)),
    st.tuples(st.just("cadence"), readers, st.sampled_from(CADENCES)),
    st.tuples(st.just("topics"), readers, st.sets(st.sampled_from(TAGS))),
    st.tuples(st.just("language"), readers, st.sampled_from(["", "en", "zh"])),
    st.tuples(st.just("pause"), readers, st.sampled_from([0, 2, 9])),
    st.tuples(st.just("leave"), readers),
    st.tuples(st.just("join"), readers),
)
running = st.one_of(
    st.tuples(st.just("run"), st.sampled_from([0, 1, 1, 2, 7, 33])),
    st.tuples(st.just("run"), st.just(1)),
    st.tuples(st.just("crash"), st.integers(1, MOST_TRANSACTIONS)),
)
days = st.tuples(st.lists(writing, max_size=2), st.lists(choosing, max_size=2), running)


class Story:
    """A newsletter that things happen to, and the oracle that watches."""

    def __init__(self, folder: Path) -> None:
        text = CONFIG.replace("backfill: 5", "backfill: 0")
        text = text.replace("tags: all", "formats: [atom]\n  entries: 1")
        cadences = ", ".join(CADENCES[1:])
        self.world = World(folder, config=f"{text}    cadences: [{cadences}]\n")
        self.world.write("templates/digest.html", f"<html><body>{PAGE}</body></html>")
        self.world.write("templates/digest.txt", PAGE)
        self.oracle = Oracle(folder / "var" / "pressroom.db")
        self.sent: Sent = Counter()
        for name in READERS[:2]:
            self.do(("join", name))
        self.do(("run", 0))

    def do(self, step: Step) -> None:
        """Let one thing happen, in the world and to the oracle."""
        kind, *rest = step
        getattr(self, f"_{kind}")(*rest)

    def _post(self, name: str, tags: set[str]) -> None:
        work, language = POSTS[name]
        self.oracle.posts[name] = Written(work, language, tags)
        self._write(name)

    def _withdraw(self, name: str) -> None:
        if name in self.oracle.posts:
            self.oracle.posts[name].public = False
            self._write(name)

    def _write(self, name: str) -> None:
        post = self.oracle.posts[name]
        self.world.post(
            name,
            date="2026-11-20",
            translationKey=post.work,
            language=post.language,
            tags=f"[{', '.join(sorted(post.tags))}]",
            draft=str(not post.public).lower(),
        )

    def _join(self, name: str) -> None:
        self.world.join(f"{name}@example.org", again=True)
        self.oracle.join(name)

    def _leave(self, name: str) -> None:
        if self._is_subscribed(name):
            self.world.leave(f"{name}@example.org")
            self.oracle.leave(name)

    def _cadence(self, name: str, cadence: str) -> None:
        if self._is_subscribed(name):
            self.world.choose(f"{name}@example.org", cadence=cadence)
            self.oracle.readers[name].cadence = cadence

    def _topics(self, name: str, tags: set[str]) -> None:
        if self._is_subscribed(name):
            self.world.choose(f"{name}@example.org", topics=Topics.of(tags=tags))
            self.oracle.readers[name].tags = tags

    def _language(self, name: str, language: str) -> None:
        if self._is_subscribed(name):
            self.world.choose(f"{name}@example.org", language=language)
            self.oracle.readers[name].language = language

    def _pause(self, name: str, days: int) -> None:
        if self._is_subscribed(name):
            until = self.world.time + timedelta(days=days) if days else None
            self.world.choose(f"{name}@example.org", paused_until=until)
            self.oracle.readers[name].paused_until = until

    def _run(self, days: int) -> None:
        self.world.later(days=days, minutes=1)
        report = self.world.run()
        assert report.errors == []
        self._relay()
        self.oracle.run(self.world.time, whole=True)

    def _crash(self, transactions: int) -> None:
        """Let a run go on for so many transactions, and no further."""
        self.world.later(days=1, minutes=1)
        with kill_after(transactions) as killed:
            self.world.run()
        self._relay()
        self.oracle.run(self.world.time, whole=not killed)

    def _relay(self) -> None:
        for file in (self.world.folder / "outbox" / "new").glob("[!.]*/*.eml"):
            data = file.read_bytes()
            (to,) = TO.findall(data)
            for post in set(URL.findall(data)):
                self.sent[to.decode(), post.decode()] += 1
        self.world.take_all()

    def _is_subscribed(self, name: str) -> bool:
        reader = self.oracle.readers.get(name)
        return reader is not None and reader.subscribed

    def check(self) -> None:
        """Compare what was sent with what everybody was to get."""
        assert max(self.sent.values(), default=1) == 1
        for name, reader in self.oracle.readers.items():
            sent = {post for to, post in self.sent if to == name}
            due, doubtful = set(reader.due), set(reader.in_doubt)
            assert max(reader.due.values(), default=1) == 1
            assert sent - doubtful == due - doubtful, name
            assert sent <= due | doubtful, name


@settings(
    max_examples=50, suppress_health_check=[HealthCheck.too_slow], print_blob=True
)
@given(st.lists(days, min_size=5, max_size=12))
def test_each_reader_gets_exactly_the_posts_they_chose_once(
    story: list[tuple[list[Step], list[Step], Step]],
) -> None:
    with TemporaryDirectory() as folder:
        told = Story(Path(folder) / "site")
        for written, chosen, run in story:
            for step in (*written, *chosen, run):
                told.do(step)
        for wait in (1, 7, 33):
            told.do(("run", wait))
        told.check()
