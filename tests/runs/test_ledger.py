"""What the store has noted comes to the outbox's ledger: all of it, in order, once."""

from __future__ import annotations

import os
from collections.abc import Sequence
from contextlib import closing

import pytest

from pipeline.base.errors import OutputError
from pipeline.outbox.entries import Left, Line, dump_line
from pipeline.outbox.ledger import Ledger
from pipeline.outbox.spool import Spool
from pipeline.runs.outgoing.ledger import LINES_AT_ONCE, flush
from pipeline.store.ledger import Standing, note, pending_lines
from tests.world import World


def test_as_many_lines_as_an_import_leaves_are_brought_piece_by_piece(
    world: World,
) -> None:
    world.post("a")
    world.join("ann@example.org")
    world.run()
    spool = Spool(world.folder / "outbox")
    members = range(1, 2 * LINES_AT_ONCE + 2)
    with closing(world.store()) as database:
        with database.transaction() as tx:
            for member in members:
                note(tx, Left(member=member, rule="", newsletter="weekly", at=1))
        for _ in range(2):
            assert flush(database, spool) is Standing.IN_STEP
            there = [line.entry for line in Ledger(spool.folder).read()]
            left = [entry.member for entry in there if isinstance(entry, Left)]
            assert left == list(members)
        with database.transaction() as tx:
            assert pending_lines(tx) == []


def test_a_piece_that_is_there_is_done_with_when_the_next_cannot_be_written(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """So nobody else waits for the store until all of them are."""
    world.post("a")
    world.join("ann@example.org")
    world.run()
    spool, really = Spool(world.folder / "outbox"), Ledger.append
    with closing(world.store()) as database:
        flush(database, spool)
        with database.transaction() as tx:
            for member in range(LINES_AT_ONCE + 3):
                note(tx, Left(member=member, rule="", newsletter="weekly", at=1))
        pieces = list[int]()

        def append_once(self: Ledger, lines: Sequence[Line]) -> None:
            pieces.append(len(lines))
            if len(pieces) > 1:
                raise OutputError("the disk is full")
            really(self, lines)

        monkeypatch.setattr(Ledger, "append", append_once)
        with pytest.raises(OutputError):
            flush(database, spool)
        with database.transaction() as tx:
            assert len(pending_lines(tx)) == 3


def test_lines_of_one_who_was_killed_before_the_disk_had_them_are_synced(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.post("a")
    world.join("ann@example.org")
    world.run()
    ledger = Ledger(world.folder / "outbox")
    synced, really = set[str](), os.fsync

    def watch(file: int) -> None:
        synced.add(os.readlink(f"/proc/self/fd/{file}"))
        really(file)

    with closing(world.store()) as database:
        with database.transaction() as tx:
            note(tx, Left(member=1, rule="", newsletter="weekly", at=1))
            (line,) = pending_lines(tx)
        with ledger.path.open("ab") as file:
            file.write(dump_line(line))
        monkeypatch.setattr(os, "fsync", watch)
        flush(database, Spool(ledger.path.parent))
        assert synced >= {str(ledger.path), str(ledger.path.parent)}
        with database.transaction() as tx:
            assert pending_lines(tx) == []
    assert list(ledger.read())[-1] == line
