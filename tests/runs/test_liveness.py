"""A post waits for its page on the site; it is asked for with growing pauses."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TypeVar

import pytest

from pipeline.base.clock import FixedClock
from pipeline.runs.once import run_once
from pipeline.runs.pace import Halted
from pipeline.runs.report import Silent
from tests.runs.site_server import Site, serving
from tests.world import CONFIG, World

T = TypeVar("T")
OWNER = "owner:\n  address: owner@example.org\n"


@pytest.fixture
def site() -> Iterator[Site]:
    with serving() as found:
        yield found


@pytest.fixture
def ours(world: World, site: Site) -> World:
    """Return a site at the server, whose newsletter sends what is on the site."""
    config = CONFIG.replace("settle: 0", "settle: 0\n  require_live: true")
    config = config.replace("https://example.org/", site.url)
    config = config.replace("every monday 09:00", "instant")
    world.configure(config.replace("    backfill: 5\n", "") + OWNER)
    world.post("old", "Old words.", date="2026-01-01")
    world.join("ann@example.org")
    world.run()
    world.later(hours=1)
    return world


def got(world: World) -> list[str]:
    return [str(m["Subject"]) for m in world.messages() if "ann@" in str(m["To"])]


def test_a_post_goes_out_once_its_page_is_there(ours: World, site: Site) -> None:
    ours.post("a", date="2026-11-20")
    report = ours.run()
    assert site.asked == ["HEAD /a/", "GET /a/"]
    assert f"weekly: a.md waits until its page is on the site: {site.url}a/ " in (
        "\n".join(report.notes)
    )
    assert "(404 Not Found)" in report.notes[-1]
    assert (report.due[0] - ours.time).total_seconds() == 60
    assert "<title>A</title>" in ours.feed()
    site.answers["/a/"] = 200
    ours.later(seconds=60)
    ours.run()
    assert got(ours) == ["Weekly #1: A"]


def test_a_page_is_asked_for_after_growing_pauses(ours: World, site: Site) -> None:
    ours.post("a", date="2026-11-20")
    pauses = []
    for _ in range(8):
        site.asked.clear()
        due = min(ours.run().due)
        assert site.asked
        pauses.append((due - ours.time).total_seconds() / 60)
        ours.later(seconds=1)
        site.asked.clear()
        ours.run()
        assert not site.asked
        ours.time = due
    assert pauses == [1, 2, 4, 8, 16, 32, 60, 60]


def test_a_page_that_was_there_once_is_not_asked_for_again(
    ours: World, site: Site
) -> None:
    ours.configure(
        ours.config.replace("schedule: instant", "schedule: every monday 09:00")
    )
    ours.post("a", date="2026-11-20")
    site.answers["/a/"] = 200
    ours.run()
    ours.post("a", "Better words.", date="2026-11-20")
    ours.later(minutes=5)
    ours.run()
    assert site.asked == ["HEAD /a/"]


def test_what_is_no_news_is_not_asked_for(ours: World, site: Site) -> None:
    ours.post("late", date="2025-01-01")
    ours.run()
    assert site.asked == []


def test_a_site_that_does_not_answer_is_asked_once_a_run(world: World) -> None:
    with serving() as site:
        url = site.url
    config = CONFIG.replace("settle: 0", "settle: 0\n  require_live: true")
    world.configure(config.replace("https://example.org/", url))
    for n in range(3):
        world.post(f"p{n}")
    world.join("ann@example.org")
    notes = "\n".join(world.run().notes)
    assert notes.count("does not answer") == 3
    assert "its first issue waits until all its posts are ready" in notes
    assert world.messages() == []


class Halting(Silent):
    """Ends a pass between the first two pages that are asked for."""

    def track(self, label: str, items: Sequence[T]) -> Iterable[T]:
        for n, item in enumerate(items):
            if n and label == "Asking for pages":
                raise Halted
            yield item


def test_a_pass_may_end_between_two_pages_asked_for(ours: World, site: Site) -> None:
    for name in ("a", "b"):
        site.answers[f"/{name}/"] = 200
        ours.post(name, date="2026-11-20")
    with pytest.raises(Halted):
        run_once(ours.configuration(), FixedClock(ours.time), Halting())
    assert len(site.asked) == 1
    ours.run()
    assert len(site.asked) == 2


def test_the_owner_is_told_once_of_a_page_that_stays_away(
    ours: World, site: Site
) -> None:
    ours.post("a", date="2026-11-20")
    ours.run()
    ours.later(hours=23)
    ours.run()
    assert ours.messages() == []
    ours.later(hours=1)
    ours.run()
    ours.later(hours=9)
    ours.run()
    (letter,) = ours.messages()
    assert letter["Subject"] == "Not on your site yet: A"
    assert site.url + "a/" in str(letter.get_body(("plain",)))


def test_a_post_elsewhere_is_not_asked_for(ours: World, site: Site) -> None:
    ours.post("a", date="2026-11-20", url="https://elsewhere.example/a/")
    ours.run()
    assert all("/a/" not in asked for asked in site.asked)
