"""Erasing a reader: no file below the folder names them any more."""

from __future__ import annotations

import json
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipeline.base.errors import InputError, OutputError
from pipeline.base.lock import exclusive_lock
from pipeline.outbox.batch import About, Envelope
from pipeline.outbox.erasure import Search
from pipeline.outbox.spool import Spool
from pipeline.runs.outgoing.keys import read_keys
from pipeline.runs.readers.erasing import Erased, erase_reader
from pipeline.runs.readers.leaving import come_back, find_holder
from pipeline.runs.readers.signup import Outcome
from pipeline.store.database import open_store
from pipeline.store.erasures import pending_erasures
from pipeline.store.subscribers import find_subscriber
from pipeline.store.suppressions import find_suppression
from pipeline.subscribers.address import normalise
from pipeline.subscribers.suppression import Reason
from pipeline.subscribers.tokens import sign
from tests.world import World

JANE = "Jane.Roe+list@Home.example"
LOCAL = b"jane.roe"
READERS = ("ann@example.org", JANE, "zoe@example.org")


def erase(world: World, address: str = JANE) -> Erased:
    database = world.store()
    try:
        store = world.configuration().store.path
        spool = Spool(world.folder / "outbox")
        return erase_reader(database, spool, store, normalise(address), world.time)
    finally:
        database.close()


def decoded(data: bytes) -> Iterator[bytes]:
    """Yield a file as it lies there, and where it is a message every part decoded."""
    yield data
    message = message_from_bytes(data, policy=policy.default)
    assert isinstance(message, EmailMessage)
    for one in message.walk():
        if not one.is_multipart():
            yield bytes(one.get_payload(decode=True) or b"")


def traces(folder: Path, needle: bytes = LOCAL) -> list[str]:
    """Return every file below `folder` that names her, also decoded, but backups."""
    return [
        path.relative_to(folder).as_posix()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
        and "backups" not in path.parts
        and any(needle in text.lower() for text in decoded(path.read_bytes()))
    ]


@pytest.fixture
def sent(world: World) -> World:
    """Return a site that has put a first issue into the outbox."""
    world.post("a")
    for reader in READERS:
        world.join(reader)
    world.run()
    return world


def pending(world: World) -> int:
    database = world.store()
    with database.transaction() as tx:
        found = len(pending_erasures(tx))
    database.close()
    return found


def test_before_she_is_erased_she_is_found(sent: World) -> None:
    found = traces(sent.folder)
    assert "var/pressroom.db" in found
    assert sum(name.endswith(".eml") for name in found) == 1
    assert sum(name.endswith("envelope.jsonl") for name in found) == 1


def test_no_file_names_an_erased_reader_and_the_others_keep_theirs(sent: World) -> None:
    assert erase(sent) == Erased(done=1)
    assert traces(sent.folder) == []
    assert sorted(sent.got()) == ["ann@example.org", "zoe@example.org"]
    assert sent.run().errors == []
    assert pending(sent) == 0


def test_the_batch_tells_the_truth_about_what_is_left(sent: World) -> None:
    erase(sent)
    (folder,) = (sent.folder / "outbox" / "new").iterdir()
    lines = (folder / "envelope.jsonl").read_bytes()
    about = json.loads((folder / "batch.json").read_text())
    listed = [json.loads(line) for line in lines.splitlines()]
    assert [line["recipient"] for line in listed] == [READERS[0], READERS[2]]
    assert about["count"] == 2
    assert about["octets"] == sum(line["size"] for line in listed)
    assert sorted(path.name for path in folder.glob("*.eml")) == [
        line["file"] for line in listed
    ]


@pytest.mark.parametrize("place", ["sent", "failed"])
def test_finished_batches_and_their_journals_forget_her(
    sent: World, place: str
) -> None:
    spool = Spool(sent.folder / "outbox")
    (name,) = sent.batches()
    folder = spool.claim(name)
    assert folder is not None
    (folder / "progress").write_text(
        "00000001.eml 0\n00000002.eml 550 <JANE.ROE+list@home.example> no such user\n"
        "00000003.eml 0\n"
    )
    spool.finish(name, failed=place == "failed")
    assert erase(sent) == Erased(done=1)
    assert traces(sent.folder) == []
    journal = sent.folder / "outbox" / place / name / "progress"
    assert journal.read_text() == "00000001.eml 0\n00000003.eml 0\n"


def test_one_who_had_left_goes_from_the_withdrawn_too(sent: World) -> None:
    sent.leave(JANE)
    assert any(name.endswith(".withdrawn") for name in traces(sent.folder))
    erase(sent)
    assert traces(sent.folder) == []
    assert reason(sent) is Reason.UNSUBSCRIBED


def test_a_batch_that_a_relay_is_sending_is_done_when_it_is_finished(
    sent: World,
) -> None:
    spool = Spool(sent.folder / "outbox")
    (name,) = sent.batches()
    spool.claim(name)
    assert erase(sent) == Erased(waiting=1, claimed=(name,))
    assert {Path(found).parent.name for found in traces(sent.folder)} == {name}
    (note,) = sent.run().notes
    assert f"a relay holds {name}" in note
    spool.finish(name)
    notes = sent.run().notes
    assert notes == [
        "1 reader erased: nothing of them is left in the store and the outbox"
    ]
    assert traces(sent.folder) == []
    assert sent.run().notes == []


def test_a_run_under_way_finishes_what_it_kept_from_being_done(sent: World) -> None:
    with exclusive_lock(sent.folder / "var" / "lock"):
        erased = erase(sent)
    assert (erased.busy, erased.waiting) == (True, 1)
    assert sent.run().notes
    assert traces(sent.folder) == []


def test_one_erased_after_freezing_is_never_pressed(world: World) -> None:
    world.configure(world.config.replace("mail:\n", "mail:\n  batch_size: 1\n"))
    world.configure(f"{world.config}outbox:\n  ahead: 1\n")
    world.post("a")
    for reader in READERS:
        world.join(reader)
    world.run()
    erase(world)
    for _ in READERS:
        world.take_all()
        world.run()
    world.take_all()
    assert traces(world.folder) == []
    assert len(list((world.folder / "outbox" / "sent").glob("*/*.eml"))) == 2


def test_traces_in_free_pages_and_the_log_are_gone_too(world: World) -> None:
    world.join(JANE)
    database = world.store()
    for padding in (3_000, 0):
        with database.transaction() as tx:
            tx.run("UPDATE subscribers SET name = :name", name="x" * padding)
    erase_reader(
        database,
        Spool(world.folder / "outbox"),
        world.configuration().store.path,
        normalise(JANE),
        world.time,
    )
    # While the store is open, its log lies beside it.
    assert traces(world.folder) == []
    database.close()


def test_a_reader_in_the_way_of_the_store_is_told_and_waited_for(sent: World) -> None:
    reading = sqlite3.connect(sent.folder / "var" / "pressroom.db")
    reading.execute("BEGIN")
    reading.execute("SELECT * FROM subscribers").fetchone()
    try:
        erased = erase(sent)
    finally:
        reading.close()
    assert (erased.scrubbed, erased.waiting) == (False, 1)
    sent.run()
    assert traces(sent.folder) == []
    assert pending(sent) == 0


def reason(world: World, address: str = JANE) -> Reason | None:
    database = world.store()
    with database.transaction() as tx:
        found = find_suppression(tx, normalise(address).key)
    database.close()
    return found.reason if found else None


def write_letters(world: World, name: str, *recipients: str) -> None:
    """Publish letters about joining: their members are no readers' ids."""
    spool = Spool(world.folder / "outbox")
    letters = (
        Envelope(
            member=n,
            sender="",
            recipient=recipient,
            message=f"To: {recipient}\r\n\r\nHello\r\n".encode(),
        )
        for n, recipient in enumerate(recipients, 1)
    )
    about = About(newsletter="weekly", issue=0, variant=0, created=world.time)
    spool.stage(name, "a1", letters, about)
    spool.publish(name, "a1")


def test_letters_are_known_by_their_address_and_not_by_their_number(
    sent: World,
) -> None:
    """She is the second reader; the second letter is somebody else's."""
    write_letters(sent, "0-letters-1", JANE, "tom@example.org", "eve@example.org")
    erase(sent)
    assert traces(sent.folder) == []
    folder = sent.folder / "outbox" / "new" / "0-letters-1"
    assert sorted(path.name for path in folder.glob("*.eml")) == [
        "00000002.eml",
        "00000003.eml",
    ]


def test_one_who_comes_back_gets_their_letter_while_a_relay_holds_an_old_batch(
    sent: World,
) -> None:
    (name,) = sent.batches()
    Spool(sent.folder / "outbox").claim(name)
    assert erase(sent).waiting == 1
    sent.later(hours=1)
    write_letters(sent, "0-letters-2", JANE)
    sent.run()
    assert [str(message["To"]) for message in sent.messages()] == [JANE]


def test_it_may_be_done_again(sent: World) -> None:
    erase(sent)
    before = {p: p.read_bytes() for p in (sent.folder / "outbox").rglob("*.json*")}
    assert erase(sent) == Erased()
    assert before == {p: p.read_bytes() for p in before}
    assert reason(sent) is Reason.ERASED


def test_nobody_is_erased_who_was_never_there(sent: World) -> None:
    with pytest.raises(InputError, match="is not known"):
        erase(sent, "nobody@example.org")


def test_another_who_leaves_while_a_batch_is_set_aside_is_taken_out_of_it(
    sent: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    set_aside = Spool.set_aside

    def leave_then(self: Spool, name: str) -> Path | None:
        aside = set_aside(self, name)
        sent.leave(READERS[0])
        return aside

    monkeypatch.setattr(Spool, "set_aside", leave_then)
    erase(sent)
    assert sorted(sent.got()) == ["zoe@example.org"]


def test_a_relay_that_is_quicker_keeps_the_batch(
    sent: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    set_aside = Spool.set_aside

    def claim_first(self: Spool, name: str) -> Path | None:
        assert self.claim(name)
        return set_aside(self, name)

    monkeypatch.setattr(Spool, "set_aside", claim_first)
    erased = erase(sent)
    assert (erased.waiting, len(erased.claimed)) == (1, 1)


def test_a_disk_that_refuses_leaves_the_batch_for_relays_and_the_rest_to_do(
    sent: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(self: Search, folder: Path) -> None:
        raise OutputError("the disk is full")

    with monkeypatch.context() as broken:
        broken.setattr(Search, "erase", refuse)
        with pytest.raises(OutputError):
            erase(sent)
    assert len(sent.batches()) == 1
    assert pending(sent) == 1
    assert erase(sent) == Erased(done=1)
    assert traces(sent.folder) == []


def test_every_table_that_refers_to_a_reader_is_emptied(sent: World) -> None:
    """A new one must be named in store/erasures.py."""
    database = sent.store()
    with database.transaction() as tx:
        referring = tx.all(
            'SELECT m.name AS "table", f."from" AS "column" FROM sqlite_schema m, '
            "pragma_foreign_key_list(m.name) f "
            "WHERE m.type = 'table' AND f.\"table\" = 'subscribers'"
        )
        reader = tx.one("SELECT id FROM subscribers WHERE key LIKE 'jane%'")
        assert reader is not None
    database.close()
    assert {row["table"] for row in referring} >= {
        "consents",
        "subscriptions",
        "withdrawals",
    }
    sent.leave(JANE)
    erase(sent)
    database = sent.store()
    with database.transaction() as tx:
        for row in referring:
            left = tx.all(
                f'SELECT * FROM "{row["table"]}" WHERE "{row["column"]}" = :id',
                id=reader["id"],
            )
            assert left == []
    database.close()


def test_one_who_was_erased_comes_back_as_somebody_new(sent: World) -> None:
    erase(sent)
    assert sent.join(JANE) is Outcome.KEPT_OUT
    assert traces(sent.folder) == []


def test_one_who_is_erased_meanwhile_is_not_brought_back_by_a_link(
    sent: World,
) -> None:
    sent.leave(JANE)
    keys, database = read_keys(sent.configuration().store.path), sent.store()
    with closing(database), database.transaction() as tx:
        jane = find_subscriber(tx, normalise(JANE).key)
        assert jane is not None
        token = sign(keys[0], "leave", jane.id, "weekly")
        holder = find_holder(tx, keys, token, ["weekly"])
    assert holder is not None
    assert holder.may_return
    erase(sent)
    database = sent.store()
    with closing(database), database.transaction() as tx:
        assert not come_back(tx, holder, sent.time)
    assert traces(sent.folder) == []
    assert reason(sent) is not None


def test_a_copy_of_the_store_from_before_still_holds_her(sent: World) -> None:
    """What the command says of backups is so."""
    (sent.folder / "backups").mkdir()
    shutil.copy(sent.folder / "var" / "pressroom.db", sent.folder / "backups")
    erase(sent)
    database = open_store(sent.folder / "backups" / "pressroom.db")
    with database.transaction() as tx:
        assert tx.one("SELECT 1 FROM subscribers WHERE key LIKE 'jane%'")
    database.close()


@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(st.sampled_from(["run", "claim", "finish", "leave", "rest"]), max_size=6)
)
def test_whatever_was_before_nothing_of_her_is_left_in_the_end(
    tmp_path_factory: pytest.TempPathFactory, steps: list[str]
) -> None:
    world = World(tmp_path_factory.mktemp("any") / "site")
    world.configure(world.config.replace("mail:\n", "mail:\n  batch_size: 2\n"))
    for n, reader in enumerate(READERS):
        world.post(f"p{n}")
        world.join(reader)
    spool = Spool(world.folder / "outbox")
    for step in steps:
        if step == "run":
            world.run()
        elif step == "leave":
            world.leave(JANE)
        elif step == "rest":
            world.later(days=8)
            world.post(f"q{world.time:%j}", date=f"{world.time:%Y-%m-%d}")
        elif step == "claim":
            for name in world.batches()[:1]:
                spool.claim(name)
        else:
            for folder in (world.folder / "outbox" / "cur").glob("*"):
                spool.finish(folder.name)
    erase(world)
    for folder in (world.folder / "outbox" / "cur").glob("*"):
        spool.finish(folder.name)
    world.run()
    assert traces(world.folder) == []
    assert pending(world) == 0
