"""`pressroom hold`, and what status and once say of a hold."""

from __future__ import annotations

import json

import click
import pytest

from pipeline.base.errors import InputError, UsageError
from tests.cli.conftest import Command
from tests.world import World

LINE = (
    "everything has been held since 2026-11-20 09:00 UTC: its owner said so; "
    "`pressroom hold accept 1` lets it go on\n"
)


def test_everything_can_be_held_and_let_go(world: World, command: Command) -> None:
    world.post("a")
    world.join("ann@example.org")
    assert command("hold", "put").stdout == LINE
    said = command("once").stdout
    assert f"Note: {LINE}" in said
    assert world.messages() == []
    assert "A</title>" in world.feed()
    assert command("hold", "list").stdout == LINE
    assert f"On hold: {LINE}" in command("status").stdout
    accepted = command("hold", "accept", "1").stdout
    assert accepted == "Hold 1 has ended: everything goes on with the next run\n"
    command("once")
    assert len(world.messages()) == 1
    assert command("hold", "list").stdout == "Nothing is on hold.\n"


def test_one_newsletter_can_be_held(world: World, command: Command) -> None:
    _, _, weekly = world.config.partition("newsletters:\n")
    other = weekly.replace("name: weekly", "name: other")
    world.configure(world.config + other)
    world.post("a")
    world.join("ann@example.org")
    assert command("hold", "put", "weekly").stdout.startswith(
        "weekly has been held since"
    )
    command("once")
    assert [name.split("-")[0] for name in world.batches()] == ["other"]


def test_a_hold_may_end_by_itself(world: World, command: Command) -> None:
    world.post("a")
    world.join("ann@example.org")
    said = command("hold", "put", "--for", "30m").stdout
    assert "since 2026-11-20 09:00 UTC, until 2026-11-20 09:30 UTC: its" in said
    command("once")
    assert world.messages() == []
    world.later(minutes=30)
    command("once")
    assert len(world.messages()) == 1
    assert command("hold", "list").stdout == "Nothing is on hold.\n"


def test_what_another_hold_still_stops_is_told(command: Command) -> None:
    command("hold", "put", "--for", "2h")
    command("hold", "put", "weekly")
    assert command("hold", "accept", "2").stdout == (
        "Hold 2 has ended: weekly goes on with the next run, once hold 1 has ended\n"
    )
    command("hold", "put", "weekly")
    assert command("hold", "accept", "1").stdout == (
        "Hold 1 has ended: everything goes on with the next run, "
        "weekly once hold 3 has ended\n"
    )


def test_holds_are_printed_as_data(command: Command) -> None:
    command("hold", "put")
    (held,) = json.loads(command("hold", "list", "--json").stdout)
    assert (held["scope"], held["reason"]) == ("everything", "owner")


def test_what_does_not_fit_is_told(command: Command) -> None:
    with pytest.raises(InputError, match="there is no hold 9"):
        raise command("hold", "accept", "9").exception or AssertionError
    with pytest.raises(UsageError, match="there is no newsletter 'daily'"):
        raise command("hold", "put", "daily").exception or AssertionError
    with pytest.raises(click.BadParameter, match="no length of time"):
        raise command("hold", "put", "--for", "soon").exception or AssertionError
    command("hold", "put")
    with pytest.raises(UsageError, match="can only be accepted"):
        raise command("hold", "refuse", "1").exception or AssertionError


@pytest.mark.parametrize(
    ("word", "told"), [("accept", "are news"), ("refuse", "are passed over")]
)
def test_how_many_posts_a_decision_is_about_is_told(
    world: World, command: Command, word: str, told: str
) -> None:
    config = world.config.replace("settle: 0", "settle: 0\n  flood: 2")
    world.configure(config.replace("    backfill: 5\n", ""))
    world.post("old", date="2026-01-01")
    command("once")
    for n in range(3):
        world.post(f"new{n}", date="2026-11-20")
    command("once")
    assert command("hold", word, "1").stdout == (
        f"Hold 1 has ended: 3 posts {told}, and everything goes on with the next run\n"
    )
