"""From frozen issues to the outbox, where something beside them is not as it was."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from pipeline.store.database import copy_store
from tests.world import World


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
