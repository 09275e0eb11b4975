"""A post rests before it enters an issue, and feeds take it at once."""

from __future__ import annotations

import os
from datetime import timedelta
from pathlib import Path

import pytest

from pipeline.runs.sites.settling import rest_begins
from tests.world import CONFIG, NOW, World

MINUTE = timedelta(minutes=1)


@pytest.fixture
def site(world: World) -> World:
    """Return a site that was read, whose newsletter sends posts as they come."""
    config = CONFIG.replace("settle: 0", "settle: 10m")
    config = config.replace("every monday 09:00", "instant")
    world.configure(config.replace("    backfill: 5\n", ""))
    world.post("old", date="2026-01-01")
    world.join("ann@example.org")
    world.run()
    world.later(hours=1)
    return world


def touch(world: World, path: Path, **ago: float) -> None:
    seconds = (world.time - timedelta(**ago)).timestamp()
    os.utime(path, (seconds, seconds))


def subjects(world: World) -> list[str]:
    return [str(message["Subject"]) for message in world.messages()]


def test_a_post_goes_out_when_it_has_rested_and_is_in_feeds_at_once(
    site: World,
) -> None:
    touch(site, site.post("a", date="2026-11-20"), minutes=0)
    report = site.run()
    assert "<title>A</title>" in site.feed()
    assert site.messages() == []
    assert report.notes[-1] == (
        "weekly: a post rests before it enters an issue (mail.settle): "
        "a.md until 10:10:00 UTC"
    )
    assert min(report.due) == site.time + 10 * MINUTE
    site.later(minutes=9)
    site.run()
    assert site.messages() == []
    site.later(minutes=1)
    site.run()
    assert subjects(site) == ["Weekly #1: A"]


def test_an_edit_begins_the_rest_anew(site: World) -> None:
    touch(site, site.post("a", date="2026-11-20"), minutes=0)
    site.run()
    site.later(minutes=8)
    touch(site, site.post("a", "Better words.", date="2026-11-20"), minutes=0)
    site.run()
    site.later(minutes=8)
    site.run()
    assert site.messages() == []
    site.later(minutes=2)
    site.run()
    assert subjects(site) == ["Weekly #1: A"]


def test_a_post_that_rests_is_news_to_another_filter_too(site: World) -> None:
    site.post("a", date="2026-11-20", tags="[maths]")
    site.run()
    site.configure(f"{site.config}    filter:\n      tags: [maths]\n")
    site.later(minutes=1)
    site.run()
    site.later(minutes=10)
    site.run()
    assert subjects(site) == ["Weekly #1: A"]


def test_a_touch_is_no_edit(site: World) -> None:
    path = site.post("a", date="2026-11-20")
    touch(site, path, minutes=0)
    site.run()
    site.later(minutes=10)
    touch(site, path, minutes=0)
    site.run()
    assert subjects(site) == ["Weekly #1: A"]


def test_a_post_saved_between_two_runs_rests_from_when_it_was_saved(
    site: World,
) -> None:
    touch(site, site.post("a", date="2026-11-20"), minutes=10)
    site.run()
    assert subjects(site) == ["Weekly #1: A"]


def test_a_file_that_comes_with_an_old_time_rests_from_when_it_is_seen(
    site: World,
) -> None:
    touch(site, site.post("a", date="2026-11-20"), days=3)
    site.run()
    site.later(minutes=9)
    site.run()
    assert site.messages() == []
    site.later(minutes=1)
    site.run()
    assert subjects(site) == ["Weekly #1: A"]


def test_what_was_there_when_a_site_is_first_read_has_rested(world: World) -> None:
    world.configure(CONFIG.replace("settle: 0", "settle: 10m"))
    for n in range(3):
        touch(world, world.post(f"p{n}"), minutes=0)
    world.join("ann@example.org")
    world.run()
    assert len(world.messages()) == 1


def test_a_first_issue_waits_for_a_post_of_its_backfill_that_is_edited(
    world: World,
) -> None:
    world.configure(CONFIG.replace("settle: 0", "settle: 10m"))
    world.post("a")
    world.run()
    world.later(hours=1)
    touch(world, world.post("a", "Other words."), minutes=0)
    world.join("ann@example.org")
    report = world.run()
    assert world.messages() == []
    assert "weekly: its first issue waits until all its posts are ready" in report.notes
    world.later(minutes=10)
    world.run()
    assert subjects(world) == ["Weekly #1: A"]


def test_a_numbered_post_that_is_edited_comes_with_the_issue_after(
    site: World,
) -> None:
    site.configure(site.config.replace("instant", "every monday 09:00"))
    for name in ("a", "b"):
        touch(site, site.post(name, date="2026-11-20"), minutes=0)
    site.later(minutes=20)
    site.run()
    site.time = NOW.replace(day=23, hour=8, minute=55)
    touch(site, site.post("a", "Better words.", date="2026-11-20"), minutes=0)
    site.run()
    site.later(minutes=6)
    site.run()
    assert subjects(site) == ["Weekly #1: B"]
    site.later(days=7)
    site.run()
    assert subjects(site) == ["Weekly #1: B", "Weekly #2: A"]


def test_a_draft_that_becomes_a_post_rests_too(site: World) -> None:
    site.post("a", date="2026-11-20", draft="true")
    site.run()
    site.later(hours=1)
    touch(site, site.post("a", date="2026-11-20"), minutes=0)
    site.run()
    assert site.messages() == []


def test_a_post_dated_ahead_has_rested_when_its_time_comes(site: World) -> None:
    site.post("a", date="2026-11-20 12:00:00+00:00")
    site.run()
    site.later(hours=2)
    site.run()
    assert subjects(site) == ["Weekly #1: A"]


def test_rest_begins_when_the_file_was_written_if_that_can_be() -> None:
    looked, now = NOW - 5 * MINUTE, NOW
    assert rest_begins(None, NOW - MINUTE, now) is None
    assert rest_begins(looked, NOW - MINUTE, now) == NOW - MINUTE
    assert rest_begins(looked, looked - MINUTE, now) == now
    assert rest_begins(looked, now + MINUTE, now) == now


def test_a_clock_that_went_back_keeps_no_post_from_resting(site: World) -> None:
    touch(site, site.post("a", date="2026-11-20"), minutes=0)
    site.run()
    site.later(minutes=-30)
    site.run()
    assert subjects(site) == ["Weekly #1: A"]
