"""A run is killed at any call, and its store is lost with it: a backup is put back.

Two posts, two readers, a batch for each; the relay is quick, and has taken and swept
what was public. Only the outbox's ledger knows then what was sent, and it must know it
before anything is public, and not before it is decided.
"""

from __future__ import annotations

import re
import shutil
import signal
import sqlite3
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tests.faults.points import chosen
from tests.faults.site import (
    EVERY_POST_ONCE,
    READERS,
    Sent,
    accept_restore,
    quick_relay,
)
from tests.faults.tally import Tally
from tests.faults.trials import Fate, Trials
from tests.restore.lives import simplify
from tests.world import CONFIG, World

FEWEST_CALLS = 40


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a site with an issue to send, and a backup of its store beside it."""
    text = CONFIG.replace("mail:", "mail:\n  batch_size: 1")
    text = text.replace("tags: all", "formats: [atom]").replace("backfill: 5", "")
    text = text.replace("every monday 09:00", "instant")
    world = World(tmp_path_factory.mktemp("prepared") / "site", config=text)
    simplify(world)
    world.later(days=-14)
    for reader in READERS:
        world.join(reader)
    world.run()
    for name in "ab":
        world.post(name, date=f"{world.time:%Y-%m-%d}")
    shutil.copy(world.folder / "var" / "pressroom.db", world.folder / "backup.db")
    return world.folder


@pytest.fixture(scope="module")
def trials() -> Iterator[Trials]:
    with Trials() as running:
        yield running


def lose_the_store(folder: Path) -> None:
    lose_the_log(folder)
    shutil.copy(folder / "backup.db", folder / "var" / "pressroom.db")


def lose_the_log(folder: Path) -> None:
    """Delete what a kill has left beside the store: it is then as before the run.

    Or damaged, where the log was being copied into it: that is told (see
    test_store_faults.py), and a backup put back.
    """
    for path in (folder / "var").glob("pressroom.db-*"):
        path.unlink()
    if not is_whole(folder / "var" / "pressroom.db"):
        shutil.copy(folder / "backup.db", folder / "var" / "pressroom.db")


def is_whole(store: Path) -> bool:
    with closing(sqlite3.connect(store)) as opened:
        try:
            return opened.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        except sqlite3.DatabaseError:
            return False


def accept_and_go_on(trials: Trials, folder: Path) -> Sent:
    """Let a run find what happened, accept it, and let mail go out."""
    sent = accept_restore(trials, folder)
    ended = trials.run(folder)
    assert ended.status == 0, ended.output
    return sent + quick_relay(folder)


def calls_from_the_first_stage(
    trials: Trials, site: Path, tmp_path: Path, *twists: str
) -> tuple[range, int]:
    """Return the calls from the first batch on, and that which makes it public."""
    folder = shutil.copytree(site, tmp_path / "counted")
    calls = trials.calls(folder, Fate(twists=twists))
    shutil.rmtree(folder)
    found = [
        (n, name)
        for n, (name, at) in enumerate(calls, 1)
        if re.search(r"/new/\..+-0001\.", at)
    ]
    rename = next(n for n, name in found if name == "rename")
    return range(found[0][0], len(calls) + 1), rename


def results(
    trials: Trials,
    site: Path,
    tmp_path: Path,
    calls: Iterable[int],
    *twists: str,
    lose: Callable[[Path], None] = lose_the_store,
) -> Iterator[tuple[int, Sent]]:
    """Yield, for every call that a run is killed at, what readers got in the end."""
    for call in calls:
        folder = shutil.copytree(site, tmp_path / str(call))
        ended = trials.run(folder, Fate(call=call, twists=twists))
        assert ended.status == -signal.SIGKILL
        sent = quick_relay(folder)
        lose(folder)
        yield call, sent + accept_and_go_on(trials, folder)
        shutil.rmtree(folder)


@pytest.mark.parametrize("lose", [lose_the_store, lose_the_log])
def test_killed_at_any_call_and_older_than_its_outbox_it_loses_and_doubles_nothing(
    site: Path,
    trials: Trials,
    tally: Tally,
    tmp_path: Path,
    lose: Callable[[Path], None],
) -> None:
    calls, _ = calls_from_the_first_stage(trials, site, tmp_path)
    assert len(calls) > FEWEST_CALLS
    tally.among(len(calls))
    for call, sent in results(trials, site, tmp_path, chosen(calls), lose=lose):
        tally.count(sent)
        assert sent == EVERY_POST_ONCE, call


def test_the_control_that_tells_the_ledger_last_doubles(
    site: Path, trials: Trials, tally: Tally, tmp_path: Path
) -> None:
    _, rename = calls_from_the_first_stage(trials, site, tmp_path, "ledger-last")
    around = range(rename, rename + 8)
    tally.among(len(around))
    for _, sent in results(trials, site, tmp_path, around, "ledger-last"):
        tally.count(sent)
    assert tally.double
    assert not tally.lost
