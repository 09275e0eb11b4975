"""Leaving without a web server: the mail has an address, and a mail to it leaves."""

from __future__ import annotations

import re

import pytest
from click.testing import CliRunner, Result
from hypothesis import given
from hypothesis import strategies as st

from pipeline.base.clock import FixedClock
from pipeline.base.errors import BusyError, InputError, StoreError, UsageError
from pipeline.cli.main import pressroom
from pipeline.runs.readers import leavebymail
from pipeline.runs.readers.leavebymail import find_tokens, read_header
from tests.world import World

ANN, BOB = "ann@example.org", "bob@example.org"


@pytest.fixture
def mailed(world: World, monkeypatch: pytest.MonkeyPatch) -> World:
    """Two readers have an issue waiting in the outbox; there is no web server."""
    monkeypatch.chdir(world.folder)
    for reader in (ANN, BOB):
        world.join(reader)
    world.post("a")
    world.run()
    return world


def way_out(world: World, address: str = ANN) -> str:
    """Return the address to leave by of a reader's mail."""
    (message,) = (each for each in world.messages() if each["To"] == address)
    assert message["List-Unsubscribe-Post"] is None
    found = re.fullmatch(
        r"<mailto:(leave\+[a-z2-7]+@example\.org)\?subject=unsubscribe>",
        str(message["List-Unsubscribe"]),
    )
    assert found
    return found[1].replace("%2B", "+")


def pipe(world: World, text: str) -> Result:
    return CliRunner().invoke(
        pressroom,
        ["subscriber", "leave-by-mail"],
        obj=FixedClock(world.time),
        input=text.encode(),
        standalone_mode=False,
    )


def still(world: World) -> list[str]:
    return sorted(world.got())


@pytest.mark.parametrize(
    "field", ["To", "Delivered-To", "X-Original-To", "Envelope-To", "Cc"]
)
def test_a_mail_to_the_address_leaves_at_once(mailed: World, field: str) -> None:
    way = way_out(mailed)
    result = pipe(mailed, f"From: x@y.example\n{field}: Leave <{way.upper()}>\n\nhi\n")
    assert result.exception is None
    assert result.stdout == "Left weekly\n"
    assert still(mailed) == [BOB]


def test_it_may_come_twice(mailed: World) -> None:
    way = way_out(mailed)
    for _ in range(2):
        assert pipe(mailed, f"To: {way}\n\n").exception is None
    assert still(mailed) == [BOB]


@pytest.mark.parametrize(
    "field",
    [
        "Auto-Submitted: auto-replied (vacation)",
        "Auto-Submitted: Auto-Replied; owner-email=x@y.example",
        "Precedence: auto_reply",
        "Return-Path: <>",
        "Content-Type: multipart/report; report-type=delivery-status",
    ],
)
def test_an_automatic_answer_changes_nothing_and_does_not_bounce(
    mailed: World, field: str
) -> None:
    result = pipe(mailed, f"{field}\nTo: {way_out(mailed)}\n\n")
    assert result.exception is None
    assert still(mailed) == [ANN, BOB]


@pytest.mark.parametrize(
    "to",
    [
        "leave@example.org",
        "leave+nobodys@example.org",
        "other+{token}@example.org",
        "leave+{token}@example.net",
        "leave+{token}x@example.org",
        "leave+{token}",
        "",
    ],
)
def test_what_is_no_readers_address_is_refused(mailed: World, to: str) -> None:
    token = way_out(mailed).partition("+")[2].partition("@")[0]
    result = pipe(mailed, f"To: {to.format(token=token)}\n\n")
    assert isinstance(result.exception, InputError)
    assert still(mailed) == [ANN, BOB]


def test_an_address_in_the_text_or_the_sender_is_none(mailed: World) -> None:
    way = way_out(mailed)
    result = pipe(mailed, f"From: {way}\nTo: leave@example.org\n\nTo: {way}\n")
    assert isinstance(result.exception, InputError)


def test_one_who_was_erased_gets_no_complaint(mailed: World) -> None:
    way = way_out(mailed)
    CliRunner().invoke(
        pressroom, ["subscriber", "erase", ANN], obj=FixedClock(mailed.time)
    )
    assert pipe(mailed, f"To: {way}\n\n").exception is None


def test_a_store_that_cannot_be_used_has_the_mail_server_try_again(
    mailed: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    way = way_out(mailed)

    def refuse(*_: object) -> None:
        raise StoreError("the store is busy")

    monkeypatch.setattr("pipeline.cli.leaving.find_holder", refuse)
    assert isinstance(pipe(mailed, f"To: {way}\n\n").exception, BusyError)
    assert still(mailed) == [ANN, BOB]


def test_without_an_address_there_is_nothing_to_pipe(mailed: World) -> None:
    config = mailed.config.replace("unsubscribe_address", "bounce_address")
    mailed.configure(config)
    assert isinstance(pipe(mailed, "To: x\n\n").exception, UsageError)


@given(st.binary(max_size=300))
def test_whatever_comes_is_read(data: bytes) -> None:
    header = read_header(data)
    assert leavebymail.is_automatic(header) in (False, True)
    find_tokens(header, "leave@example.org")
