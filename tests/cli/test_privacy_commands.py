"""`pressroom subscriber block`, `unblock`, `suppressed`, `erase`, `export --about`."""

from __future__ import annotations

import json

from pipeline.base.errors import InputError, OutputError, UsageError
from pipeline.base.lock import exclusive_lock
from tests.cli.conftest import Command
from tests.world import World

ANN = "ann@example.org"


def test_addresses_and_domains_are_blocked_listed_and_unblocked(
    world: World, command: Command
) -> None:
    command("subscriber", "add", ANN)
    done = command("subscriber", "block", ANN, "@Spam.example")
    assert done.stdout == (
        f"{ANN}: blocked (1 reader)\n@spam.example: blocked (0 readers)\n"
    )
    refused = command("subscriber", "add", "bob@spam.example").exception
    assert isinstance(refused, UsageError)
    assert "`pressroom subscriber unblock @spam.example` lifts that" in str(refused)
    listed = command("subscriber", "suppressed").stdout
    assert "@spam.example" in listed
    assert ANN not in listed
    rules = json.loads(command("subscriber", "suppressed", "--json").stdout)
    assert [rule["reason"] for rule in rules] == ["blocked", "blocked"]
    lifted = command("subscriber", "unblock", "@spam.example", ANN)
    assert lifted.stdout == f"@spam.example: may join again\n{ANN}: may join again\n"
    assert "added" in command("subscriber", "add", "bob@spam.example").stdout
    again = command("subscriber", "unblock", "@spam.example").exception
    assert isinstance(again, InputError)


def test_one_wrong_word_blocks_nobody(world: World, command: Command) -> None:
    error = command("subscriber", "block", ANN, "@org").exception
    assert isinstance(error, UsageError)
    assert json.loads(command("subscriber", "suppressed", "--json").stdout) == []


def test_to_erase_says_what_is_done_and_what_is_not(
    world: World, command: Command
) -> None:
    world.post("a")
    command("subscriber", "add", ANN)
    world.run()
    done = command("subscriber", "erase", ANN)
    assert done.stdout == (
        f"{ANN}: erased\n"
        "Note: backups, trials, and files you imported from hold what they held: "
        "delete those you need no more\n"
    )
    assert command("subscriber", "erase", ANN).stdout == done.stdout
    unknown = command("subscriber", "show", ANN).exception
    assert "not known" in str(unknown)
    assert "(erased, 2026-11-20); if they asked to come back, say --again" in str(
        unknown
    )
    assert isinstance(
        command("subscriber", "erase", "bob@example.org").exception, InputError
    )


def test_to_erase_during_a_run_is_finished_by_it(
    world: World, command: Command
) -> None:
    command("subscriber", "add", ANN)
    with exclusive_lock(world.folder / "var" / "lock"):
        done = command("subscriber", "erase", ANN)
    assert "Note: a run is under way: its end removes the rest" in done.stdout
    assert "Note: 1 reader erased" in command("once").stdout


def test_a_broken_listing_is_told_and_the_next_run_goes_on(
    world: World, command: Command
) -> None:
    world.post("a")
    command("subscriber", "add", ANN)
    world.run()
    (name,) = world.batches()
    listing = world.folder / "outbox" / "new" / name / "envelope.jsonl"
    good = listing.read_bytes()
    listing.write_bytes(b"{}\n")
    failed = command("subscriber", "erase", ANN)
    assert isinstance(failed.exception, OutputError)
    assert "is not as Pressroom wrote it" in str(failed.exception)
    assert "not everything is erased yet" in failed.stderr
    listing.write_bytes(good)
    assert "Note: 1 reader erased" in command("once").stdout
    assert world.messages() == []


def test_all_that_is_known_of_one_reader_is_json(
    world: World, command: Command
) -> None:
    command("subscriber", "add", ANN)
    told = json.loads(command("subscriber", "export", "--about", ANN).stdout)
    assert told["record"]["address"] == ANN
    assert told["consents"][0]["source"] == "command"
    unknown = command("subscriber", "export", "--about", "x@example.org").exception
    assert isinstance(unknown, InputError)
