"""What the store notes for the ledger, and how it tells whose life a ledger is of."""

from __future__ import annotations

import pytest

from pipeline.outbox.entries import Back, Begun, Erased, Kept, Left, Lifted, Moved
from pipeline.outbox.entries import Position as At
from pipeline.store.database import Database
from pipeline.store.erasures import begin_erasure
from pipeline.store.ledger import (
    Standing,
    compare,
    describe_all,
    drop_lines,
    given_ids,
    note,
    pending_lines,
    put_lines_behind,
    raise_ids,
    set_position,
)
from pipeline.store.subscribers import (
    add_subscriber,
    move_subscriber,
    subscribe,
    unsubscribe,
    withdraw,
)
from pipeline.store.suppressions import lift_address, suppress_address
from pipeline.subscribers.subscriber import State, Subscriber
from pipeline.subscribers.suppression import Reason
from tests.world import NOW

ANN = Subscriber(
    id=0,
    address="ann@example.org",
    key="ann@example.org",
    state=State.ACTIVE,
    language="",
    created=NOW,
    source="test",
)
STREAM = ("weekly", "own")


@pytest.mark.parametrize(
    ("end", "standing"),
    [
        (None, Standing.NO_LEDGER),
        (At(5, "e"), Standing.IN_STEP),
        (At(6, "other"), Standing.OLDER_STORE),
        (At(5, "other"), Standing.OLDER_STORE),
        (At(4, "d"), Standing.OLDER_LEDGER),
    ],
)
def test_a_store_knows_its_ledger_by_the_last_line(
    database: Database, end: At | None, standing: Standing
) -> None:
    with database.transaction() as tx:
        set_position(tx, At(5, "e"))
        assert compare(tx, end) is standing


def test_a_line_that_waits_may_be_there_already(database: Database) -> None:
    with database.transaction() as tx:
        note(tx, Erased(member=1))
        set_position(tx, At(0, ""))
        (line,) = pending_lines(tx)
        assert compare(tx, line.position) is Standing.IN_STEP
        assert compare(tx, At(line.seq, "other")) is Standing.OLDER_STORE
        drop_lines(tx, line.seq)
        assert pending_lines(tx) == []


def test_a_store_without_a_ledger_takes_one_that_is_there_for_newer(
    database: Database,
) -> None:
    with database.transaction() as tx:
        assert compare(tx, None) is Standing.NEW
        assert compare(tx, At(1, "a")) is Standing.OLDER_STORE


def test_who_leaves_and_comes_back_is_noted(database: Database) -> None:
    with database.transaction() as tx:
        ann = add_subscriber(tx, ANN)
        subscribe(tx, ann, STREAM, 0, NOW)
        assert pending_lines(tx) == []
        withdraw(tx, ann, "weekly", 0, NOW)
        unsubscribe(tx, ann, "weekly")
        move_subscriber(tx, ann, State.UNSUBSCRIBED, NOW)
        subscribe(tx, ann, STREAM, 0, NOW)
        noted = [line.entry for line in pending_lines(tx)]
    assert list(map(type, noted)) == [Left, Moved, Back]


def test_who_is_kept_out_is_noted_once(database: Database) -> None:
    with database.transaction() as tx:
        for _ in range(2):
            suppress_address(tx, ANN.key, Reason.BLOCKED, NOW)
        for _ in range(2):
            lift_address(tx, ANN.key)
        noted = [line.entry for line in pending_lines(tx)]
    assert list(map(type, noted)) == [Kept, Lifted]
    assert ANN.key not in repr(noted)


def test_of_one_who_is_erased_only_that_is_said(database: Database) -> None:
    with database.transaction() as tx:
        ann = add_subscriber(tx, ANN)
        subscribe(tx, ann, STREAM, 0, NOW)
        withdraw(tx, ann, "weekly", 0, NOW)
        begin_erasure(tx, ann, "rule", NOW)
        begin_erasure(tx, 0, "another", NOW)
        assert [line.entry for line in pending_lines(tx)] == [Erased(member=ann)]
        describe_all(tx)
        begun, erased = (line.entry for line in pending_lines(tx))
    assert isinstance(begun, Begun)
    assert erased == Erased(member=ann)


def test_lines_that_wait_come_behind_those_of_another_life(database: Database) -> None:
    with database.transaction() as tx:
        note(tx, Erased(member=1))
        note(tx, Erased(member=2))
        put_lines_behind(tx, 100)
        note(tx, Erased(member=3))
        lines = pending_lines(tx)
    assert [line.entry for line in lines] == [Erased(member=n) for n in (1, 2, 3)]
    assert [line.seq for line in lines] == [101, 102, 103]


def test_ids_go_on_behind_those_that_were_given(database: Database) -> None:
    with database.transaction() as tx:
        raise_ids(tx, {"issues": 12, "subscribers": 7, "no table": 3})
        ids = given_ids(tx)
        assert ids["issues"] == 12
        assert add_subscriber(tx, ANN) > 7
        raise_ids(tx, {"issues": 5})
        assert given_ids(tx)["issues"] == 12
    assert "no table" not in ids
