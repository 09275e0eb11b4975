"""`pressroom restore`: what an owner reads, and does, after a backup was put back."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from tests.command import Finished, pressroom
from tests.restore.lives import back_up_world, restore, simplify
from tests.world import World

ANN, BOB = "ann@example.org", "bob@example.org"


@pytest.fixture
def restored(world: World) -> World:
    """Return a world that sent an issue, after which its backup was put back."""
    simplify(world)
    for reader in (ANN, BOB):
        world.join(reader)
    backup = back_up_world(world)
    world.post("a")
    world.run()
    world.leave(BOB)
    restore(world, backup)
    return world


def say(world: World, *words: str) -> Finished:
    return pressroom(*words, cwd=world.folder)


def test_a_run_holds_everything_and_says_what_to_do(restored: World) -> None:
    done = say(restored, "once")
    assert done.returncode == 0
    assert "everything is held" in done.stdout
    assert "the store is older than the outbox" in done.stdout
    assert "`pressroom restore show`" in done.stdout
    assert "restore accept" in say(restored, "status").stdout
    (hold,) = json.loads(say(restored, "hold", "list", "--json").stdout)
    refused = say(restored, "hold", "accept", str(hold["id"]))
    assert refused.returncode == 66
    assert "`pressroom restore accept` ends it" in refused.stderr


def test_the_plan_is_told_and_accepted(restored: World) -> None:
    say(restored, "once")
    shown = say(restored, "restore", "show").stdout
    assert (
        "weekly #1, due 2026-11-20 09:00 UTC: 1 post to 2 readers in 1 batch" in shown
    )
    assert "1 reader left, and would get mail again" in shown
    data = json.loads(say(restored, "restore", "show", "--json").stdout)
    assert data["left"] == 1
    assert say(restored, "restore", "accept").returncode == 0
    assert "Nothing waits" in say(restored, "restore", "show").stdout
    assert say(restored, "hold", "list").stdout == "Nothing is on hold.\n"
    assert list(restored.got()) == [ANN]


def test_accepting_what_is_not_there_is_told(world: World) -> None:
    world.run()
    done = say(world, "restore", "accept")
    assert done.returncode == 66
    assert "nothing to accept" in done.stderr


def test_a_lost_outbox_wants_one_of_two_words(restored: World) -> None:
    say(restored, "once")
    assert say(restored, "restore", "accept", "--all-since").returncode == 64
    shutil.rmtree(restored.folder / "outbox")
    say(restored, "once")
    shown = say(restored, "restore", "show").stdout
    refused = say(restored, "restore", "accept")
    assert refused.returncode == 64
    for choice in ("--nothing-since", "--all-since"):
        assert choice in shown
        assert choice in refused.stderr
    assert say(restored, "restore", "accept", "--nothing-since").returncode == 0


def test_an_outbox_from_a_backup_is_told_and_its_ledger_written_anew(
    world: World, tmp_path: Path
) -> None:
    simplify(world)
    world.join(ANN)
    world.post("a")
    world.run()
    shutil.copytree(world.folder / "outbox", tmp_path / "older")
    world.leave(ANN)
    shutil.rmtree(world.folder / "outbox")
    (tmp_path / "older").rename(world.folder / "outbox")
    assert "the outbox is older than the store" in say(world, "once").stdout
    assert "Move what was sent" in say(world, "restore", "show").stdout
    assert say(world, "restore", "accept").returncode == 0
    assert "held" not in say(world, "once").stdout
