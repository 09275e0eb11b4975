"""The folder of posts: gone, gone in the middle of a run, failing, and slow.

The calls counted here are those that read below it.
"""

from __future__ import annotations

import errno
import shutil
import signal
from collections.abc import Iterator
from pathlib import Path
from queue import SimpleQueue

import pytest

from tests.faults.bench import Bench
from tests.faults.scratch import scratch
from tests.faults.site import (
    EVERY_POST_ONCE,
    Sent,
    assert_all_comes_right,
    assert_nothing_is_left_to_do,
    assert_told,
    everything_written,
    lying,
    quick_relay,
)
from tests.faults.tally import Tally
from tests.faults.trials import Fate, Trials

READING = "content"
NOW, NEXT_WEEK = "2026-11-19T10:00:00+00:00", "2026-11-26T10:00:00+00:00"
FEWEST_CALLS = 12
SLOW_MS = 40


@pytest.fixture(scope="module")
def bench(site: Path, servers: SimpleQueue[Trials]) -> Iterator[Bench]:
    with scratch() as folder:
        yield Bench(site, servers, folder, Fate(reading=READING, time=NOW))


@pytest.fixture
def trials(servers: SimpleQueue[Trials]) -> Iterator[Trials]:
    one = servers.get()
    yield one
    servers.put(one)


def read_on(trials: Trials, folder: Path) -> Sent:
    """Run twice more, now and when the next issue is due; return what was sent.

    A post that could not be read when an issue was made is in the next one.
    """
    sent = quick_relay(folder)
    for time in (NOW, NEXT_WEEK):
        ended = trials.run(folder, Fate(time=time))
        assert ended.status == 0, ended.output
        sent += quick_relay(folder)
    return sent


@pytest.mark.parametrize("lasting", [False, True], ids=["for a moment", "for good"])
@pytest.mark.parametrize(
    "error", [errno.EIO, errno.ESTALE, errno.EACCES], ids=errno.errorcode.get
)
def test_a_folder_failing_at_any_look_is_told_and_loses_and_doubles_nothing(
    bench: Bench, tally: Tally, error: int, lasting: bool
) -> None:
    def fail(trials: Trials, call: int, folder: Path) -> Sent:
        fate = Fate(call=call, error=error, lasting=lasting, reading=READING, time=NOW)
        ended = trials.run(folder, fate)
        assert ended.status in (0, 65, 66), ended.output
        assert "Traceback" not in ended.output
        assert ended.status == 0 or "cannot be read" in ended.output
        sent = read_on(trials, folder)
        assert sent == EVERY_POST_ONCE
        return sent

    assert len(bench.calls) >= FEWEST_CALLS
    bench.try_each(range(1, len(bench.calls) + 1), tally, fail)


def test_a_folder_that_goes_at_any_look_and_comes_back_loses_and_doubles_nothing(
    bench: Bench, tally: Tally
) -> None:
    def unmount(trials: Trials, call: int, folder: Path) -> Sent:
        stop = Fate(call=call, signal=signal.SIGSTOP, reading=READING, time=NOW)
        assert trials.run(folder, stop).status is None
        (folder / "content").rename(folder / "unmounted")
        ended = trials.resume()
        assert ended.status in (0, 65, 66), ended.output
        assert "Traceback" not in ended.output
        (folder / "unmounted").rename(folder / "content")
        sent = read_on(trials, folder)
        assert sent == EVERY_POST_ONCE
        return sent

    bench.try_each(range(1, len(bench.calls) + 1), tally, unmount)


@pytest.mark.parametrize("left", ["no folder", "an empty folder"])
def test_a_folder_that_is_gone_between_runs_is_told_and_changes_nothing(
    site: Path, trials: Trials, tally: Tally, tmp_path: Path, left: str
) -> None:
    folder = shutil.copytree(site, tmp_path / "site")
    assert trials.run(folder, Fate(time=NOW)).status == 0
    before = everything_written(folder)
    (folder / "content").rename(folder / "unmounted")
    if left == "an empty folder":
        (folder / "content").mkdir()

    ended = trials.run(folder, Fate(time=NEXT_WEEK))
    assert ended.status == 66
    words = "cannot be read" if left == "no folder" else "Is it mounted?"
    assert_told(ended, str(Path("content")), words)
    assert everything_written(folder) == before

    shutil.rmtree(folder / "content", ignore_errors=True)
    (folder / "unmounted").rename(folder / "content")
    assert trials.run(folder, Fate(time=NEXT_WEEK)).status == 0
    assert_nothing_is_left_to_do(trials, folder)
    tally.among(1)
    tally.count(lying(folder))
    assert lying(folder) == EVERY_POST_ONCE


def test_a_slow_folder_only_takes_its_time(
    site: Path, bench: Bench, trials: Trials, tally: Tally, tmp_path: Path
) -> None:
    """A run that hangs at its posts is overtaken by nobody, and ends well."""
    folder = shutil.copytree(site, tmp_path / "site")
    last = len(bench.calls)
    slow = Fate(
        call=last, signal=signal.SIGSTOP, reading=READING, delay_ms=SLOW_MS, time=NOW
    )
    assert trials.run(folder, slow).status is None
    beside = trials.run(folder, Fate(time=NOW))
    assert beside.status == 75
    assert_told(beside, "another run is under way")
    assert trials.resume().status == 0
    tally.among(1)
    tally.count(assert_all_comes_right(trials, folder, bench.feeds))
