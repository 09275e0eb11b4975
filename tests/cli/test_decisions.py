"""`pressroom issue hold`, `release`, `skip`, `stop`, `resume`, `correct`, `test`."""

from __future__ import annotations

import re

import pytest

from pipeline.base.errors import InputError, UsageError
from tests.cli.conftest import Command
from tests.world import CONFIG, World, part


@pytest.fixture
def held(world: World, command: Command) -> Command:
    """Run commands beside an issue that is held."""
    world.configure(CONFIG + "    hold: 30m\n")
    world.post("a", "Words of a.")
    world.post("b", "Words of b.")
    world.join("ann@example.org")
    command("once")
    return command


def test_a_held_issue_is_shown_with_its_posts(held: Command) -> None:
    assert held("issue", "show", "1").stdout == (
        "weekly #1, held: 1 reader\n"
        "  goes out by itself at 2026-11-20 09:30 UTC\n"
        "  post: b.md, B\n"
        "  post: a.md, A\n"
    )
    assert (
        "On hold: weekly #1 is held until 2026-11-20 09:30 UTC: "
        "newsletters.weekly.hold is 30m; `pressroom issue release 1` sends it now, "
        "`pressroom issue stop 1` does not\n"
    ) in held("status").stdout


def test_a_post_is_skipped_and_put_back(held: Command) -> None:
    said = held("issue", "skip", "1", "b.md").stdout
    assert said == "b.md is left out of weekly #1\n"
    assert "  post: left out: b.md, B\n" in held("issue", "show", "1").stdout
    said = held("issue", "skip", "1", "b.md", "--undo").stdout
    assert said == "b.md is back in weekly #1\n"


def test_it_is_held_for_longer_and_released(world: World, held: Command) -> None:
    assert "weekly #1 is held;" in held("issue", "hold", "1").stdout
    world.later(hours=2)
    held("once")
    assert world.messages() == []
    said = held("issue", "release", "1").stdout
    assert said == "weekly #1 goes out with the next run\n"
    held("once")
    assert len(world.messages()) == 1


def test_it_is_stopped_and_resumed(world: World, held: Command) -> None:
    assert held("issue", "stop", "1").stdout == (
        "weekly #1 is stopped; `pressroom issue resume 1` sends the rest of it\n"
    )
    assert held("hold", "list").stdout == "Nothing is on hold.\n"
    held("issue", "resume", "1")
    held("once")
    assert len(world.messages()) == 1


def test_a_hold_that_still_stops_it_is_told(held: Command) -> None:
    held("hold", "put")
    listed = held("hold", "put", "weekly").stdout
    first, second = re.findall(r"hold accept (\d+)", listed)
    once = f", once hold {first} and hold {second} have ended\n"
    said = held("issue", "release", "1").stdout
    assert said == f"weekly #1 goes out with the next run{once}"
    held("issue", "stop", "1")
    said = held("issue", "resume", "1").stdout
    assert said == f"weekly #1 goes on with the next run{once}"


def test_a_hold_of_an_issue_is_not_accepted_but_released(held: Command) -> None:
    with pytest.raises(InputError, match="`pressroom issue release 1` sends it now"):
        raise held("hold", "accept", "1").exception or AssertionError


@pytest.fixture
def out(world: World, held: Command) -> Command:
    """Run commands beside an issue that is out."""
    world.later(minutes=30)
    held("once")
    return held


def test_a_correction_is_told_and_goes_out(world: World, out: Command) -> None:
    assert out("issue", "correct", "1", "--text", "It was Tuesday.").stdout == (
        "weekly #1 (correction) is issue 2 and goes out with the next run; "
        "`pressroom issue stop 2` keeps it back\n"
    )
    out("once")
    assert world.messages()[-1]["Subject"] == "Correction: Weekly #1: B"
    assert "(correction)" in out("issue", "list").stdout


def test_a_correction_needs_words(
    out: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("click.edit", lambda text: text)
    with pytest.raises(UsageError, match="a correction needs words"):
        raise out("issue", "correct", "1").exception or AssertionError
    monkeypatch.setattr("click.edit", lambda text: f"It was Tuesday.\n{text}")
    assert "issue 2" in out("issue", "correct", "1").stdout


def test_a_test_goes_to_one_address_marked_as_one(world: World, out: Command) -> None:
    world.take_all()
    said = out("issue", "test", "1", "--to", "me@example.org").stdout
    assert said == "A test of weekly #1 for me@example.org lies in the outbox\n"
    (message,) = world.messages()
    assert (message["To"], message["Subject"]) == (
        "me@example.org",
        "Test: Weekly #1: B",
    )
    assert message["List-Unsubscribe"] is None
    assert "Words of a." in str(message.get_body(("plain",)))
    told = " ".join(part(message, "plain").split())
    assert "“pressroom issue test --to” named it" in told
    said = out("issue", "test", "1", "--to", "me@example.org").stdout
    assert said == (
        "A test of weekly #1 for me@example.org goes out once a relay has taken the "
        "letters before it\n"
    )


def test_a_test_needs_an_address_and_an_issue_that_is_made(
    world: World, held: Command
) -> None:
    with pytest.raises(UsageError, match="--to ADDRESS"):
        raise held("issue", "test", "1").exception or AssertionError
    world.configure(world.config + "owner:\n  address: owner@example.org\n")
    with pytest.raises(InputError, match="is held, and not made yet"):
        raise held("issue", "test", "1").exception or AssertionError
