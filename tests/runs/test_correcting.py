"""A correction goes to who got the issue, once asked for, and moves nothing else."""

from __future__ import annotations

from typing import Any

import pytest

from pipeline.base.errors import UsageError
from pipeline.digest.issue import Issue, IssueState
from pipeline.runs.issues.correcting import open_correction
from pipeline.runs.issues.deciding import find_named, stop_issue
from pipeline.store.issues import count_issues
from pipeline.store.newsletters import Stream, find_stream
from tests.runs.test_issue_hold import make_quick, opened, run_killed_at
from tests.world import World, part

WORDS = "The second formula had a wrong sign. {{ not a template }}"


@pytest.fixture
def site(world: World) -> World:
    """Return a site whose first issue is out to Ann, in English, and Bo, in Chinese."""
    world.post("a", "Words of a.")
    world.post("b", "Words of b.")
    world.join("ann@example.org")
    world.join("bo@example.org", "zh-CN")
    world.run()
    world.take_all()
    return world


def correct(world: World, number: int = 1, **changes: Any) -> Issue:
    with opened(world) as tx:
        found = find_named(tx, number)
        return open_correction(tx, found, WORDS, world.time, **changes)


def stands(world: World) -> tuple[Stream | None, list[tuple[str, str, int]]]:
    """Return what a correction must leave alone: the stream, and who came how far."""
    with opened(world) as tx:
        rows = tx.all("SELECT subscriber, cadence, coverage FROM subscriptions")
        return find_stream(tx, "weekly", "own"), [tuple(row) for row in rows]


def test_who_got_the_issue_gets_its_posts_as_they_are_now(site: World) -> None:
    before = stands(site)
    site.post("a", "Better words of a.")
    site.later(hours=1)
    correct(site)
    report = site.run()
    assert report.issues[0].label == "weekly #1 (correction)"
    english, chinese = site.messages()
    assert (english["To"], chinese["To"]) == ("ann@example.org", "bo@example.org")
    assert english["Subject"] == "Correction: Weekly #1: B"
    assert chinese["Subject"] == "更正：Weekly #1: B"
    assert "\nCorrection: No. 1 · " in part(english, "plain")
    assert "\n更正：第 1 期 · " in part(chinese, "plain")
    for kind in ("plain", "html"):
        body = part(english, kind)
        assert "wrong sign. {{ not a template }}" in body
        assert "Better words of a." in body
        assert "Words of b." in body
    assert "unsubscribe" in str(english["List-Unsubscribe"])
    assert stands(site) == before


def test_who_left_or_came_later_gets_none(site: World) -> None:
    site.leave("bo@example.org")
    site.join("late@example.org")
    site.later(hours=1)
    correct(site)
    site.run()
    assert [message["To"] for message in site.messages()] == ["ann@example.org"]


def test_who_leaves_before_it_is_out_gets_none(site: World) -> None:
    site.later(hours=1)
    correct(site)
    site.leave("bo@example.org")
    site.run()
    assert [message["To"] for message in site.messages()] == ["ann@example.org"]


def test_a_post_that_is_gone_is_left_out(site: World) -> None:
    (site.folder / "content" / "a.md").unlink()
    site.later(hours=1)
    correct(site)
    site.run()
    assert "Words of a." not in part(site.messages()[0], "plain")


def test_the_next_issue_is_not_disturbed(site: World) -> None:
    site.later(hours=1)
    correct(site)
    site.post("c", "Words of c.", date="2026-11-21")
    site.later(days=3)
    site.run()
    subjects = [str(message["Subject"]) for message in site.messages()]
    assert sorted(subjects) == [
        "Correction: Weekly #1: B",
        "Weekly #2: C",
        "Weekly #2: C",
        "更正：Weekly #1: B",
    ]
    assert not (site.folder / "public/archive/weekly/-1").exists()


def test_a_second_correction_has_to_be_meant(site: World) -> None:
    site.later(hours=1)
    first = correct(site)
    with pytest.raises(UsageError, match=f"corrected before, by issue {first.id}"):
        correct(site)
    site.run()
    site.take_all()
    correct(site, again=True)
    site.run()
    assert len(site.messages()) == 2


def test_a_correction_is_not_corrected_itself(site: World) -> None:
    first = correct(site)
    with pytest.raises(UsageError, match="correct issue 1"):
        correct(site, first.id)


def test_what_nobody_has_is_not_corrected(world: World) -> None:
    world.post("a")
    world.join("ann@example.org")
    world.configure(world.config + "    hold: 30m\n")
    world.run()
    with pytest.raises(UsageError, match="is held: wait until it is out"):
        correct(world)
    with opened(world) as tx:
        stop_issue(tx, find_named(tx, 1))
    with pytest.raises(UsageError, match="nobody has weekly #1"):
        correct(world)


def test_of_an_issue_stopped_half_way_who_got_it_gets_the_correction(
    world: World,
) -> None:
    text = world.config.replace("mail:", "mail:\n  batch_size: 1")
    world.configure(text + "outbox:\n  ahead: 1\n")
    world.post("a")
    world.join("ann@example.org")
    world.join("bob@example.org")
    world.run()
    with opened(world) as tx:
        stop_issue(tx, find_named(tx, 1))
    world.take_all()
    correct(world)
    world.run()
    assert [message["To"] for message in world.messages()] == ["ann@example.org"]


def test_wherever_a_run_is_killed_a_correction_goes_out_once(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    n = 1
    while True:
        world = World(tmp_path_factory.mktemp("world") / "site")
        make_quick(world)
        world.post("a", "Words of a.")
        world.join("ann@example.org")
        world.run()
        world.take_all()
        world.later(hours=1)
        correct(world)
        lived = run_killed_at(n, world)
        world.run()
        assert len(world.messages()) == 1, f"killed at {n}"
        with opened(world) as tx:
            states = {entry.issue.state for entry in count_issues(tx)}
        assert states == {IssueState.DONE}
        if lived:
            break
        n += 9
    assert n > 30
