"""What the store has noted comes to the outbox's ledger: all of it, in order, once."""

from __future__ import annotations

from contextlib import closing

from pipeline.outbox.entries import Left
from pipeline.outbox.ledger import Ledger
from pipeline.outbox.spool import Spool
from pipeline.runs.ledger import LINES_AT_ONCE, flush
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
