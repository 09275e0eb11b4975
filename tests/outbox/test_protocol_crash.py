"""The outbox protocol under kill -9 and a failing disk, at every call that counts.

A relay takes and sweeps whatever is public after the crash, before the next run: it may
be that quick, and then only the store knows what was sent.
"""

from __future__ import annotations

import errno
import shutil
import signal
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from pipeline.outbox.batch import BATCH_STATES, BatchState
from pipeline.outbox.spool import Spool
from tests.faults import two_batches
from tests.faults.scratch import scratch
from tests.faults.trials import Fate, Trials

EVERY_READER_ONCE = Counter({f"reader{n}@mail.example": 1 for n in (1, 2, 3, 4)})


@pytest.fixture(scope="module")
def trials() -> Iterator[Trials]:
    with Trials() as trials:
        yield trials


@pytest.fixture
def tmp_path() -> Iterator[Path]:
    """Give a folder in memory: some 20 fsyncs a point take longer than all else."""
    with scratch() as folder:
        yield folder


def fate(order: str = "protocol", **more: Any) -> Fate:
    return Fate(program="two batches", words=(order,), **more)


def calls_of(trials: Trials, folder: Path, order: str = "protocol") -> list[str]:
    """Return the counted calls of a run in a folder, by name."""
    return [name for name, _ in trials.calls(folder, fate(order))]


def kill(trials: Trials, n: int, folder: Path, order: str = "protocol") -> None:
    """Run until just before call `n`, where kill -9 falls; check that it did."""
    ended = trials.run(folder, fate(order, call=n))
    assert ended.status == -signal.SIGKILL, f"call {n} was not reached\n{ended.output}"


def count(tmp_path: Path, trials: Trials, order: str = "protocol") -> int:
    return len(calls_of(trials, fresh(tmp_path / "count"), order))


def fresh(folder: Path) -> Path:
    folder.mkdir()
    return folder


def take_and_sweep(folder: Path) -> Counter[str]:
    """Do what a relay does; return who was sent how many messages."""
    spool = Spool(folder / "outbox")
    sent: Counter[str] = Counter()
    for batch in sorted((folder / "outbox" / "new").glob("[!.]*")):
        claimed = spool.claim(batch.name)
        assert claimed is not None
        for file in claimed.glob("*.eml"):
            receiver = file.read_text().splitlines()[1]
            sent[receiver.removeprefix("X-Receiver: <").removesuffix(">")] += 1
        spool.finish(batch.name)
        shutil.rmtree(folder / "outbox" / "sent" / batch.name)
    return sent


def take_recover_and_take(folder: Path, order: str = "protocol") -> Counter[str]:
    sent = take_and_sweep(folder)
    two_batches.run(folder, order)
    return sent + take_and_sweep(folder)


def assert_disk_is_as_the_table_says(folder: Path) -> None:
    rows = {row.state: row for row in BATCH_STATES}
    spool = Spool(folder / "outbox")
    with closing(two_batches.open_ledger(folder)) as ledger:
        for name, state, attempt in ledger.execute("SELECT * FROM batch"):
            place = spool.where(name, attempt)
            assert place in rows[BatchState(state)].places


def assert_nothing_is_left_hidden(folder: Path) -> None:
    assert Spool(folder / "outbox").leftovers() == ()


def test_a_kill_at_any_call_loses_and_doubles_nothing(
    tmp_path: Path, trials: Trials
) -> None:
    for n in range(1, count(tmp_path, trials) + 1):
        folder = fresh(tmp_path / str(n))
        kill(trials, n, folder)
        assert_disk_is_as_the_table_says(folder)
        assert take_recover_and_take(folder) == EVERY_READER_ONCE, f"call {n}"
        assert_nothing_is_left_hidden(folder)


def test_a_kill_at_any_call_of_the_recovery_loses_and_doubles_nothing(
    tmp_path: Path, trials: Trials
) -> None:
    sealed = fresh(tmp_path / "sealed")
    calls = calls_of(trials, fresh(tmp_path / "a"))
    kill(trials, calls.index("rename") + 1, sealed)
    # A leftover that nobody sealed makes recovery remove as well as publish.
    Spool(sealed / "outbox").stage(
        "weekly-000001-001-0002",
        "unsealed",
        two_batches.envelopes("weekly-000001-001-0002"),
        two_batches.ABOUT,
    )
    shutil.copytree(sealed, tmp_path / "dry")
    for n in range(1, len(calls_of(trials, tmp_path / "dry")) + 1):
        folder = shutil.copytree(sealed, tmp_path / str(n))
        kill(trials, n, folder)
        assert_disk_is_as_the_table_says(folder)
        assert take_recover_and_take(folder) == EVERY_READER_ONCE, f"call {n}"
        assert_nothing_is_left_hidden(folder)


@pytest.mark.parametrize(
    ("error", "stays"),
    [(errno.ENOSPC, False), (errno.EIO, True)],
    ids=["a disk full for a moment", "a disk that broke"],
)
def test_a_disk_failing_at_any_call_loses_and_doubles_nothing(
    tmp_path: Path, trials: Trials, error: int, stays: bool
) -> None:
    for n in range(1, count(tmp_path, trials) + 1):
        folder = fresh(tmp_path / str(n))
        ended = trials.run(folder, fate(call=n, error=error, lasting=stays))
        assert "Traceback" not in ended.output, f"call {n}: {ended.output}"
        assert take_recover_and_take(folder) == EVERY_READER_ONCE, f"call {n}"
        assert_nothing_is_left_hidden(folder)


def test_all_is_on_the_disk_before_the_step_that_relies_on_it(
    tmp_path: Path, trials: Trials
) -> None:
    calls = trials.calls(fresh(tmp_path / "run"), fate())
    steps = [(name, Path(path).name) for name, path in calls]
    first = steps.index(("write", "00000001.eml"))
    rename = next(n for n in range(first, len(steps)) if steps[n][0] == "rename")
    stage = steps[rename][1]
    written = ["00000001.eml", "00000002.eml", "envelope.jsonl", "batch.json"]
    synced = [("fsync", name) for name in (*written, stage, "new")]
    seal = [step for step in steps[first:rename] if step[0] in ("fsync", "fdatasync")]
    assert seal == [*synced, ("fdatasync", "ledger.db-wal")]
    assert steps[rename + 1] == ("fsync", "new")


def test_a_batch_found_public_is_on_the_disk_before_it_is_marked_handed(
    tmp_path: Path, trials: Trials
) -> None:
    folder = fresh(tmp_path / "run")
    steps = calls_of(trials, fresh(tmp_path / "a"))
    # Killed right after the rename, before the fsync that makes it last.
    kill(trials, steps.index("rename") + 2, folder)
    calls = trials.calls(folder, fate())
    names = [(name, Path(path).name) for name, path in calls]
    handed = names.index(("fdatasync", "ledger.db-wal"))
    assert ("fsync", "new") in names[:handed]


def results_of_every_kill(
    tmp_path: Path, trials: Trials, order: str
) -> Iterator[Counter[str]]:
    for n in range(1, count(tmp_path, trials, order) + 1):
        folder = fresh(tmp_path / str(n))
        kill(trials, n, folder, order)
        yield take_recover_and_take(folder, order)


def test_the_control_that_publishes_before_the_seal_doubles(
    tmp_path: Path, trials: Trials
) -> None:
    results = results_of_every_kill(tmp_path, trials, "publish-first")
    assert any(result > EVERY_READER_ONCE for result in results)


def test_the_control_that_marks_before_it_publishes_loses(
    tmp_path: Path, trials: Trials
) -> None:
    results = results_of_every_kill(tmp_path, trials, "mark-first")
    assert any(result < EVERY_READER_ONCE for result in results)
