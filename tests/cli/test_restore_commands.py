"""`pressroom restore`: what an owner reads, and does, after a backup was put back."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from click.testing import Result

from pipeline.base.errors import PressroomError
from tests.cli.conftest import Command
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


def status(result: Result) -> int:
    """Return what the command ends with, and let no other error pass."""
    if result.exception is None:
        return result.return_value or 0
    assert isinstance(result.exception, PressroomError)
    return result.exception.exit_status


def test_a_run_holds_everything_and_says_what_to_do(
    restored: World, command: Command
) -> None:
    done = command("once")
    assert status(done) == 0
    assert "everything has been held" in done.stdout
    assert "the store is older than the outbox" in done.stdout
    assert "`pressroom restore show`" in done.stdout
    assert "restore accept" in command("status").stdout
    (hold,) = json.loads(command("hold", "list", "--json").stdout)
    refused = command("hold", "accept", str(hold["id"]))
    assert status(refused) == 66
    assert "`pressroom restore accept` ends it" in str(refused.exception)


def test_the_plan_is_told_and_accepted(restored: World, command: Command) -> None:
    command("once")
    shown = command("restore", "show").stdout
    assert (
        "weekly #1, due 2026-11-20 09:00 UTC: 1 post to 2 readers in 1 batch" in shown
    )
    assert "1 reader left, and would get mail again" in shown
    data = json.loads(command("restore", "show", "--json").stdout)
    assert data["left"] == 1
    assert status(command("restore", "accept")) == 0
    assert "Nothing waits" in command("restore", "show").stdout
    assert command("hold", "list").stdout == "Nothing is on hold.\n"
    assert list(restored.got()) == [ANN]


def test_accepting_what_is_not_there_is_told(world: World, command: Command) -> None:
    world.run()
    done = command("restore", "accept")
    assert status(done) == 66
    assert "nothing to accept" in str(done.exception)


def test_a_lost_outbox_wants_one_of_two_words(
    restored: World, command: Command
) -> None:
    command("once")
    assert status(command("restore", "accept", "--all-since")) == 64
    shutil.rmtree(restored.folder / "outbox")
    command("once")
    shown = command("restore", "show").stdout
    refused = command("restore", "accept")
    assert status(refused) == 64
    for choice in ("--nothing-since", "--all-since"):
        assert choice in shown
        assert choice in str(refused.exception)
    assert status(command("restore", "accept", "--nothing-since")) == 0


def test_an_outbox_from_a_backup_is_told_and_its_ledger_written_anew(
    world: World, tmp_path: Path, command: Command
) -> None:
    simplify(world)
    world.join(ANN)
    world.post("a")
    world.run()
    shutil.copytree(world.folder / "outbox", tmp_path / "older")
    world.leave(ANN)
    shutil.rmtree(world.folder / "outbox")
    (tmp_path / "older").rename(world.folder / "outbox")
    assert "the outbox is older than the store" in command("once").stdout
    assert "Move what was sent" in command("restore", "show").stdout
    assert status(command("restore", "accept")) == 0
    assert "held" not in command("once").stdout
