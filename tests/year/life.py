"""A life of Pressroom's: what happens around it while its clock runs on.

    time passes → authors, readers and the owner act → a run → a relay → the oracle

All is drawn from one seed. The oracle says before each run which issues it will bring,
when due, and what is in them for whom.
"""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Collection
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

from pipeline.runs.pulse import Outcome
from tests.world import World
from tests.year.author import Author
from tests.year.decisions import Decisions
from tests.year.machine import Machine
from tests.year.oracle import Oracle
from tests.year.owner import SITES, Owner
from tests.year.people import People
from tests.year.records import Held, Issue
from tests.year.relay import Relay

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
LONGEST_WAIT = timedelta(days=32)
"""A month, and the time until the run after it."""

EVERY_BATCH = 1_000_000


@dataclass(frozen=True)
class Scale:
    """How much happens in a life, and how many days; a pass every so many `hours`."""

    start: datetime
    days: int
    readers: int
    posts: int
    hours: int


class Life:
    """One life, drawn from `seed`; `world.time` is what the machine's clock says."""

    def __init__(self, folder: Path, scale: Scale, seed: int) -> None:
        self.dice = Random(seed)
        self.scale = scale
        self.world = World(folder, time=scale.start)
        self.oracle = Oracle()
        self.owner = Owner(self.world, self.oracle, self.dice)
        self.author = Author(self.world, self.oracle, self.dice)
        self.people = People(self.world, self.oracle, self.dice, scale.readers)
        self.decisions = Decisions(self.world, self.oracle, self.dice, self.author)
        self.relay = Relay(folder / "outbox")
        self.machine = Machine(self.world, self.owner, self.dice)
        self.time = self.worked = scale.start
        self.away: set[str] = set()
        self.issues = self.jumps = self.promises = self.floods = self.held = 0
        self.previews = 0
        self.skew = self.longest_wait = timedelta()

    def live(self) -> None:
        """Let everything happen, then let it come to rest, and look at what came."""
        self._begin()
        end = self.scale.start + timedelta(days=self.scale.days)
        while self.time < end:
            self._pass_time()
            self._act()
            self._run()
            self._relay()
        self._rest()

    def tally(self) -> dict[str, object]:
        """Return what happened, in figures."""
        return {
            "passes": self.oracle.turn,
            "crashes": self.machine.crashes,
            "clock jumps": self.jumps,
            "longest wait": str(self.longest_wait),
            "zones": len(self.owner.lived_in),
            "posts": len(self.oracle.posts),
            "issues": self.issues,
            "held": self.held,
            "passes in a flood": self.floods,
            "owner's decisions": self.decisions.made,
            "previews": self.previews,
            "mails": self.relay.messages,
            "posts in mails": sum(self.oracle.arrived.values()),
            "told twice": self.promises,
        }

    def _begin(self) -> None:
        """Let there be posts first, then newsletters, then readers."""
        for site in SITES:
            self.author.begin(site, 4)
        self._run()
        self._serve(self.scale.readers)

    def _pass_time(self) -> None:
        """Go on to the next run: soon, when an issue is due, or after a sleep.

        Now and then its clock is wrong until the next run, or a few more.
        """
        if self.dice.random() < 0.02:
            hours = self.dice.choice([9, 30, 60, 200, 500])
            wait = timedelta(minutes=self.dice.randrange(60 * hours))
        elif self.dice.random() < 0.3:
            wait = self._next_boundary() - self.time
            wait += timedelta(seconds=self.dice.choice([-1, 0, 0, 1, 70]))
            wait = max(wait, timedelta(seconds=1))
        else:
            wait = timedelta(seconds=self.dice.randrange(7_200 * self.scale.hours))
        self.longest_wait = max(self.longest_wait, wait)
        if wait > timedelta(days=1) and self.dice.random() < 0.5:
            self.machine.restart()
        if self.skew:
            self.skew *= self.dice.randrange(2)
        elif self.dice.random() < 0.04 and self.oracle.turn > 20:
            self.skew = timedelta(hours=self.dice.choice([-30, -1, 2, 26, 90, 500]))
            self.jumps += 1
        self._wait(wait)

    def _wait(self, wait: timedelta) -> None:
        self.time += wait
        self.world.time = self.time + self.skew
        self.machine.pass_by(wait)

    def _next_boundary(self) -> datetime:
        """Return when the next issue of whatever newsletter is due."""
        return min(
            rhythm.newest(plan.zone, self.time) + rhythm.period(plan.zone, self.time)
            for plan in self.owner.plans
            for rhythm in plan.rhythms.values()
            if rhythm.kind != "instant"
        )

    def _act(self) -> None:
        """Let everybody act who would have until now."""
        past = (self.time - self.scale.start) / timedelta(days=self.scale.days)
        self._mount()
        self.decisions.decide()
        sites = [site for site in SITES if site.name not in self.away]
        while sites and len(self.oracle.posts) < self.scale.posts * past:
            self.author.write(self.dice.choice(sites))
        for _ in range(self.dice.choice([0, 0, 1, 1, 2])):
            self.author.work(self.away)
        self._serve(self.dice.choice([0, 0, 1, 3, self.scale.readers // 12]))
        if self.owner.moves < 8 * past - 1:
            self.owner.move()
        if len(self.owner.plans) + len(self.owner.resting) < 5 and past > 0.4:
            self.owner.begin_summer()
        elif self.dice.random() < 0.1:
            self.owner.work()

    def _serve(self, deeds: int) -> None:
        self.people.act(self.owner.configuration, deeds)

    def _mount(self) -> None:
        """Take the disk of a site away, or bring one back."""
        for site in SITES:
            folder = self.world.folder / site.folder
            if site.name in self.away and self.dice.random() < 0.5:
                self.away.remove(site.name)
                folder.with_name(f"{site.name}-away").rename(folder)
            elif site.name not in self.away and self.dice.random() < 0.01:
                self.away.add(site.name)
                folder.rename(folder.with_name(f"{site.name}-away"))

    def _run(self) -> None:
        """Let the machine do what it wants to, and compare what it opened."""
        if not self.machine.work():
            # Where a site was away it comes back to that in a few seconds.
            assert (
                self.machine.outcome() is Outcome.TROUBLED
                or self._last_boundary() <= self.worked
            ), "it slept when it was due"
            return
        self.worked = self.world.time
        expected = self._expect()
        assert self.machine.outcome() in self._outcomes()
        self.author.looked(self.away)
        self._compare(expected)
        for number in self.relay.previews():
            self.previews += 1
            self.oracle.preview(number, self.world.time)
        self.floods += bool(self.oracle.flooded)

    def _outcomes(self) -> Collection[Outcome]:
        """Return how a pass may end: not well with a site away, or a broken post."""
        if self.away:
            return [Outcome.TROUBLED]
        broken = any(file.broken for file in self.author.files)
        return [Outcome.WELL, Outcome.FAULTY] if broken else [Outcome.WELL]

    def _last_boundary(self) -> datetime:
        return max(
            rhythm.newest(plan.zone, self.world.time)
            for plan in self.owner.plans
            for rhythm in plan.rhythms.values()
            if rhythm.kind != "instant"
        )

    def _compare(self, expected: list[Issue]) -> None:
        """Compare the issues there are now with those expected, and those only."""
        query = "SELECT id, newsletter, cadence, boundary FROM issues WHERE id > ?"
        with closing(sqlite3.connect(self.world.folder / "var/pressroom.db")) as store:
            rows = store.execute(f"{query} ORDER BY id", [self.issues]).fetchall()
        # There may have been several passes: an instant cadence with more news than
        # one issue may have has the next one in the next pass. And one that was killed
        # has come to some newsletters only.
        for name, count in Counter(row[1] for row in rows).items():
            while sum(issue.newsletter == name for issue in expected) < count and (
                more := self.oracle.go_on(name, self.world.time)
            ):
                expected += more
        rows.sort(key=lambda row: row[1:])
        expected.sort(
            key=lambda issue: (issue.newsletter, issue.cadence, issue.boundary)
        )
        opened = [(*row[1:3], EPOCH + timedelta(microseconds=row[3])) for row in rows]
        due = [(i.newsletter, i.cadence, i.boundary) for i in expected]
        assert opened == due, f"opened {opened}, where {due} were due"
        for (number, *_), issue in zip(rows, expected, strict=True):
            self.issues = max(number, self.issues)
            self.held += issue.state is Held.WAITING
            self.oracle.send(number, issue)

    def _expect(self) -> list[Issue]:
        return self.oracle.run(self.world.time, self.away)

    def _relay(self, most: int | None = None) -> None:
        """Let the relay take what waits, some of it, or nothing."""
        if most is None:
            most = self.dice.choice([EVERY_BATCH, EVERY_BATCH, EVERY_BATCH, 3, 1, 0])
        for number, reader, mail in self.relay.take(most):
            self.oracle.arrive(number, reader, mail)

    def _rest(self) -> None:
        """Let nothing happen any more until everything that waits has come."""
        self.skew = timedelta()
        self.owner.settle()
        while self.away:
            self._mount()
        for _ in range(3):
            self._wait(LONGEST_WAIT)
            self._run()
            self.decisions.let_all_go()
            self._wait(timedelta(minutes=2))
            self._run()
            while self.oracle.under_way:
                before = self.relay.batches
                self._relay(EVERY_BATCH)
                assert self.relay.batches > before, "nothing comes any more"
                self._wait(timedelta(minutes=2))
                self._run()
        assert self.previews == self.held, "a preview came twice, or not at all"
        self.promises = self.oracle.close(self.world.time)
