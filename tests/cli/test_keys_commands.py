"""`pressroom key` and `pressroom backup`."""

from __future__ import annotations

import json

from pipeline.base.errors import InputError
from pipeline.runs.outgoing.keys import load_keys
from tests.cli.conftest import Command
from tests.world import World


def test_keys_are_shown_by_fingerprint_and_age_never_themselves(
    world: World, command: Command
) -> None:
    assert isinstance(command("key", "show").exception, InputError)
    command("once")
    assert "signs from now on" in command("key", "rotate").stdout
    world.later(days=400)
    command("key", "rotate")
    shown = command("key", "show").stdout
    keys = load_keys(world.configuration().store.path)
    lines = shown.splitlines()
    assert [line.split()[0] for line in lines[1:]] == [k.fingerprint for k in keys]
    assert "0 days" in lines[1]
    assert "signs and verifies" in lines[1]
    assert "400 days" in lines[2]
    assert all(key.secret.hex() not in shown for key in keys)


def test_keys_are_shown_as_json(world: World, command: Command) -> None:
    command("once")
    command("key", "rotate")
    first, second = json.loads(command("key", "show", "--json").stdout)
    assert first["since"] == "2026-11-20 09:00:00+00:00"
    assert first.keys() == second.keys() == {"fingerprint", "since"}


def test_a_backup_says_where_it_is(world: World, command: Command) -> None:
    command("once")
    done = command("backup", "copies")
    assert done.stdout == (
        "Wrote copies/pressroom-20261120-090000Z: configuration, store and keys\n"
    )
    assert (world.folder / "copies/pressroom-20261120-090000Z/key").is_file()


def test_backups_from_a_clock_that_was_ahead_are_told(
    world: World, command: Command
) -> None:
    command("once")
    (world.folder / "copies/pressroom-20270101-000000Z").mkdir(parents=True)
    done = command("backup", "copies", "--keep", "1")
    assert done.stdout == (
        "Wrote copies/pressroom-20261120-090000Z: configuration, store and keys\n"
        "Note: named by a time to come, so not counted and not removed: "
        "copies/pressroom-20270101-000000Z. The clock was ahead; remove them yourself\n"
    )
