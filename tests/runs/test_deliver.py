"""From frozen issues to the outbox, where something beside them is not as it was."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest

from pipeline.outbox.spool import Spool
from pipeline.runs.outgoing.ledger import flush
from pipeline.store.database import Database, copy_store
from pipeline.store.ledger import Standing
from tests.runs.test_erasing import erase
from tests.world import World, read_message

ANN, BOB = "ann@example.org", "bob@example.org"


@pytest.fixture
def worlds(tmp_path: Path) -> tuple[World, World]:
    """Two sites with a store each, whose outbox is one and the same folder."""
    pair = World(tmp_path / "one"), World(tmp_path / "two")
    for world in pair:
        world.configure(f"{world.config}outbox:\n  folder: {tmp_path / 'outbox'}\n")
        world.post("a")
        world.join("ann@example.org")
    return pair


def test_two_stores_do_not_share_an_outbox(worlds: tuple[World, World]) -> None:
    first, second = worlds
    assert first.run().errors == []
    (error,) = second.run().errors
    assert "belongs to another store" in str(error)
    assert second.feed()
    assert first.run().errors == []


def test_an_outbox_is_marked_before_its_first_batch_is_public(
    worlds: tuple[World, World],
) -> None:
    first, _ = worlds
    first.run()
    outbox = first.folder.parent / "outbox"
    assert (outbox / "owner").exists()
    assert len(list((outbox / "new").iterdir())) == 1


def restored(world: World) -> World:
    """Send an issue, and put back the store as it was before it."""
    world.post("a")
    world.join("ann@example.org")
    copy_store(world.folder / "var" / "pressroom.db", world.folder / "backup.db")
    world.run()
    world.take_all()
    shutil.rmtree(world.folder / "var", ignore_errors=False)
    (world.folder / "var").mkdir()
    (world.folder / "backup.db").rename(world.folder / "var" / "pressroom.db")
    return world


def test_after_a_restored_backup_nothing_is_sent_twice_unasked(world: World) -> None:
    """tests/restore/ has the rest."""
    report = restored(world).run()
    assert report.errors == []
    assert "the store is older than the outbox" in report.notes[-1]
    assert world.batches() == []


class Killed(BaseException):
    """A run ends here."""


@pytest.fixture
def sealed(world: World, monkeypatch: pytest.MonkeyPatch) -> World:
    """A world of which a run was killed between seal and publication."""

    def die(*_: object) -> bool:
        raise Killed

    world.post("a")
    world.join(ANN)
    world.join(BOB)
    with monkeypatch.context() as killing:
        killing.setattr(Spool, "publish", die)
        with pytest.raises(Killed):
            world.run()
    return world


def claim_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have a relay that claims whatever is public, at once."""
    publish = Spool.publish

    def claim_then(self: Spool, name: str, *args: Any) -> bool:
        published = publish(self, name, *args)
        self.claim(name)
        return published

    monkeypatch.setattr(Spool, "publish", claim_then)


def claimed(world: World) -> set[str]:
    """Return whom the relay sends to."""
    files = (world.folder / "outbox" / "cur").glob("*/*.eml")
    return {str(read_message(file)["To"]) for file in files}


def test_who_left_after_the_seal_is_not_in_what_recovery_publishes(
    sealed: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    sealed.leave(BOB)
    claim_at_once(monkeypatch)
    sealed.run()
    assert claimed(sealed) == {ANN}


def test_who_is_erased_after_the_seal_is_not_in_what_recovery_publishes(
    sealed: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    claim_at_once(monkeypatch)
    erase(sealed, BOB)
    assert claimed(sealed) == {ANN}


def test_who_leaves_between_seal_and_publication_gets_no_mail(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    def leave_first(database: Database, spool: Spool) -> Standing:
        world.leave(BOB)
        return flush(database, spool)

    world.post("a")
    world.join(ANN)
    world.join(BOB)
    claim_at_once(monkeypatch)
    monkeypatch.setattr("pipeline.runs.outgoing.ledger.flush", leave_first)
    world.run()
    assert claimed(world) == {ANN}
