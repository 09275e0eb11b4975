"""What fails for an hour is told its owner by mail, once, and once more when over."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from pipeline.base.clock import FixedClock
from pipeline.base.log import LogStyle, open_log
from pipeline.runs import once
from pipeline.runs.events import Events
from pipeline.runs.once import Works
from pipeline.runs.owner import measures
from pipeline.runs.report import Report, Silent
from pipeline.runs.telling import Event, tell_owner
from pipeline.store.standing import (
    Trouble,
    find_last_pass,
    last_scans,
    standing_troubles,
)
from tests.world import NOW, World, part

OWNER = "owner@example.org"
GIGABYTE = 10**9


@pytest.fixture(autouse=True)
def roomy(monkeypatch: pytest.MonkeyPatch) -> dict[str, int]:
    """Give what is free on disks, whatever machine this is."""
    free = {"store": 90 * GIGABYTE, "outbox": 80 * GIGABYTE, "output": 90 * GIGABYTE}
    monkeypatch.setattr("pipeline.runs.owner.troubles.measure_disks", lambda _: free)
    return free


@pytest.fixture
def owned(world: World) -> World:
    world.configure(f"{world.config}owner:\n  address: {OWNER}\n")
    world.post("a")
    world.join("ann@example.org")
    world.run()
    world.take_all()
    return world


def letters(world: World) -> list[str]:
    """Return the subjects of the letters to the owner that wait, and take all."""
    subjects = world.got().get(OWNER, [])
    world.take_all()
    return subjects


def troubles(world: World) -> list[Trouble]:
    with closing(world.store()) as database, database.transaction() as tx:
        return standing_troubles(tx)


def hide_posts(world: World) -> None:
    (world.folder / "content").rename(world.folder / "away")


def bring_back(world: World) -> None:
    (world.folder / "away").rename(world.folder / "content")


def test_a_site_that_cannot_be_read_for_an_hour_is_told_once(owned: World) -> None:
    hide_posts(owned)
    for _ in range(4):
        owned.run()
        assert letters(owned) == []
        owned.later(minutes=15)
    owned.run()
    assert letters(owned) == ["The site “site” cannot be read or published"]
    owned.later(hours=30)
    owned.run()
    assert letters(owned) == []
    bring_back(owned)
    owned.run()
    assert letters(owned) == ["The site “site” is read and published again"]
    assert troubles(owned) == []
    owned.run()
    assert letters(owned) == []


def test_what_is_over_before_the_hour_is_told_to_nobody(owned: World) -> None:
    hide_posts(owned)
    owned.run()
    owned.later(minutes=59)
    bring_back(owned)
    owned.run()
    hide_posts(owned)
    owned.later(minutes=59)
    owned.run()
    assert letters(owned) == []


def test_what_comes_back_is_told_anew(owned: World) -> None:
    for _ in range(2):
        hide_posts(owned)
        owned.run()
        owned.later(hours=1)
        owned.run()
        assert len(letters(owned)) == 1
        bring_back(owned)
        owned.run()
        assert len(letters(owned)) == 1


def test_the_letter_says_what_since_when_and_what_to_do(owned: World) -> None:
    hide_posts(owned)
    owned.run()
    owned.later(hours=1)
    owned.run()
    [letter] = [m for m in owned.messages() if m["To"] == OWNER]
    text = " ".join(part(letter, "plain").split())
    assert "since 2026-11-20 09:00" in text
    assert "content cannot be read: No such file or directory" in text
    assert "is its disk mounted" in text
    assert "pressroom status" in text


def test_an_owner_reads_it_in_their_language(owned: World) -> None:
    owned.configure(owned.config.replace("owner:\n", "owner:\n  language: zh-CN\n"))
    hide_posts(owned)
    owned.run()
    owned.later(hours=1)
    owned.run()
    [subject] = letters(owned)
    assert subject == "站点“site”无法读取或发布"


def test_how_long_is_the_owners_to_say(owned: World) -> None:
    owned.configure(f"{owned.config}  alert_after: 10m\n")
    hide_posts(owned)
    owned.run()
    owned.later(minutes=10)
    owned.run()
    assert len(letters(owned)) == 1


def test_a_newsletter_that_cannot_run_is_told(owned: World) -> None:
    working = owned.config
    owned.configure(working.replace("every monday 09:00", "sometimes"))
    owned.run()
    owned.later(hours=1)
    owned.run()
    assert letters(owned) == ["The newsletter “weekly” cannot go on"]
    owned.configure(working)
    owned.run()
    assert letters(owned) == ["The newsletter “weekly” goes on again"]


def test_a_relay_that_takes_nothing_is_told_by_the_age_of_the_oldest_batch(
    owned: World,
) -> None:
    owned.post("b", date="2026-11-20")
    owned.run()
    owned.time = NOW.replace(day=23, hour=9, minute=1)
    owned.run()
    assert owned.batches() != []
    owned.later(minutes=59)
    owned.run()
    assert OWNER not in owned.got()
    owned.later(minutes=1)
    owned.run()
    assert owned.got()[OWNER] == ["No relay takes mail out of the outbox"]
    [trouble] = troubles(owned)
    assert (trouble.name, trouble.told) == ("outbox", True)
    assert trouble.since == NOW.replace(day=23, minute=1)
    owned.take_all()
    owned.run()
    assert owned.got() == {OWNER: ["A relay takes mail out of the outbox again"]}


def test_a_disk_is_full_until_there_is_a_quarter_more_room(
    owned: World, roomy: dict[str, int]
) -> None:
    roomy["outbox"] = 400_000_000
    owned.run()
    owned.later(hours=1)
    roomy["outbox"] = 510_000_000
    owned.run()
    assert letters(owned) == ["The disk is nearly full"]
    assert troubles(owned)[0].what == "about 510 MB are free where the outbox lies"
    roomy["outbox"] = 625_000_000
    owned.run()
    assert letters(owned) == ["The disk has room again"]
    roomy["outbox"] = 510_000_000
    owned.run()
    assert troubles(owned) == []


def test_nothing_is_told_of_a_disk_that_cannot_be_asked(
    owned: World, roomy: dict[str, int]
) -> None:
    roomy.clear()
    owned.run()
    assert troubles(owned) == []


def run_with(
    world: World, jobs: Mapping[str, str] | None = None, events: Events | None = None
) -> Report:
    """Make a pass as the daemon does, in a process of its own."""
    clock = FixedClock(world.time)
    with closing(Works(world.configuration(), clock, events)) as works:
        return works.run(Silent(), jobs=jobs or {})


def test_a_job_of_the_daemon_is_told_and_survives_its_restart(owned: World) -> None:
    run_with(owned, {"pages": "the port is taken"})
    owned.later(hours=1)
    run_with(owned, {"pages": "the port is taken"})
    assert letters(owned) == ["“pages” fails again and again"]
    run_with(owned)
    assert letters(owned) == ["“pages” does well again"]


def test_a_once_beside_the_daemon_leaves_its_jobs_alone(owned: World) -> None:
    taken = {"pages": "the port is taken"}
    for _ in range(6):
        run_with(owned, taken)
        owned.later(minutes=10)
        owned.run()
    run_with(owned, taken)
    assert letters(owned) == ["“pages” fails again and again"]
    owned.run()
    assert letters(owned) == []
    assert [trouble.name for trouble in troubles(owned)] == ["job:pages"]
    run_with(owned)
    assert letters(owned) == ["“pages” does well again"]


def test_a_fault_of_ours_is_told_by_the_next_pass_that_can(
    owned: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise ZeroDivisionError("ours")

    with monkeypatch.context() as patched:
        patched.setattr(once, "publish", fail)
        for _ in range(3):
            with pytest.raises(ZeroDivisionError):
                owned.run()
            owned.later(hours=1)
        assert letters(owned) == ["Part of each pass fails"]
    owned.run()
    assert letters(owned) == ["Passes do well again"]


def test_without_an_address_nobody_is_written_to_and_all_is_kept(world: World) -> None:
    world.post("a")
    hide_posts(world)
    world.run()
    world.later(hours=1)
    world.run()
    assert world.batches() == []
    assert [trouble.told for trouble in troubles(world)] == [True]


def test_each_step_is_one_event(owned: World) -> None:
    lines: list[str] = []
    hide_posts(owned)
    for _ in range(2):
        clock = FixedClock(owned.time)
        run_with(owned, events=Events(open_log(LogStyle(), lines.append, clock)))
        owned.take_all()
        owned.later(hours=1)
    bring_back(owned)
    clock = FixedClock(owned.time)
    run_with(owned, events=Events(open_log(LogStyle(), lines.append, clock)))
    told = [line.split(" ", 3)[2:] for line in lines]
    assert [(event, rest.split()[0]) for event, rest in told] == [
        ("trouble_began", "trouble=site:site"),
        ("trouble_told", "trouble=site:site"),
        ("letters_sent", "to=owner"),
        ("trouble_over", "trouble=site:site"),
        ("letters_sent", "to=owner"),
    ]


def test_a_pass_that_finds_nothing_new_is_kept_once_a_minute(owned: World) -> None:
    def kept() -> tuple[object, object]:
        with closing(owned.store()) as database, database.transaction() as tx:
            last = find_last_pass(tx)
            return last and last.ended, last_scans(tx)["site"].time

    assert kept() == (NOW, NOW)
    owned.later(seconds=59)
    owned.run()
    assert kept() == (NOW, NOW)
    owned.later(seconds=1)
    owned.run()
    assert kept() == (owned.time, owned.time)
    owned.later(seconds=1)
    owned.write("content/bad.md", "---\ntitle: {\n---\n")
    owned.run()
    with closing(owned.store()) as database, database.transaction() as tx:
        scan = last_scans(tx)["site"]
        last = find_last_pass(tx)
    assert (scan.posts, scan.public, scan.faults, scan.time) == (2, 1, 1, owned.time)
    assert last is not None
    assert last.exit_status == 65


def test_a_pass_that_sends_a_letter_is_kept(owned: World) -> None:
    owned.later(seconds=10)
    values = {"kind": "disk", "name": "", "since": "09:00", "now": "09:01"}
    event = Event(key="once", kind="relief", values=values)
    with closing(owned.store()) as database, database.transaction() as tx:
        tell_owner(tx, event, owned.time)
    assert not owned.run().changed()
    with closing(owned.store()) as database, database.transaction() as tx:
        last = find_last_pass(tx)
    assert last is not None
    assert last.ended == owned.time


def test_a_pass_that_holds_an_issue_is_kept(owned: World) -> None:
    monday = datetime(2026, 11, 23, 9, tzinfo=UTC)
    owned.configure(owned.config.replace("    backfill", "    hold: 30m\n    backfill"))
    owned.time = monday - timedelta(seconds=20)
    owned.post("b", date="2026-11-21")
    owned.run()
    owned.time = monday
    assert not owned.run().changed()
    with closing(owned.store()) as database, database.transaction() as tx:
        last = find_last_pass(tx)
    assert last is not None
    assert last.ended == monday


def test_a_clock_that_was_set_back_keeps_the_pass(owned: World) -> None:
    owned.later(hours=-5)
    owned.run()
    with closing(owned.store()) as database, database.transaction() as tx:
        last = find_last_pass(tx)
    assert last is not None
    assert last.ended == owned.time


def test_room_is_asked_where_things_lie_or_will(tmp_path: Path, world: World) -> None:
    free = measures.measure_disks(world.configuration())
    assert set(free) == {"store", "outbox", "output"}
    assert all(octets > 0 for octets in free.values())
