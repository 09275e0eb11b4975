"""`pressroom subscriber erase` under kill -9 at every call that changes the disk.

Three batches: one waits, one was sent and one has failed, with the relay's journal.
Given again, or left to the next run, it ends as if nothing had befallen it.
"""

from __future__ import annotations

import json
import shutil
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from pipeline.outbox.ledger import LEDGER
from pipeline.outbox.spool import Spool
from tests.faults.points import chosen
from tests.faults.trials import Fate, Trials
from tests.world import World

JANE = "jane.roe@home.example"
NEEDLE = b"jane.roe"
OTHER = "ann@example.org"
ERASE = ("subscriber", "erase", JANE)
PAGE = "{% for post in posts %}{{ post.url }} {% endfor %}{{ unsubscribe_url }}"
FEWEST_CALLS = 40


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    world = World(tmp_path_factory.mktemp("prepared") / "site")
    world.write("templates/digest.html", f"<html><body>{PAGE}</body></html>")
    world.write("templates/digest.txt", PAGE)
    for reader in (OTHER, JANE):
        world.join(reader)
    spool = Spool(world.folder / "outbox")
    for n, name in enumerate("abc"):
        world.post(name, date=f"{world.time:%Y-%m-%d}")
        world.run()
        (batch,) = world.batches()
        folder = spool.claim(batch) if n < 2 else None
        if folder:
            (folder / "progress").write_text(f"00000001.eml 0\n{JANE} refused\n")
            spool.finish(batch, failed=n == 1)
        world.later(days=7)
    return world.folder


@pytest.fixture(scope="module")
def trials() -> Iterator[Trials]:
    with Trials() as running:
        yield running


def outbox(folder: Path) -> dict[str, bytes]:
    """Return every file of the outbox but its ledger, whose marks are by chance."""
    root = folder / "outbox"
    return {
        path.relative_to(root).as_posix(): path.read_bytes()
        for path in sorted(root.rglob("*"))
        if path.is_file() and path.name != LEDGER
    }


def erased(folder: Path) -> set[int]:
    """Return the members that the outbox's ledger knows to be erased."""
    lines = (folder / "outbox" / LEDGER).read_text(encoding="utf-8").splitlines()
    entries = [json.loads(line)["entry"] for line in lines]
    return {entry["member"] for entry in entries if entry["kind"] == "erased"}


def traces(folder: Path) -> list[Path]:
    return [
        path
        for path in folder.rglob("*")
        if path.is_file() and NEEDLE in path.read_bytes().lower()
    ]


def is_known(folder: Path) -> bool:
    store = sqlite3.connect(folder / "var" / "pressroom.db")
    try:
        found = store.execute("SELECT 1 FROM subscribers WHERE key = ?", [JANE])
        return found.fetchone() is not None
    finally:
        store.close()


def pending(folder: Path) -> int:
    store = sqlite3.connect(folder / "var" / "pressroom.db")
    try:
        return int(store.execute("SELECT count(*) FROM erasures").fetchone()[0])
    finally:
        store.close()


def test_killed_at_any_call_and_run_again_it_ends_the_same(
    site: Path, trials: Trials, tmp_path: Path
) -> None:
    undisturbed = shutil.copytree(site, tmp_path / "undisturbed")
    calls = trials.calls(undisturbed, Fate(words=ERASE))
    expected = outbox(undisturbed)
    assert len(calls) > FEWEST_CALLS
    assert traces(undisturbed) == []
    assert sum(name.endswith(".eml") for name in expected) == 3
    assert sum(name.endswith("progress") for name in expected) == 2

    left_to_the_run = 0
    points = chosen(range(1, len(calls) + 1))
    for n, call in enumerate(points):
        folder = shutil.copytree(site, tmp_path / str(call))
        assert trials.run(folder, Fate(call=call, words=ERASE)).status == -9
        if n % 2 and not is_known(folder):
            left_to_the_run += 1
            ended = trials.run(folder)
        else:
            ended = trials.run(folder, Fate(words=ERASE))
        assert ended.status == 0, ended.output
        assert traces(folder) == [], call
        assert outbox(folder) == expected, call
        assert erased(folder) == erased(undisturbed) != set()
        assert pending(folder) == 0
        shutil.rmtree(folder)
    assert left_to_the_run > len(points) / 8
