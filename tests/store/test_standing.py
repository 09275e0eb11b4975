"""How things stand, as the store keeps it; and readers counted along, never scanned."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.digest.issue import Issue, IssueState
from pipeline.outbox.batch import BatchState
from pipeline.store.batches import add_batch
from pipeline.store.database import Database, Transaction, open_store
from pipeline.store.erasures import begin_erasure
from pipeline.store.issues import add_issue
from pipeline.store.newsletters import add_newsletter, add_stream
from pipeline.store.standing import (
    LastPass,
    Scan,
    Trouble,
    count_standing,
    end_trouble,
    find_last_pass,
    last_scans,
    note_told,
    put_pass,
    put_scans,
    put_trouble,
    standing_troubles,
)
from pipeline.store.subscribers import (
    add_subscriber,
    count_members,
    move_subscriber,
    subscribe,
    unsubscribe,
)
from pipeline.subscribers.subscriber import State, Subscriber
from tests.world import NOW

COUNTED = """\
SELECT p.newsletter, count(*) AS n FROM subscriptions p
JOIN subscribers s ON s.id = p.subscriber
WHERE s.state = 'active' GROUP BY p.newsletter"""

NAMES = ("daily", "weekly")
READERS = range(1, 5)

_STEPS = st.one_of(
    st.tuples(st.just("subscribe"), st.sampled_from(READERS), st.sampled_from(NAMES)),
    st.tuples(st.just("leave"), st.sampled_from(READERS), st.sampled_from(NAMES)),
    st.tuples(st.just("move"), st.sampled_from(READERS), st.sampled_from(State)),
    st.tuples(st.just("erase"), st.sampled_from(READERS), st.none()),
)


def reader_of(address: str, state: State) -> Subscriber:
    return Subscriber(
        id=0,
        address=address,
        key=address,
        state=state,
        language="",
        created=NOW,
        source="test",
        name="",
    )


@contextmanager
def four_readers() -> Iterator[Database]:
    with TemporaryDirectory() as folder:
        database = open_store(Path(folder) / "pressroom.db")
        with database.transaction() as tx:
            for n in READERS:
                state = State.ACTIVE if n % 2 else State.UNSUBSCRIBED
                add_subscriber(tx, reader_of(f"r{n}@example.org", state))
        yield database
        database.close()


def take(tx: Transaction, step: str, reader: int, value: object) -> None:
    if step == "subscribe":
        subscribe(tx, reader, (str(value), "own"), 0, NOW)
    elif step == "leave":
        unsubscribe(tx, reader, str(value))
    elif step == "move":
        move_subscriber(tx, reader, State(str(value)))
    else:
        begin_erasure(tx, reader, "", NOW)


@settings(max_examples=40)
@given(st.lists(_STEPS, max_size=25))
def test_readers_are_counted_whatever_becomes_of_them(
    steps: list[tuple[str, int, object]],
) -> None:
    with four_readers() as database:
        gone = set[int]()
        for step, reader, value in steps:
            if reader in gone and step != "erase":
                continue
            with database.transaction() as tx:
                take(tx, step, reader, value)
                counted = {row["newsletter"]: row["n"] for row in tx.all(COUNTED)}
                assert count_members(tx) == counted
            if step == "erase":
                gone.add(reader)


def test_the_last_pass_and_its_scans_are_kept(database: Database) -> None:
    scan = Scan(site="blog", time=NOW, posts=9, public=7, faults=1, warnings=2)
    last = LastPass(ended=NOW, took=timedelta(milliseconds=1500), exit_status=65)
    with database.transaction() as tx:
        assert find_last_pass(tx) is None
        assert last_scans(tx) == {}
        for _ in range(2):
            put_scans(tx, [scan], ["blog", "notes"])
            put_pass(tx, last)
        assert last_scans(tx) == {"blog": scan}
        assert find_last_pass(tx) == last
        put_scans(tx, [], ["notes"])
        assert last_scans(tx) == {}


def test_a_trouble_keeps_its_beginning_and_that_it_was_told(database: Database) -> None:
    first = Trouble(name="disk", what="1 MB is free", since=NOW)
    later = Trouble(name="disk", what="2 MB are free", since=NOW + timedelta(hours=1))
    with database.transaction() as tx:
        put_trouble(tx, first)
        note_told(tx, "disk")
        put_trouble(tx, later)
        told = Trouble(name="disk", what="2 MB are free", since=NOW, told=True)
        assert standing_troubles(tx) == [told]
        end_trouble(tx, "disk")
        assert standing_troubles(tx) == []


def test_what_is_in_the_store_is_counted(database: Database) -> None:
    with database.transaction() as tx:
        add_newsletter(tx, "weekly", NOW, "")
        add_stream(tx, "weekly", "own", NOW, 0)
        for number in (1, 2):
            issue = Issue(
                id=0,
                newsletter="weekly",
                number=number,
                boundary=NOW,
                from_number=0,
                upto_number=1,
            )
            made = add_issue(tx, issue, NOW)
            add_batch(tx, f"weekly-{number}", made, (1, 1), {1, 2})
        counts = count_standing(tx)
    assert counts.issues == {("weekly", IssueState.OPENED): 2}
    assert counts.batches == {BatchState.OPEN: 2}
    assert counts.readers == {}
    assert counts.letters == 0
