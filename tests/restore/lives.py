"""A world whose store is lost, and put back from an older copy."""

from __future__ import annotations

import shutil
import sqlite3
from collections import Counter
from contextlib import closing
from pathlib import Path

from pipeline.outbox.entries import Entry
from pipeline.outbox.ledger import Ledger
from pipeline.outbox.spool import Spool
from pipeline.runs.backups.backup import back_up
from pipeline.runs.backups.remembering import Plan, accept, make_plan
from pipeline.store.database import Database
from tests.world import World

STORE = "pressroom.db"
SMALL_PAGE = "{% for post in posts %}{{ post.url }} {% endfor %}{{ unsubscribe_url }}"


def simplify(world: World) -> None:
    """Give a world templates that take no time."""
    world.write("templates/digest.html", f"<html><body>{SMALL_PAGE}</body></html>")
    world.write("templates/digest.txt", SMALL_PAGE)


def back_up_world(world: World) -> Path:
    """Return a new backup's folder."""
    store = world.configuration().store.path
    into = world.folder / "backups"
    return back_up(world.folder / "config.yaml", store, into, world.time)


def restore(world: World, backup: Path) -> None:
    """Lose the store, and put a backup's in its place."""
    var = world.folder / "var"
    for path in var.glob(f"{STORE}*"):
        path.unlink()
    shutil.copy(backup / STORE, var / STORE)


def open_spool(world: World) -> tuple[Database, Spool]:
    return world.store(), Spool(world.folder / "outbox")


def plan(world: World) -> Plan | None:
    database, spool = open_spool(world)
    with closing(database):
        return make_plan(database, spool)


def agree(world: World, *, all_since: bool | None = None) -> None:
    """Do what `pressroom restore accept` does."""
    database, spool = open_spool(world)
    with closing(database):
        accept(database, spool, world.time, all_since=all_since)


def entries(world: World) -> list[Entry]:
    return [line.entry for line in Ledger(world.folder / "outbox").read()]


def take_and_sweep(world: World) -> Counter[tuple[str, str]]:
    """Do what a quick relay does; return who was sent which subjects."""
    sent = Counter(
        (reader, subject)
        for reader, subjects in world.got().items()
        for subject in subjects
    )
    world.take_all()
    for folder in (world.folder / "outbox" / "sent").iterdir():
        shutil.rmtree(folder)
    return sent


def ask(world: World, sql: str) -> list[tuple[object, ...]]:
    """Return rows of the world's store."""
    with closing(sqlite3.connect(world.folder / "var" / STORE)) as store:
        return store.execute(sql).fetchall()
