"""One whole run: what was cut short is mended first, and all that is wrong is told."""

from __future__ import annotations

import pytest

from pipeline.base.errors import OutputError
from pipeline.outbox.spool import Spool
from tests.world import World


@pytest.fixture
def cut_short(world: World, monkeypatch: pytest.MonkeyPatch) -> World:
    """A world whose run ended between the seal of its batch and its publishing."""

    def refuse(*_: object) -> bool:
        raise OutputError("cannot write outbox: the disk reports an error")

    world.post("a")
    world.join("ann@example.org")
    with monkeypatch.context() as broken:
        broken.setattr(Spool, "publish", refuse)
        assert world.run().exit_status() == 73
    assert world.messages() == []
    return world


def test_a_batch_that_a_cut_run_left_sealed_is_published_and_told(
    cut_short: World,
) -> None:
    report = cut_short.run()
    assert report.recovered == ("weekly-000001-001-0001",)
    assert report.changed()
    assert report.exit_status() == 0
    assert cut_short.got() == {"ann@example.org": ["Weekly #1: A"]}


def test_a_place_that_refuses_twice_is_told_once(world: World) -> None:
    world.post("a")
    world.join("ann@example.org")
    world.write("outbox", "a file where the folder should be")
    report = world.run()
    assert [str(error).partition(":")[0] for error in report.errors] == [
        f"cannot write {world.folder}/outbox"
    ]
    assert "Words." in world.feed()


def test_a_feed_that_cannot_be_written_stops_no_other(world: World) -> None:
    world.post("a", tags="[a, b, c]")
    world.write("public/tags/b", "a file where the folder should be")
    report = world.run()
    (error,) = report.errors
    assert str(error).startswith(f"cannot write {world.folder}/public/tags/b: ")
    assert "<title>A</title>" in world.feed("tags/c/rss.xml")
    assert len(report.sites[0].written) == 3 * 3


def test_many_places_that_refuse_are_told_in_a_few_lines(world: World) -> None:
    tags = [f"t{n}" for n in range(9)]
    world.post("a", tags=f"[{', '.join(tags)}]")
    for tag in tags:
        world.write(f"public/tags/{tag}", "a file where the folder should be")
    report = world.run()
    assert len(report.errors) == 5
    assert "4 more errors of that kind" in report.notes


def test_a_missing_outbox_stops_mail_and_nothing_else(cut_short: World) -> None:
    away = cut_short.folder / "away"
    (cut_short.folder / "outbox").rename(away)
    cut_short.post("b", date="2026-11-20")
    report = cut_short.run()
    assert report.exit_status() == 73
    assert "mount it again" in str(report.errors[0])
    assert "<title>B</title>" in cut_short.feed()
    away.rename(cut_short.folder / "outbox")
    assert cut_short.run().exit_status() == 0
    assert len(cut_short.messages()) == 1
