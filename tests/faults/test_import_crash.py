"""`pressroom subscriber import`, killed at calls all over it and started again.

The store and the file of refused lines are then what they would have been.
"""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from tests.faults.points import WHOLE
from tests.faults.trials import Fate, Trials
from tests.world import World

ROWS = 4_600
STEP = 47
FEWEST_TRIALS = 8
REFUSED_STATUS = 65
WORDS = ("subscriber", "import", "a.csv", "b.csv", "--refused", "refused.csv")
HEADER = "email,status,created,ended,tags\n"
TIMES = "2024-01-02T03:04:05Z,2025-01-02T03:04:05Z"


def row(n: int) -> str:
    """Return a row: one in fifty is no address, one in seven left, some are twice."""
    address = f"nobody{n}" if n % 50 == 49 else f"reader{n - n % 3}@example.org"
    status = "unsubscribed" if n % 7 == 3 else "active"
    return f'{address},{status},{TIMES},"a, b{n % 5}"\n'


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a site with two lists to import, the second a short one."""
    world = World(tmp_path_factory.mktemp("prepared") / "site")
    rows = [row(n) for n in range(ROWS)]
    world.write("a.csv", HEADER + "".join(rows))
    world.write("b.csv", HEADER + "".join(row(n) for n in range(0, ROWS, 20)))
    world.store().close()
    return world.folder


@pytest.fixture(scope="module")
def trials() -> Iterator[Trials]:
    with Trials() as running:
        yield running


def contents(folder: Path) -> dict[str, Any]:
    """Return what a site's store and its file of refused lines hold."""
    with closing(sqlite3.connect(folder / "var" / "pressroom.db")) as store:

        def select(what: str) -> list[Any]:
            return store.execute(f"SELECT {what}").fetchall()

        times = select("count(DISTINCT created) FROM subscriptions")
        assert times == [(1,)], "what was begun again is of another time"
        return {
            "subscribers": select("* FROM subscribers ORDER BY id"),
            "subscriptions": select(
                "subscriber, newsletter, cadence, coverage FROM subscriptions "
                "ORDER BY subscriber, newsletter"
            ),
            "withdrawals": select("subscriber, newsletter FROM withdrawals"),
            "imports": select("* FROM imports"),
            "refused": (folder / "refused.csv").read_bytes(),
        }


def test_an_import_killed_anywhere_ends_with_the_same_result(
    site: Path, trials: Trials, tmp_path: Path
) -> None:
    undisturbed = shutil.copytree(site, tmp_path / "undisturbed")
    assert trials.run(undisturbed, Fate(words=WORDS)).status == REFUSED_STATUS
    expected = contents(undisturbed)
    assert expected["imports"] == []
    assert len(expected["subscriptions"]) > ROWS / 8
    went_on = 0
    for call in count(3, STEP if WHOLE else STEP * 4):
        folder = shutil.copytree(site, tmp_path / str(call))
        if trials.run(folder, Fate(call=call, words=WORDS)).status == REFUSED_STATUS:
            break
        again = trials.run(folder, Fate(words=WORDS))
        assert again.status == REFUSED_STATUS, again.output
        went_on += "went on with the import" in again.output
        assert contents(folder) == expected, f"killed at call {call}"
        shutil.rmtree(folder)
    assert call > FEWEST_TRIALS * STEP
    assert went_on
