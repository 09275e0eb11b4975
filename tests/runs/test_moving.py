"""A reader at another address by their owner's word; what is kept of it, and erased."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from pipeline.outbox.spool import Spool
from pipeline.runs.readers.dossier import gather
from pipeline.runs.readers.erasing import erase_reader
from pipeline.runs.readers.retention import sweep
from pipeline.runs.readers.signup import Outcome
from pipeline.subscribers.address import normalise
from tests.cli.conftest import Command, command
from tests.dump import dump
from tests.web.clients import reader, with_pages
from tests.world import World

__all__ = ["command"]

ANN, NEW = "ann@example.org", "ann@new.example"


@pytest.fixture
def moved(world: World, command: Command) -> World:
    """Give a world in which Ann was moved by the command, and told."""
    world.configure(with_pages(world.config))
    world.join(ANN)
    assert command("subscriber", "readdress", ANN, NEW).exit_code == 0
    world.run()
    return world


def about(world: World, address: str) -> dict[str, Any]:
    database = world.store()
    try:
        found = gather(database, Spool(world.folder / "outbox"), normalise(address))
    finally:
        database.close()
    copied: dict[str, Any] = json.loads(json.dumps(found, default=str))
    return copied


def erase(world: World, address: str) -> None:
    database, store = world.store(), world.configuration().store.path
    spool = Spool(world.folder / "outbox")
    erase_reader(database, spool, store, normalise(address), world.time)
    database.close()


def test_an_owner_moves_a_reader_and_the_address_before_is_told(moved: World) -> None:
    assert reader(moved, NEW).newsletters == ("weekly",)
    assert moved.got() == {ANN: ["Your address was changed"]}
    moved.run()
    assert len(moved.got()[ANN]) == 1


def test_without_pages_nobody_is_written_to(world: World, command: Command) -> None:
    world.join(ANN)
    said = command("subscriber", "readdress", ANN, NEW)
    assert f"{ANN}: is now {NEW}" in said.output
    world.run()
    assert world.got() == {}


def test_letters_may_be_written_otherwise(world: World, command: Command) -> None:
    world.join(ANN)
    command("subscriber", "readdress", ANN, "Ann@Example.org")
    assert reader(world, ANN).address == "Ann@example.org"


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("nobody@example.org", NEW, "is not known"),
        (ANN, ANN, "is where their mail goes"),
        (ANN, "bob@example.org", "is a reader already"),
        (ANN, "x@blocked.example", "subscriber unblock x@blocked.example"),
        (ANN, "ann", "no @"),
    ],
)
def test_what_cannot_be_done_is_told(
    world: World, command: Command, old: str, new: str, told: str
) -> None:
    for address in (ANN, "bob@example.org"):
        world.join(address)
    command("subscriber", "block", "@blocked.example")
    before = dump(world.folder / "var/pressroom.db")
    result = command("subscriber", "readdress", old, new)
    assert told in str(result.exception or result.output)
    assert dump(world.folder / "var/pressroom.db") == before


def test_who_looks_for_the_address_before_is_told_where_they_are(
    moved: World, command: Command
) -> None:
    for words in (
        ("subscriber", "show", ANN),
        ("subscriber", "export", "--about", ANN),
        ("subscriber", "readdress", ANN, "x@example.org"),
    ):
        told = str(command(*words).exception)
        assert f"is not known: that reader is now {NEW}" in told


def test_an_old_list_does_not_bring_the_address_back(
    moved: World, command: Command, tmp_path: Path
) -> None:
    assert moved.join(ANN) is Outcome.KEPT_OUT
    told = str(command("subscriber", "add", ANN).exception)
    assert f"{ANN} was changed for {NEW}" in told
    old = tmp_path / "old.csv"
    old.write_text(f"email\n{ANN}\n", encoding="utf-8")
    command("subscriber", "import", str(old))
    assert [
        row[2] for row in dump(moved.folder / "var/pressroom.db")["subscribers"]
    ] == [NEW]
    assert moved.join(ANN, again=True) is Outcome.ADDED


def test_what_is_kept_of_it_is_told(moved: World) -> None:
    told = about(moved, NEW)
    [move] = told["moves"]
    assert (move["address"], move["how"], move["source"]) == (ANN, "owner", "command")
    assert move["created"] == "2026-11-20T09:00:00+00:00"
    [ask] = told["asks"]
    assert (ask["former"], ask["confirmed"] is not None) == (ANN, True)
    [consent] = told["consents"]
    assert consent["source"] == "test"


def test_erasing_removes_every_trace_of_both_addresses(moved: World) -> None:
    moved.post("a")
    moved.later(days=7)
    moved.run()
    erase(moved, NEW)
    moved.run()
    for path in moved.folder.rglob("*"):
        if path.is_file() and path.name not in ("config.yaml",):
            found = path.read_bytes().lower()
            assert ANN.encode() not in found or path.suffix == ".md", path
            assert NEW.encode() not in found, path
    assert moved.join(ANN) is Outcome.KEPT_OUT
    assert moved.join(NEW) is Outcome.KEPT_OUT


def test_an_address_that_is_somebodys_own_by_now_is_left_to_them(moved: World) -> None:
    moved.join(ANN, again=True)
    erase(moved, NEW)
    assert reader(moved, ANN).newsletters == ("weekly",)


def test_it_is_kept_no_longer_than_the_consent(moved: World) -> None:
    def moves() -> int:
        return len(dump(moved.folder / "var/pressroom.db")["moves"])

    moved.leave(NEW)
    database = moved.store()
    days = moved.configuration().retention.consent_days
    for passed, left in ((days - 1, 1), (2, 0)):
        moved.later(days=passed)
        list(sweep(database, moved.configuration(), moved.time))
        assert moves() == left
    database.close()
