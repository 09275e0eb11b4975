"""Every column that can tell who a reader is goes when they are erased, and is told.

By the schema as it is: a new table or column has to find its place here.
"""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from pipeline.outbox.entries import Erased
from pipeline.outbox.ledger import Ledger
from pipeline.outbox.spool import Spool
from pipeline.runs.readers.dossier import gather
from pipeline.runs.readers.erasing import erase_reader
from pipeline.runs.readers.moving import move_by_owner
from pipeline.runs.telling import Event, tell_owner
from pipeline.store.database import Transaction
from pipeline.store.subscribers import find_subscriber
from pipeline.subscribers.address import normalise
from pipeline.subscribers.subscriber import Subscriber
from tests.dump import dump
from tests.runs.test_letters import asked, keep, site
from tests.runs.test_letters_withdrawn import add_daily
from tests.world import World

__all__ = ["site"]

OLD, ANN, NEW = "ann@old.example", "ann@example.net", "ann@new.example"
ID = 770_001
"""No other number in the store is this one, so that it can be looked for anywhere."""

SUSPECT = re.compile(
    "subscriber|reader|member|person|address|recipient|former|mail|who|key|rule|name"
    "|network|words|entry|entries|detail|target|what|source"
)

# Where a reader's id or address stands, and the part of `export --about` that tells it.
COVERED = {
    "asks.address": "asks",
    "asks.former": "asks",
    "asks.key": "asks",
    "asks.reader": "asks",
    "consents.subscriber": "consents",
    "moves.address": "moves",
    "moves.key": "moves",
    "moves.subscriber": "moves",
    "owner_letters.recipient": "letters",
    "subscribers.address": "record",
    "subscribers.key": "record",
    "subscriptions.subscriber": "subscriptions",
    "withdrawals.subscriber": "withdrawals",
}

_WITH_ITS_ROW = "says nothing of who it is, and goes and is told with its row"
_A_DIGEST = "a digest of what something was made from"
_A_NAME = "the name of what is no reader"
HARMLESS = {
    "asks.network": _WITH_ITS_ROW,
    "asks.words": _WITH_ITS_ROW,
    "consents.source": _WITH_ITS_ROW,
    "moves.source": _WITH_ITS_ROW,
    "subscribers.name": _WITH_ITS_ROW,
    "subscribers.source": _WITH_ITS_ROW,
    "letters.ask": "goes with the ask, which is told",
    "batches.members": "numbers that name nobody without a row; told as `issues`",
    "batch_variants.members": "the same",
    "departures.words": "kept without who it was, by the day",
    "drafts.key": _A_DIGEST,
    "imports.key": _A_DIGEST,
    "renditions.key": _A_DIGEST,
    "batches.name": _A_NAME,
    "letter_batches.name": _A_NAME,
    "newsletters.name": _A_NAME,
    "sites.name": _A_NAME,
    "ties.name": _A_NAME,
    "troubles.name": _A_NAME,
    "troubles.what": "what is wrong with the machine",
    "erasures.subscriber": "of an erasure under way; goes when it is done",
    "erasures.rule": "the same",
    "suppressions.rule": "a keyed digest, which stays so that nobody is brought back",
    "tries.who": "a keyed digest, or a shortened network; goes within a day",
    "ledger.entry": "goes with the outbox's ledger, but that the number was erased",
    "restores.readers": "how many there were",
    "holds.target": "a newsletter or an issue",
    "holds.detail": "how many messages, and since when",
    "owner_letters.key": "which event it tells",
    "owner_letters.words": "to the owner; goes once the letter is out",
}


def columns(store: Path) -> Iterator[tuple[str, bool]]:
    """Yield each column as `table.column`, and whether it refers to who somebody is."""
    with closing(sqlite3.connect(store)) as connection:
        tables = connection.execute(
            "SELECT name FROM sqlite_schema WHERE type = 'table' "
            "AND name NOT LIKE 'sqlite%'"
        ).fetchall()
        for (table,) in tables:
            keys = connection.execute(f"PRAGMA foreign_key_list({table})").fetchall()
            personal = {each.split(".")[0] for each in COVERED}
            refers = {key[3] for key in keys if key[2] in personal}
            for column in connection.execute(f"PRAGMA table_info({table})"):
                yield f"{table}.{column[1]}", column[1] in refers


def find_ann(tx: Transaction, address: str) -> Subscriber:
    found = find_subscriber(tx, address)
    assert found is not None
    return found


@pytest.fixture
def known(site: World) -> World:
    """Return a site that knows as much of Ann as it can of anybody."""
    add_daily(site)
    site.store().close()
    with closing(sqlite3.connect(site.folder / "var/pressroom.db")) as connection:
        connection.execute(
            "INSERT INTO sqlite_sequence (name, seq) VALUES ('subscribers', ?)",
            (ID - 1,),
        )
        connection.commit()
    site.post("a")
    for address in (OLD, "bob@example.org"):
        site.join(address)
    site.run()
    site.leave(OLD, "daily")
    database = site.store()
    with database.transaction() as tx:
        ann = find_ann(tx, OLD)
        assert ann.id == ID
        move_by_owner(tx, ann, normalise(ANN), "weekly", site.time)
        event = Event(key="x", kind="flood", values={}, recipient=ANN.upper())
        tell_owner(tx, event, site.time)
    database.close()
    keep(site, replace(asked(site, NEW), reader=ID, former=ANN), asked(site, ANN))
    return site


def holding(world: World, *needles: object) -> set[str]:
    """Return the columns that hold Ann's number, or an address of hers."""
    store = world.folder / "var/pressroom.db"
    found = set()
    names = [name for name, _ in columns(store)]
    for table, rows in dump(store).items():
        own = [name for name in names if name.startswith(f"{table}.")]
        for row in rows:
            for name, value in zip(own, row, strict=False):
                text = str(value).lower()
                if any(re.search(rf"\b{needle}\b", text) for needle in needles):
                    found.add(name)
    return found


def about(world: World) -> dict[str, Any]:
    database = world.store()
    found = gather(database, Spool(world.folder / "outbox"), normalise(ANN))
    database.close()
    told: dict[str, Any] = json.loads(json.dumps(found, default=str))
    return told


def test_every_column_that_may_tell_who_it_is_has_its_place_here(world: World) -> None:
    world.store().close()
    there = dict(columns(world.folder / "var/pressroom.db"))
    suspect = {
        name
        for name, refers in there.items()
        if refers or SUSPECT.search(name.split(".")[1])
    }
    placed = COVERED.keys() | HARMLESS.keys()
    assert suspect - placed == set(), "is it erased, and told? Then say so above"
    assert placed - there.keys() == set(), "is not there any more"
    assert COVERED.keys() & HARMLESS.keys() == set()


def test_the_reader_stands_in_every_column_that_is_said_to_be_erased(
    known: World,
) -> None:
    found = holding(known, ID, OLD, ANN, NEW)
    assert COVERED.keys() - found == set()
    assert found - COVERED.keys() - HARMLESS.keys() <= {"subscribers.id"}


def test_all_of_it_is_told(known: World) -> None:
    told = about(known)
    assert {part for part in COVERED.values() if not told[part]} == set()
    assert {ask["address"]["address"] for ask in told["asks"]} == {ANN, NEW}
    assert len(told["asks"]) == len(dump(known.folder / "var/pressroom.db")["asks"])
    assert [letter["kind"] for letter in told["letters"]] == ["flood"]


def test_none_of_it_is_left(known: World) -> None:
    database, store = known.store(), known.configuration().store.path
    spool = Spool(known.folder / "outbox")
    erase_reader(database, spool, store, normalise(ANN), known.time)
    database.close()
    assert holding(known, OLD, ANN, NEW) == set()
    assert holding(known, ID) <= {"ledger.entry"}
    waiting = [str(row[2]) for row in dump(store)["ledger"]]
    there = [str(line.entry) for line in Ledger(spool.folder).read()]
    told = [entry for entry in (*waiting, *there) if str(ID) in entry]
    assert told == [str(Erased(member=ID))]
    assert known.run().errors == []
    assert holding(known, ID, OLD, ANN, NEW) <= {"ledger.entry"}
