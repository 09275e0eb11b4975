"""The daemon, tick by tick, with a clock of the test's own."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import pytest

from pipeline.base.errors import BusyError
from pipeline.base.lock import exclusive_lock
from pipeline.base.log import LogStyle, open_log
from pipeline.config.settings import Configuration
from pipeline.daemon.daemon import Daemon, NoPages, Pages, Surroundings, only_daemon
from pipeline.daemon.notify import Notifier
from pipeline.daemon.passes import BATCHES_A_PASS, Times
from pipeline.digest.page import Page, PageContext, render_page
from pipeline.runs import once
from pipeline.runs.events import Events
from pipeline.runs.issues import freezing
from pipeline.runs.pace import Pace
from pipeline.runs.pulse import Outcome, Pulse, Vitals
from pipeline.runs.telling import Event, tell_owner
from pipeline.store.database import Database
from pipeline.store.standing import standing_troubles
from pipeline.subscribers.choice import Topics
from tests.daemon.test_heart import Spoken
from tests.daemon.times import Watchmaker
from tests.world import CONFIG, NOW, World, part


@dataclass
class Refused(NoPages):
    """Pages that cannot be served for so many times, or at all."""

    refusals: int = 1_000
    down: bool = False

    def start(self, configuration: Configuration) -> None:
        if self.refusals:
            self.refusals -= 1
            raise BusyError("the port is taken")
        self.down = False

    def is_down(self) -> bool:
        return self.down


@dataclass
class House:
    """A world with a daemon in it, whose time is the world's, and the lines it logs."""

    world: World
    times: Watchmaker = field(default_factory=Watchmaker)
    log: list[str] = field(default_factory=list)
    pages: Pages = field(default_factory=NoPages)
    notifier: Notifier = field(default_factory=Notifier)

    def __post_init__(self) -> None:
        self.pulse = Pulse(self.times)
        around = Surroundings(
            times=Times(clock=self.times, alarm=self.times),
            load=self.load,
            events=Events(open_log(LogStyle(), self.log.append, self.times)),
            pages=self.pages,
            notifier=self.notifier,
        )
        self.daemon = Daemon(self.world.configuration(), around, self.pulse)

    def load(self) -> Configuration:
        """Read the configuration again, as at SIGHUP."""
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


def test_a_once_that_hangs_is_told_and_is_no_job_that_fails(house: House) -> None:
    house.tick()
    since = house.times.time + timedelta(seconds=60)
    house.log.clear()
    with exclusive_lock(house.world.folder / "var" / "lock"):
        house.tick(60)
        for _ in range(149):
            vitals = house.tick(2)
        assert (vitals.failing, house.log) == ({}, [])
        house.tick(2)
        for _ in range(100):
            vitals = house.tick(2)
        failing = vitals.failing["lock"]
        assert failing.since == since
        assert failing.error.startswith("nothing is done meanwhile: another run is ")
        assert failing.error.endswith(", or end it if it hangs")
        assert house.told() == ["job_failed"]
    vitals = house.tick(2)
    assert (vitals.failing, vitals.last_outcome) == ({}, Outcome.WELL)
    assert house.told() == ["job_recovered"]
    with closing(house.world.store()) as database, database.transaction() as tx:
        assert standing_troubles(tx) == []


def test_a_post_appears_at_the_second_it_is_dated(house: House) -> None:
    house.world.post("later", date="2026-11-20 09:00:40")
    house.tick()
    assert "Later" not in house.world.feed()
    house.tick(39)
    assert house.passes() == 1
    house.tick(1)
    assert "Later" in house.world.feed()


def test_a_file_that_was_changed_is_looked_at_before_the_minute(house: House) -> None:
    house.tick()
    house.world.post("two")
    house.daemon.call()
    house.tick(1)
    assert "Two" in house.world.feed()


def test_what_another_process_writes_wakes_it(house: House) -> None:
    house.tick()
    house.world.join("ann@example.org")
    house.tick(5)
    assert list(house.world.got()) == ["ann@example.org"]


SMALL_BATCHES = CONFIG.replace(
    "mail:\n", "outbox:\n  ahead: 2\nmail:\n  batch_size: 1\n"
)


def test_mail_goes_on_when_the_relay_has_made_room(house: House) -> None:
    house.world.configure(SMALL_BATCHES)
    for n in range(5):
        house.world.join(f"reader-{n}@example.org")
    house.daemon.reload()
    house.tick()
    assert len(house.world.batches()) == 2
    house.tick(5)
    assert house.passes() == 1, "nothing to do while the outbox is full"
    for _ in range(2):
        house.world.take_all()
        house.tick(5)
    assert house.passes() == 3


def test_letters_go_on_when_the_relay_has_taken_those_before(house: House) -> None:
    house.world.configure(CONFIG + "owner:\n  address: owner@example.org\n")
    house.daemon.reload()
    house.tick()
    for key in ("first", "second"):
        with closing(house.world.store()) as store, store.transaction() as tx:
            values = {"found": "older store"}
            tell_owner(tx, Event(key=key, kind="restore", values=values), NOW)
        house.tick(5)
    assert len(house.world.messages()) == 1
    before = house.passes()
    house.tick(5)
    assert house.passes() == before, "nothing to do while they lie there"
    house.world.take_all()
    house.tick()
    assert len(house.world.messages()) == 1


def test_a_template_of_mail_counts_as_soon_as_it_is_saved(tmp_path: Path) -> None:
    world = World(tmp_path, config=CONFIG.replace("every monday 09:00", "instant"))
    world.post("one")
    world.join("ann@example.org")
    house = House(world)
    house.tick()
    world.take_all()
    world.write("templates/digest.txt", "Own words. {{ unsubscribe_url }}")
    world.post("two", date="2026-11-20")
    house.tick(60)
    house.daemon.close()
    (message,) = world.messages()
    assert part(message, "plain").startswith("Own words.")


def test_a_long_delivery_does_not_keep_feeds_waiting(house: House) -> None:
    house.world.configure(SMALL_BATCHES.replace("ahead: 2", "ahead: 100"))
    for n in range(BATCHES_A_PASS + 5):
        house.world.join(f"reader-{n}@example.org")
    house.daemon.reload()
    house.tick()
    assert len(house.world.batches()) == BATCHES_A_PASS
    house.world.post("two")
    house.tick(1)
    assert "Two" in house.world.feed()
    assert len(house.world.batches()) == BATCHES_A_PASS + 5


def test_a_delivery_under_way_ends_after_a_batch_when_a_file_has_changed(
    house: House,
) -> None:
    pace = Pace(batches=10, is_called=lambda: True)
    assert (pace.goes_on(0), pace.goes_on(1)) == (True, False)


def choosy(folder: Path, readers: int) -> World:
    """Return a world whose readers choose other tags each: a page and a batch each."""
    world = World(folder)
    for n in range(5):
        world.post(f"p{n}", tags=f"[t{n}]")
    for n in range(readers):
        world.join(f"r{n}@example.org")
        world.choose(f"r{n}@example.org", topics=Topics.of(tags=[f"t{n}"]))
    return world


def beats(world: World) -> int:
    spoken = Spoken(watchdog_seconds=0)
    house = House(world, notifier=spoken)
    house.tick()
    house.daemon.close()
    return spoken.lines.count("alive")


def test_each_page_and_each_batch_of_an_issue_feeds_the_watchdog(
    tmp_path: Path,
) -> None:
    few, many = (choosy(tmp_path / str(n), n) for n in (2, 5))
    assert beats(many) - beats(few) == 3 + 3


def test_it_stops_between_two_pages_of_an_issue(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    world, made = choosy(tmp_path, 5), list[Page]()
    house = House(world)

    def render(context: PageContext) -> Page:
        house.daemon.stop("SIGTERM")
        made.append(render_page(context))
        return made[-1]

    monkeypatch.setattr(freezing, "render_page", render)
    assert house.tick().last_outcome is Outcome.HALTED
    assert len(made) == 1
    assert world.messages() == []
    house.daemon.close()
    world.run()
    assert len(world.messages()) == 5


def test_a_site_that_is_gone_is_tried_again_ever_less_often(house: House) -> None:
    house.tick()
    content = house.world.folder / "content"
    content.rename(house.world.folder / "away")
    house.daemon.call()
    assert house.tick(1).last_outcome is Outcome.TROUBLED
    tries = [
        n for n in range(1, 31) if house.passes() != (house.tick(1), house.passes())[1]
    ]
    assert tries == [2, 6, 14, 30]
    failing = house.pulse.vitals().failing["work"]
    assert failing.count == 5
    assert "content" in failing.error
    (house.world.folder / "away").rename(content)
    vitals = house.tick(60)
    assert vitals.last_outcome is Outcome.WELL
    assert vitals.failing == {}


def test_a_store_that_is_broken_is_no_end(house: House) -> None:
    house.tick()
    store = house.world.folder / "var" / "pressroom.db"
    for path in store.parent.glob("pressroom.db*"):
        path.rename(path.with_name(f"kept-{path.name}"))
    store.write_bytes(b"no store at all" * 1_000)
    house.daemon.call()
    vitals = house.tick(1)
    assert vitals.last_outcome is Outcome.FAILED
    assert "pass" in vitals.failing
    for path in store.parent.glob("pressroom.db*"):
        path.unlink()
    for path in store.parent.glob("kept-*"):
        path.rename(path.with_name(path.name.removeprefix("kept-")))
    vitals = house.tick(4)
    assert vitals.last_outcome is Outcome.WELL
    assert vitals.failing == {}


def test_a_new_configuration_holds_from_the_next_tick(house: House) -> None:
    house.tick()
    house.world.configure(CONFIG.replace("title: Example", "title: Renamed"))
    house.daemon.reload()
    house.tick(1)
    assert "<title>Renamed</title>" in house.world.feed()


@pytest.mark.parametrize(
    "wrong", ["sites: []\n", CONFIG + "store:\n  path: elsewhere.db\n"]
)
def test_one_that_is_wrong_changes_nothing(house: House, wrong: str) -> None:
    house.tick()
    before = house.world.feeds()
    house.world.configure(wrong)
    house.daemon.reload()
    vitals = house.tick(60)
    assert vitals.last_outcome is Outcome.WELL
    assert vitals.refused is not None
    assert house.world.feeds() == before
    assert not (house.world.folder / "elsewhere.db").exists()
    house.world.configure(CONFIG)
    house.daemon.reload()
    assert house.tick(1).refused is None


def test_one_whose_pages_cannot_be_served_changes_nothing(tmp_path: Path) -> None:
    house = House(World(tmp_path), pages=Refused())
    house.world.post("one")
    house.tick()
    house.world.configure(CONFIG.replace("title: Example", "title: Renamed"))
    house.daemon.reload()
    house.tick(60)
    assert "<title>Example</title>" in house.world.feed()
    house.daemon.close()


def test_pages_that_are_down_keep_no_new_configuration_back(tmp_path: Path) -> None:
    house = House(World(tmp_path), pages=Refused(down=True))
    house.world.post("one")
    house.tick()
    house.world.configure(CONFIG.replace("title: Example", "title: Renamed"))
    house.daemon.reload()
    house.tick(1)
    assert "<title>Renamed</title>" in house.world.feed()
    assert "reloaded" in house.told()
    house.daemon.close()


def test_pages_that_are_down_are_started_again(tmp_path: Path) -> None:
    pages = Refused(refusals=2)
    house = House(World(tmp_path), pages=pages)
    pages.down = True
    for _ in range(10):
        house.tick(1)
    assert not pages.down
    assert house.pulse.vitals().failures["pages"] == 2
    house.daemon.close()


def test_a_second_daemon_of_a_store_is_refused(house: House) -> None:
    configuration = house.world.configuration()
    told = pytest.raises(BusyError, match="a daemon runs already")
    with only_daemon(configuration), told, only_daemon(configuration):
        pass


def test_told_to_stop_it_begins_no_pass(house: House) -> None:
    house.daemon.stop("SIGTERM")
    house.tick()
    assert house.passes() == 0


def test_it_runs_until_it_is_told_to_stop(house: House) -> None:
    def meanwhile() -> None:
        if len(house.times.naps) == 3:
            house.times.set_clock(hours=1)
        if len(house.times.naps) == 5:
            house.daemon.stop("SIGTERM")

    house.times.meanwhile = meanwhile
    house.daemon.run()
    vitals = house.pulse.vitals()
    assert vitals.clock_jumps == 1
    assert vitals.last_outcome is Outcome.WELL


def test_a_store_that_was_opened_for_reading_only_is_opened_anew(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As SQLite does by itself where the disk fails at that moment."""
    really, opened = once.open_store, list[Database]()

    def open_first_for_reading(path: Path) -> Database:
        database = really(path)
        if not opened:
            database._connection.execute("PRAGMA query_only = ON")
        opened.append(database)
        return database

    monkeypatch.setattr(once, "open_store", open_first_for_reading)
    assert house.tick().last_outcome is Outcome.FAILED
    assert house.tick(10).last_outcome is Outcome.WELL
    assert len(opened) == 2
