"""A store of the last version, with readers, issues and batches under way."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from pipeline.outbox.ledger import LEDGER
from pipeline.store.database import APPLICATION_ID, migrations, open_store
from tests.world import World, part

LAST_VERSION = 4
ANN, BOB, EVE = "ann@example.org", "bob@example.org", "eve@example.org"


def turn_back(path: Path) -> None:
    """Make of a store of today one as version 4 would have left it.

    It knew no choices, and coverage was what a reader joined with.
    """
    old = path.with_name("old.db")
    with closing(sqlite3.connect(old, isolation_level=None)) as store:
        store.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        for number, script in migrations():
            if number <= LAST_VERSION:
                store.executescript(script)
        store.execute(f"PRAGMA user_version = {LAST_VERSION}")
        store.execute("DELETE FROM ties")
        store.execute("ATTACH ? AS new", (str(path),))
        tables = store.execute(
            "SELECT name FROM main.sqlite_schema WHERE type = 'table' "
            "AND name NOT LIKE 'sqlite_%'"
        ).fetchall()
        for (table,) in tables:
            found = store.execute(f"SELECT name FROM pragma_table_info('{table}')")
            columns = ", ".join(name for (name,) in found)
            source = f"SELECT {columns} FROM new.{table}"
            store.execute(f"INSERT INTO main.{table} ({columns}) {source}")
        store.execute("DELETE FROM ties WHERE name <> 'store'")
        store.execute("UPDATE subscriptions SET coverage = 0")
    old.replace(path)


@pytest.fixture
def world(tmp_path: Path) -> World:
    """A newsletter whose first issue was sent to two readers."""
    world = World(tmp_path / "site")
    world.post("a")
    world.join(ANN)
    world.join(BOB)
    world.run()
    world.take_all()
    return world


def reopened(world: World) -> World:
    """Return the world with its store brought from version 4, without a ledger, on."""
    path = world.folder / "var" / "pressroom.db"
    turn_back(path)
    (world.folder / "outbox" / LEDGER).unlink()
    open_store(path).close()
    world.configure(f"{world.config}    cadences: [daily]\n")
    return world


def got(world: World) -> dict[str, list[str]]:
    """Return which of the posts a to c each message of a reader shows."""
    shown: dict[str, list[str]] = {}
    for message in world.messages():
        text = part(message, "plain")
        posts = "".join(name for name in "abc" if f"/{name}/" in text)
        shown.setdefault(str(message["To"]), []).append(posts)
    return shown


def test_readers_have_what_was_sent_to_them_before(world: World) -> None:
    reopened(world).run()
    assert world.messages() == []
    world.post("b", date="2026-11-21")
    world.choose(ANN, cadence="daily")
    world.later(days=1)
    world.run()
    world.join(EVE)
    world.later(days=2)
    world.run()
    assert got(world) == {ANN: ["b"], BOB: ["b"], EVE: ["b"]}


def test_an_issue_that_was_opened_is_still_to_come(world: World) -> None:
    world.post("b", date="2026-11-21")
    world.write("templates/digest.txt", "{{ newsletter.titel }}")
    world.later(days=3)
    assert world.run().exit_status() == 78
    (world.folder / "templates" / "digest.txt").unlink()
    reopened(world).choose(ANN, cadence="daily")
    for _ in range(8):
        world.later(days=1)
        world.run()
    assert got(world) == {ANN: ["b"], BOB: ["b"]}


def test_an_issue_that_was_being_sent_goes_on_and_counts_as_given(
    world: World,
) -> None:
    world.configure(
        world.config.replace("mail:", "outbox:\n  ahead: 1\nmail:\n  batch_size: 1")
    )
    world.post("b", date="2026-11-21")
    world.later(days=3)
    world.run()
    before = got(world)
    world.take_all()
    reopened(world).choose(BOB, cadence="daily")
    world.run()
    assert (before, got(world)) == ({ANN: ["b"]}, {BOB: ["b"]})
    world.take_all()
    world.post("c", date="2026-11-24")
    for _ in range(8):
        world.later(days=1)
        world.run()
        world.configure(world.config.replace("ahead: 1", "ahead: 9"))
    assert got(world) == {ANN: ["c"], BOB: ["c"]}


def test_a_translation_of_what_was_sent_before_is_not_sent(tmp_path: Path) -> None:
    world = World(tmp_path / "site")
    world.post("a", language="en", translationKey="one")
    world.join(ANN)
    world.run()
    world.take_all()
    world.post("b", date="2026-11-21", language="zh", translationKey="one")
    reopened(world).join(BOB)
    world.later(days=3)
    world.run()
    assert got(world) == {BOB: ["b"]}
