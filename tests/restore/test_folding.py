"""A ledger that has grown long: shorter, and it comes to the same."""

from __future__ import annotations

from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from pipeline.outbox.entries import Covered, Left, Sealed, Summed
from pipeline.outbox.ledger import Ledger
from pipeline.runs.outgoing.folding import fold, fold_if_long
from tests.restore.lives import (
    agree,
    ask,
    back_up_world,
    entries,
    plan,
    restore,
    simplify,
    take_and_sweep,
)
from tests.world import CONFIG, World

ANN, BOB, EVE = (f"{name}@example.org" for name in ("ann", "bob", "eve"))


@pytest.fixture
def old(tmp_path: Path) -> tuple[World, Path]:
    """Return a world with a backup of its first day, and three weeks since."""
    world = World(tmp_path / "site", config=CONFIG.replace("tags: all", "entries: 1"))
    simplify(world)
    world.post("a")
    for reader in (ANN, BOB, EVE):
        world.join(reader)
    world.run()
    backup = back_up_world(world)
    world.leave(BOB)
    world.leave(EVE)
    world.join(EVE, again=True)
    for name in "bcd":
        world.later(days=7)
        world.post(name, date=f"{world.time:%Y-%m-%d}")
        world.run()
    take_and_sweep(world)
    return world, backup


def fold_world(world: World) -> None:
    """Fold all that is older than the world's last week."""
    ledger = Ledger(world.folder / "outbox")
    ledger.rewrite(fold(list(ledger.read()), world.time - timedelta(days=6)))


def test_what_is_old_becomes_a_sum_and_what_is_young_stays(
    old: tuple[World, Path],
) -> None:
    world, _ = old
    last = entries(world)[-1]
    fold_world(world)
    after = entries(world)
    assert after[-1] == last
    assert [e.issue.number for e in after if isinstance(e, Sealed)] == [4]
    (summed,) = (e for e in after if isinstance(e, Summed))
    assert summed.issue.number == 3
    assert [told.number for told in summed.posts] == [1, 2, 3]
    assert {e.upto for e in after if isinstance(e, Covered)} == {1, 3}
    # Eve has left and come back: nothing is left of that.
    assert len([e for e in after if isinstance(e, Left)]) == 1


def test_a_folded_ledger_is_still_the_stores_own(old: tuple[World, Path]) -> None:
    world, _ = old
    fold_world(world)
    fold_world(world)
    world.run()
    assert plan(world) is None


def test_a_backup_from_before_is_taught_the_same(old: tuple[World, Path]) -> None:
    world, backup = old
    fold_world(world)
    restore(world, backup)
    world.run()
    found = plan(world)
    assert found
    assert found.earlier == ("weekly #3",)
    assert [issue.label for issue in found.issues] == ["weekly #4"]
    agree(world)
    world.later(days=7)
    world.post("e", date=f"{world.time:%Y-%m-%d}")
    world.run()
    assert world.got() == {ANN: ["Weekly #5: E"], EVE: ["Weekly #5: E"]}
    assert ask(world, "SELECT posts FROM variants WHERE issue = 5") == [
        ('["https://example.org/e/"]',)
    ]


def test_what_waited_in_the_backup_and_is_folded_is_not_told_again(
    old: tuple[World, Path],
) -> None:
    """Eve came back just before the backup, and left months after it."""
    world, _ = old
    world.leave(EVE)
    world.join(EVE, again=True)
    backup = back_up_world(world)
    world.run()
    world.leave(EVE)
    for name in "ef":
        world.later(days=7)
        world.post(name, date=f"{world.time:%Y-%m-%d}")
        world.run()
    take_and_sweep(world)
    fold_world(world)
    restore(world, backup)
    world.run()
    found = plan(world)
    assert found
    assert found.left == 1
    agree(world)
    world.later(days=7)
    world.post("g", date=f"{world.time:%Y-%m-%d}")
    world.run()
    assert list(world.got()) == [ANN]


def test_an_issue_under_way_in_the_backup_that_is_folded_is_out(
    tmp_path: Path,
) -> None:
    text = CONFIG.replace("mail:\n", "mail:\n  batch_size: 1\n")
    world = World(tmp_path / "site", config=f"{text}outbox:\n  ahead: 1\n")
    simplify(world)
    world.post("a")
    world.join(ANN)
    world.join(BOB)
    world.run()
    sent = take_and_sweep(world)
    backup = back_up_world(world)
    world.run()
    sent += take_and_sweep(world)
    for name in "bc":
        world.later(days=7)
        world.post(name, date=f"{world.time:%Y-%m-%d}")
        for _ in range(2):
            world.run()
            sent += take_and_sweep(world)
    fold_world(world)
    restore(world, backup)
    world.run()
    found = plan(world)
    assert found
    assert (found.earlier, found.under_way) == (("weekly #2",), ())
    agree(world)
    world.later(days=7)
    for _ in range(2):
        world.run()
        sent += take_and_sweep(world)
    assert ask(world, "SELECT DISTINCT state FROM issues") == [("done",)]
    assert set(sent.values()) == {1}
    assert len(sent) == 6


def test_a_ledger_is_folded_when_it_is_long(
    old: tuple[World, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    world, _ = old
    ledger = Ledger(world.folder / "outbox")
    monkeypatch.setattr("pipeline.runs.outgoing.folding.WORTH_FOLDING_OCTETS", 10)
    world.later(days=91)
    database = world.store()
    with closing(database), database.transaction() as tx:
        before = ledger.octets()
        assert fold_if_long(tx, ledger, world.time)
        assert ledger.octets() < before
        assert not fold_if_long(tx, ledger, world.time)
