"""`pressroom status`: what an owner sees at a glance, in any script, on any screen."""

from __future__ import annotations

import json
from contextlib import closing
from datetime import timedelta
from io import StringIO

import pytest
from rich.console import Console

from pipeline.base.lock import exclusive_lock
from pipeline.cli.console import Voice, count_cells, span
from pipeline.cli.status import survey
from pipeline.store.holds import Hold, Reason, Scope, put_hold
from tests.cli.conftest import Command
from tests.docs.documents import document, examples
from tests.world import NOW, World

CONFIG = """\
sites:
  - folder: content
    url: https://example.org/
    title: 沈砚的札记
    author: 沈砚
    zone: Asia/Shanghai
mail:
  unsubscribe_address: leave@example.org
  settle: 0
newsletters:
  - name: weekly
    title: 每周一封
    schedule: every monday 09:00
    sender: Ann <ann@example.org>
    postal_address: 1 Main Street
    backfill: 5
  - name: instantly
    title: At once
    schedule: instant
    zone: Europe/Paris
    sender: Ann <ann@example.org>
    postal_address: 1 Main Street
"""


@pytest.fixture(autouse=True)
def roomy(monkeypatch: pytest.MonkeyPatch) -> dict[str, int]:
    free = {"store": 80 * 10**9, "outbox": 80 * 10**9, "output": 80 * 10**9}
    for module in ("measures", "troubles"):
        monkeypatch.setattr(
            f"pipeline.runs.owner.{module}.measure_disks", lambda _: free
        )
    return free


@pytest.fixture
def site(world: World, command: Command) -> World:
    world.configure(CONFIG)
    world.post("a")
    world.post("b")
    world.write("content/bad.md", "---\ntitle: {\n---\n")
    world.join("ann@example.org")
    world.run()
    return world


def test_it_is_as_the_document_shows_it(site: World, command: Command) -> None:
    said = command("status")
    assert said.stdout == examples(document("docs/monitoring.md"))["status"]
    assert said.stderr.startswith("fault: content/bad.md:2:8: ")


def test_before_the_first_pass_it_says_how_to_make_one(
    world: World, command: Command
) -> None:
    said = command("status").stdout
    assert "there was no pass yet; `pressroom once` makes one." in said
    assert "Example  not read yet" in said
    assert "Waiting for you" not in said


def test_names_stand_below_each_other_in_any_script(
    site: World, command: Command
) -> None:
    lines = command("status").stdout.splitlines()
    begins = {
        count_cells(line[: line.index(words)])
        for words in ("3 posts", "Monday 09:00", "as posts come", "1 batch", "80.0")
        for line in lines
        if words in line
    }
    assert begins == {14}


def test_it_tells_what_waits_for_the_owner_first(
    site: World, command: Command, roomy: dict[str, int]
) -> None:
    broken = CONFIG.replace("schedule: instant", "schedule: sometimes")
    site.configure(broken)
    hold = Hold(
        scope=Scope.EVERYTHING,
        reason=Reason.OWNER,
        since=NOW,
        detail={"what": "you are away"},
    )
    with closing(site.store()) as database, database.transaction() as tx:
        put_hold(tx, hold)
    (site.folder / "content").rename(site.folder / "away")
    site.run()
    failed = site.folder / "outbox" / "failed" / "weekly-000001-001-0001"
    failed.mkdir(parents=True)
    roomy["store"] = 12_300_000
    site.later(hours=3)
    said = command("status").stdout
    part = said.split("Waiting for you\n")[1].split("\n\n")[0]
    lines = part.splitlines()
    assert lines[0].startswith("  ! On hold: everything has been held since ")
    assert "since 2026-11-20 17:00 +08:00: you are away" in lines[0]
    assert lines[1] == (
        "  ! site site, for 3 hours: the folder of posts content cannot be read: No "
        "such file or directory; set the site's `folder` to where the posts are"
    )
    assert "  ! 1 fault in posts, told at the end" in lines
    assert any(line.startswith("  ! instantly cannot run: schedule") for line in lines)
    assert "  ! 1 batch in outbox/failed, which a relay has given up" in lines
    assert "  ! only 12 MB are free where the store lies" in lines
    assert "  store           12 MB free\n  outbox, output  80.0 GB free\n" in said


def test_a_daemon_is_told_with_its_process(site: World, command: Command) -> None:
    lock = site.folder / "var" / "daemon.lock"
    with exclusive_lock(lock):
        assert "The daemon runs (process " in command("status").stdout
    assert "No daemon runs;" in command("status").stdout


def test_an_issue_under_way_is_told_with_how_far_it_is(
    site: World, command: Command
) -> None:
    site.configure(f"{CONFIG}outbox:\n  ahead: 1\n")
    site.post("c", date="2026-11-20")
    site.time = NOW.replace(day=23)
    site.run()
    said = command("status").stdout
    assert "weekly #2" in said
    assert "sending, 0 of 1 batch put out" in said


def test_posts_that_rest_are_told(site: World, command: Command) -> None:
    site.configure(CONFIG.replace("settle: 0", "settle: 10m"))
    site.later(minutes=1)
    site.post("c", date="2026-11-20")
    site.post("d", date="2026-11-20")
    site.post("a", "Better words of a post that is out.")
    site.run()
    said = command("status").stdout
    assert "in 3 days: 2 posts rest until 17:11, 1 reader\n" in said
    assert "as posts come: 2 posts rest until 17:11, 1 reader\n" in said
    site.later(minutes=10)
    site.run()
    assert "in 3 days: 2 posts, 1 reader\n" in command("status").stdout


def test_a_day_far_away_is_told_with_its_date(site: World, command: Command) -> None:
    site.configure(CONFIG.replace("every monday 09:00", "monthly 20 09:30"))
    said = command("status").stdout
    assert "20 December 09:30, in 30 days: no new post, 1 reader" in said
    site.configure(CONFIG.replace("schedule: instant", "schedule: daily 07:00"))
    assert "Saturday 07:00 (+01:00), in 21 hours:" in command("status").stdout


def test_a_narrow_terminal_gets_lines_that_stand_below_each_other() -> None:
    written = StringIO()
    out = Console(file=written, force_terminal=True, width=40, no_color=True)
    voice = Voice(out, out)
    voice.sheet({"Sites": [("札记", "words " * 12)], "None": []})
    lines = written.getvalue().splitlines()
    assert [line[:6] for line in lines[2:]] == ["  札记  ", "      ", "      "]
    assert max(map(count_cells, lines)) <= 40
    assert "None" not in written.getvalue()


def test_no_name_reaches_the_terminal_raw() -> None:
    written = StringIO()
    out = Console(file=written, soft_wrap=True)
    Voice(out, out).sheet({"Sites": [("a\x1b[2J\nb", "c\x07")]})
    assert written.getvalue() == "\nSites\n  a\\x1b[2J\\nb  c\\x07\n"


@pytest.mark.parametrize(
    ("length", "told"),
    [
        (timedelta(seconds=1), "1 second"),
        (timedelta(seconds=-5), "0 seconds"),
        (timedelta(seconds=119), "119 seconds"),
        (timedelta(minutes=2), "2 minutes"),
        (timedelta(minutes=119), "119 minutes"),
        (timedelta(hours=47), "47 hours"),
        (timedelta(days=2), "2 days"),
    ],
)
def test_a_length_of_time_is_told_as_one_says_it(length: timedelta, told: str) -> None:
    assert span(length) == told


def test_json_has_all_of_it(site: World, command: Command) -> None:
    told = json.loads(command("status", "--json").stdout)
    with closing(site.store()) as database:
        standing = survey(database, site.configuration(), NOW)
    assert set(told) == set(standing.__dataclass_fields__)
    assert told["newsletters"][0]["next_due"] == "2026-11-23 09:00:00+08:00"
    assert told["sites"][0]["title"] == "沈砚的札记"
    assert told["outbox"]["waiting"] == 1
    assert told["daemon"] is None
