"""Whatever happens, whenever the store is lost: each post once, and nobody who left.

Random lives are led twice over: up to a backup, on from it, and on again after the
store was lost and that backup put back. An account of its own, which shares no code
with Pressroom, counts what the relay took, by reader and post.
"""

from __future__ import annotations

import re
import shutil
from collections import Counter
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.restore.lives import agree, back_up_world, plan, restore, simplify
from tests.world import CONFIG, World

READERS = ("ann", "bob", "eve", "tom")
CADENCES = ("own", "instant", "daily", "monthly")
POSTS = tuple("abcdefgh")
URL = re.compile(rb"https://example\.org/([a-h])/")
TO = re.compile(rb"X-Receiver: <(\w+)@")

readers = st.sampled_from(READERS)
happenings = st.one_of(
    st.tuples(st.just("post"), st.sampled_from(POSTS)),
    st.tuples(st.just("post"), st.sampled_from(POSTS)),
    st.tuples(st.just("leave"), readers),
    st.tuples(st.just("join"), readers),
    st.tuples(st.just("cadence"), readers, st.sampled_from(CADENCES)),
    st.tuples(st.just("relay")),
)
days = st.lists(
    st.tuples(st.lists(happenings, max_size=3), st.sampled_from([1, 1, 2, 7])),
    max_size=4,
)


class Life:
    """A newsletter that things happen to, and what its readers must and may get."""

    def __init__(self, folder: Path) -> None:
        text = CONFIG.replace("backfill: 5", "backfill: 0")
        text = text.replace("tags: all", "formats: [atom]\n  entries: 1")
        text = text.replace("mail:\n", "mail:\n  batch_size: 1\n")
        text += f"    cadences: [{', '.join(CADENCES[1:])}]\noutbox:\n  ahead: 3\n"
        self.world = World(folder, config=text)
        simplify(self.world)
        self.sent: Counter[tuple[str, str]] = Counter()
        self.subscribed: set[str] = set()
        self.forgotten: set[str] = set()
        self.since: dict[str, int] = {}
        self.written: dict[str, int] = {}
        self.clock = 0
        self.join("ann")
        self.join("bob")
        self.world.run()

    def lead(self, story: list[tuple[list[tuple[Any, ...]], int]]) -> None:
        for steps, length in story:
            for kind, *rest in steps:
                self.clock += 1
                getattr(self, kind)(*rest)
            self.run(length)

    def run(self, length: int = 0) -> None:
        self.world.later(days=length, minutes=1)
        assert self.world.run().errors == []

    def post(self, name: str) -> None:
        if name not in self.written:
            self.written[name] = self.clock
            self.world.post(name, date=f"{self.world.time:%Y-%m-%d}")

    def join(self, name: str) -> None:
        if name not in self.subscribed:
            self.subscribed.add(name)
            self.forgotten.discard(name)
            self.since[name] = self.clock
            self.world.join(f"{name}@example.org", again=True)

    def leave(self, name: str) -> None:
        """Let a reader go: what the relay has not taken by now must not come."""
        if name in self.subscribed:
            self.subscribed.discard(name)
            self.world.leave(f"{name}@example.org")

    def cadence(self, name: str, cadence: str) -> None:
        if name in self.subscribed:
            self.world.choose(f"{name}@example.org", cadence=cadence)

    def relay(self) -> None:
        """Take all that waits; nobody who has left may be among its readers.

        Who joined after the backup may: it was made for them before the loss.
        """
        new = self.world.folder / "outbox" / "new"
        for folder in sorted(new.glob("[!.]*")):
            for file in folder.glob("*.eml"):
                data = file.read_bytes()
                found = TO.search(data)
                assert found
                reader = found[1].decode()
                assert reader in self.subscribed | self.forgotten, f"{reader} has left"
                for post in set(URL.findall(data)):
                    self.sent[reader, post.decode()] += 1
            shutil.rmtree(folder)

    def lose_and_restore(
        self, backup: Path, then: set[str], waiting: list[tuple[Any, ...]]
    ) -> None:
        """Put a backup back; who joined after it is not subscribed any more.

        What happens while the plan waits counts like all else.
        """
        restore(self.world, backup)
        self.forgotten = self.subscribed - then
        self.subscribed &= then
        self.run(1)
        self.lead([(waiting, 1)])
        if plan(self.world) is not None:
            agree(self.world)

    def end(self) -> None:
        """Let all that waits go out: a monthly period ends in it."""
        for _ in range(3):
            for _ in range(6):
                self.run()
                self.relay()
            self.run(33)

    def check(self, always: set[str]) -> None:
        """Nothing came twice; who was there all the time had everything."""
        assert max(self.sent.values(), default=1) == 1
        for reader in always & self.subscribed:
            had = {post for name, post in self.sent if name == reader}
            wanted = {p for p, at in self.written.items() if at >= self.since[reader]}
            assert had >= wanted, f"{reader} lacks {wanted - had}"


@settings(
    max_examples=15, suppress_health_check=[HealthCheck.too_slow], print_blob=True
)
@given(days, days, st.lists(happenings, max_size=3), days)
def test_each_post_once_and_nobody_who_left(
    before: list[Any], since: list[Any], waiting: list[Any], after: list[Any]
) -> None:
    with TemporaryDirectory() as scratch:
        life = Life(Path(scratch) / "site")
        life.lead(before)
        life.relay()
        backup = back_up_world(life.world)
        then = set(life.subscribed)
        life.world.time += timedelta(minutes=1)
        life.lead(since)
        life.run()
        life.lose_and_restore(backup, then, waiting)
        life.lead(after)
        life.end()
        life.check(then)
