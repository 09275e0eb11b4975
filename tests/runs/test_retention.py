"""What names readers and is needed no more is removed by the run."""

from __future__ import annotations

import os
from datetime import timedelta
from pathlib import Path

import pytest

from pipeline.base.errors import OutputError
from pipeline.outbox.batch import Place
from pipeline.outbox.retention import Swept, sweep_finished
from pipeline.outbox.spool import Spool
from pipeline.store.consents import find_consents
from pipeline.store.subscribers import find_subscriber
from tests.world import World

ANN = "ann@example.org"
DAY = timedelta(days=1)


@pytest.fixture
def sent(world: World) -> World:
    """Return a site whose first issue was sent, and one that waits."""
    world.post("a")
    world.join(ANN)
    world.run()
    world.take_all()
    age(world)
    return world


def age(world: World) -> None:
    """Give all that lies in the outbox the world's time."""
    for path in (world.folder / "outbox").rglob("*"):
        os.utime(path, (world.time.timestamp(),) * 2)


def finished(world: World, place: str = "sent") -> list[str]:
    folder = world.folder / "outbox" / place
    return sorted(path.name for path in folder.glob("*/*"))


def sweep(world: World, messages: int = 30, rest: int = 90) -> Swept:
    spool = Spool(world.folder / "outbox")
    return sweep_finished(spool, world.time, messages * DAY, rest * DAY)


def test_messages_go_first_and_the_rest_of_a_batch_later(sent: World) -> None:
    sent.later(days=30)
    assert sent.run().notes == []
    sent.later(days=1)
    assert sent.run().notes == [
        "removed the messages of 1 batch sent more than 30 days ago "
        "(retention.sent_days)"
    ]
    assert finished(sent) == ["batch.json", "envelope.jsonl"]
    sent.later(days=59)
    assert sent.run().notes == []
    assert finished(sent) == ["batch.json", "envelope.jsonl"]
    sent.later(days=1)
    assert sent.run().notes == []
    assert list((sent.folder / "outbox" / "sent").iterdir()) == []


def test_settings_say_how_long(sent: World) -> None:
    sent.configure(f"{sent.config}retention:\n  sent_days: 2\n  journal_days: 0\n")
    sent.later(days=2)
    sent.run()
    assert len(finished(sent)) == 3
    sent.later(days=1)
    sent.run()
    assert list((sent.folder / "outbox" / "sent").iterdir()) == []


def test_a_journal_that_goes_on_keeps_a_batch_young(sent: World) -> None:
    (batch,) = (sent.folder / "outbox" / "sent").iterdir()
    sent.later(days=40)
    journal = batch / "progress"
    journal.write_text("00000001.eml 0\n")
    os.utime(journal, (sent.time.timestamp(),) * 2)
    assert sweep(sent) == Swept(0, 0)


@pytest.mark.parametrize("claimed", [False, True])
def test_what_is_not_finished_stays_however_old_it_is(
    world: World, claimed: bool
) -> None:
    world.post("a")
    world.join(ANN)
    world.run()
    if claimed:
        for name in world.batches():
            Spool(world.folder / "outbox").claim(name)
    age(world)
    world.later(days=1_000)
    assert sweep(world) == Swept(0, 0)
    assert len(finished(world, "cur" if claimed else "new")) == 3


def test_withdrawn_messages_go_with_the_others_and_failed_ones_too(
    world: World,
) -> None:
    world.post("a")
    world.join(ANN)
    world.join("bob@example.org")
    world.run()
    world.leave(ANN)
    spool = Spool(world.folder / "outbox")
    (name,) = world.batches()
    spool.claim(name)
    spool.finish(name, failed=True)
    age(world)
    world.later(days=31)
    assert sweep(world) == Swept(1, 0)
    assert finished(world, "failed") == ["batch.json", "envelope.jsonl"]


def test_folders_of_others_are_left_alone(sent: World) -> None:
    own = sent.folder / "outbox" / "sent" / "mine"
    own.mkdir()
    (own / "letter.eml").write_text("x")
    (sent.folder / "outbox" / "sent" / "file").write_text("x")
    age(sent)
    sent.later(days=100)
    assert sweep(sent) == Swept(0, 1)
    assert (own / "letter.eml").exists()


def test_what_a_killed_sweep_left_is_removed(sent: World) -> None:
    place = sent.folder / "outbox" / "sent"
    (batch,) = place.iterdir()
    batch.rename(place / f".{batch.name}.swept")
    sweep(sent)
    assert list(place.iterdir()) == []


def test_a_batch_that_goes_away_meanwhile_is_no_fault(
    sent: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent.later(days=100)
    folders = Spool.folders

    def and_gone(spool: Spool, place: Place) -> tuple[Path, ...]:
        return (*folders(spool, place), spool.folder / place / "gone")

    monkeypatch.setattr(Spool, "folders", and_gone)
    assert sweep(sent) == Swept(0, 1)


def test_a_disk_that_refuses_is_told_and_stops_nothing(
    sent: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> Swept:
        raise OutputError("the disk is full")

    monkeypatch.setattr("pipeline.runs.readers.retention.sweep_finished", refuse)
    report = sent.run()
    assert [str(error) for error in report.errors] == ["the disk is full"]
    assert report.sites


def consents(world: World) -> int:
    database = world.store()
    with database.transaction() as tx:
        reader = find_subscriber(tx, ANN)
        assert reader is not None
        found = len(find_consents(tx, reader.id))
    database.close()
    return found


def test_consent_is_kept_while_mail_goes_out_and_three_years_after(
    world: World,
) -> None:
    world.join(ANN)
    world.later(days=5_000)
    world.run()
    assert consents(world) == 1
    world.leave(ANN)
    world.later(days=1_095)
    world.run()
    assert consents(world) == 1
    world.later(days=1)
    world.run()
    assert consents(world) == 0
