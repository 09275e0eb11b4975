"""The daemon, tick by tick, with a clock of the test's own."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from pipeline.base.lock import exclusive_lock
from pipeline.base.log import LogStyle, open_log
from pipeline.config.settings import Configuration
from pipeline.daemon.daemon import Daemon, NoPages, Pages, Surroundings
from pipeline.daemon.passes import Times
from pipeline.runs.events import Events
from pipeline.runs.pulse import Outcome, Pulse, Vitals
from tests.daemon.times import Watchmaker
from tests.world import World


@dataclass
class House:
    """A world with a daemon in it, whose time is the world's, and the lines it logs."""

    world: World
    times: Watchmaker = field(default_factory=Watchmaker)
    log: list[str] = field(default_factory=list)
    pages: Pages = field(default_factory=NoPages)

    def __post_init__(self) -> None:
        self.pulse = Pulse(self.times)
        around = Surroundings(
            times=Times(clock=self.times, alarm=self.times),
            load=self.load,
            events=Events(open_log(LogStyle(), self.log.append, self.times)),
            pages=self.pages,
        )
        self.daemon = Daemon(self.world.configuration(), around, self.pulse)

    def load(self) -> Configuration:
        return self.world.configuration()

    def tick(self, seconds: float = 0.0) -> Vitals:
        self.times.pass_by(seconds)
        self.world.time = self.times.time
        self.daemon.tick()
        return self.pulse.vitals()

    def told(self) -> list[str]:
        """Return the names of the events since the last time, in order."""
        names = [line.split()[2] for line in self.log]
        self.log.clear()
        return names

    def passes(self) -> int:
        return sum(self.pulse.vitals().passes.values())


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    house = House(World(tmp_path))
    house.world.post("one")
    yield house
    house.daemon.close()


def test_the_first_tick_makes_a_pass(house: House) -> None:
    vitals = house.tick()
    assert vitals.last_outcome is Outcome.WELL
    assert "One" in house.world.feed()
    assert vitals.last_tick == house.times.now()


def test_with_nothing_to_do_a_tick_makes_no_pass(house: House) -> None:
    house.tick()
    for _ in range(50):
        house.tick(1)
    assert house.passes() == 1


def test_the_folders_are_looked_at_every_minute_whoever_told_of_a_change(
    house: House,
) -> None:
    house.tick()
    house.world.post("two")
    house.tick(59)
    assert "Two" not in house.world.feed()
    house.tick(1)
    assert "Two" in house.world.feed()


def test_an_issue_goes_out_at_the_second_it_is_due(house: House) -> None:
    house.times.set_clock(days=2, hours=23, minutes=59)  # Monday, 08:59
    house.world.join("ann@example.org")
    house.tick()
    house.world.take_all()  # the issue of the backfill
    house.world.post("two", date="2026-11-23")
    house.tick(30)
    house.daemon.call()
    assert house.tick(29).last_outcome is Outcome.WELL
    assert house.world.messages() == []
    house.tick(1)
    assert [m["Subject"] for m in house.world.messages()] == ["Weekly #2: Two"]


def test_a_once_under_way_is_no_failure(house: House) -> None:
    lock = house.world.folder / "var" / "lock"
    lock.parent.mkdir()
    with exclusive_lock(lock):
        assert house.tick().last_outcome is Outcome.BUSY
    vitals = house.tick(2)
    assert vitals.last_outcome is Outcome.WELL
    assert vitals.failures == {}
