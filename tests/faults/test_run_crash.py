"""`pressroom run`: the pass of a daemon under kill -9, SIGTERM and a failing disk.

Its sleep takes no time here (tests/faults/twists.py), so that it soon tries again what
has failed, and after a while it is asked to end.
"""

from __future__ import annotations

import errno
import signal
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from queue import SimpleQueue

import pytest

from tests.faults.bench import FEWEST_CALLS, Bench
from tests.faults.scratch import scratch
from tests.faults.site import (
    EVERY_POST_ONCE,
    Sent,
    assert_all_comes_right,
    assert_nothing_is_left_to_do,
    feeds,
    lying,
    quick_relay,
)
from tests.faults.tally import Tally
from tests.faults.trials import Fate, Trials

RUN = Fate(words=("run", "--no-serve"), twists=("hurried", "impatient"))


@pytest.fixture(scope="module")
def bench(site: Path, servers: SimpleQueue[Trials]) -> Iterator[Bench]:
    with scratch() as folder:
        yield Bench(site, servers, folder, RUN)


def test_a_kill_at_any_call_of_a_pass_loses_and_doubles_nothing(
    bench: Bench, tally: Tally
) -> None:
    def kill(trials: Trials, call: int, folder: Path) -> Sent:
        assert trials.run(folder, replace(RUN, call=call)).status == -signal.SIGKILL
        sent = quick_relay(folder)
        again = trials.run(folder, RUN)
        assert again.status == 0, again.output
        assert feeds(folder) == bench.feeds
        sent += lying(folder)
        assert sent == EVERY_POST_ONCE
        assert_nothing_is_left_to_do(trials, folder)
        return sent

    bench.try_every_call(tally, kill)


def test_a_sigterm_at_any_call_of_a_pass_drains_and_loses_and_doubles_nothing(
    bench: Bench, tally: Tally
) -> None:
    # Before the pass there is nobody to drain: the first calls are of its lock.
    begin = bench.end_of_setting_up() + 1

    def end(trials: Trials, call: int, folder: Path) -> Sent:
        ended = trials.run(folder, replace(RUN, call=call, signal=signal.SIGTERM))
        assert ended.status == 0, ended.output
        assert " error " not in ended.output
        return assert_all_comes_right(trials, folder, bench.feeds)

    assert len(bench.calls) - begin > FEWEST_CALLS
    bench.try_each(range(begin, len(bench.calls) + 1), tally, end)


@pytest.mark.parametrize("error", [errno.ENOSPC, errno.EIO], ids=errno.errorcode.get)
def test_a_disk_failing_for_a_moment_is_told_and_the_daemon_mends_it_by_itself(
    bench: Bench, tally: Tally, error: int
) -> None:
    def fail(trials: Trials, call: int, folder: Path) -> Sent:
        ended = trials.run(folder, replace(RUN, call=call, error=error))
        assert "Traceback" not in ended.output
        if ended.status:  # it never came up
            assert ended.status in (73, 74), ended.output
            assert "error: cannot " in ended.output
            return assert_all_comes_right(trials, folder, bench.feeds)
        sent = lying(folder)
        assert sent == EVERY_POST_ONCE, ended.output
        assert feeds(folder) == bench.feeds
        return sent

    bench.try_every_call(tally, fail)


@pytest.mark.parametrize("error", [errno.ENOSPC, errno.EIO], ids=errno.errorcode.get)
def test_a_disk_failing_for_good_is_told_by_a_daemon_that_stays(
    bench: Bench, tally: Tally, error: int
) -> None:
    def fail(trials: Trials, call: int, folder: Path) -> Sent:
        ended = trials.run(folder, replace(RUN, call=call, error=error, lasting=True))
        assert "Traceback" not in ended.output
        assert ended.status in (0, 73, 74), ended.output
        assert " error " in ended.output or "error: " in ended.output
        return assert_all_comes_right(trials, folder, bench.feeds)

    # At the very last calls all is done.
    bench.try_each(range(1, bench.find_calls("rename", "/new/")[-1]), tally, fail)


def test_a_once_beside_a_daemon_at_any_call_of_a_pass_does_no_harm(
    bench: Bench, tally: Tally
) -> None:
    def disturb(trials: Trials, call: int, folder: Path) -> Sent:
        stop = replace(RUN, call=call, signal=signal.SIGSTOP)
        assert trials.run(folder, stop).status is None
        beside = trials.run(folder, Fate(twists=["impatient"]))
        assert beside.status in (0, 74, 75), beside.output
        assert "Traceback" not in beside.output
        sent = quick_relay(folder)
        resumed = trials.resume()
        assert resumed.status == 0, resumed.output
        sent += lying(folder)
        assert sent == EVERY_POST_ONCE, (beside.output, resumed.output)
        return sent

    bench.try_every_call(tally, disturb)


def test_of_two_daemons_the_second_is_told_that_there_is_one(
    bench: Bench, tally: Tally
) -> None:
    def begin_another(trials: Trials, call: int, folder: Path) -> Sent:
        stop = replace(RUN, call=call, signal=signal.SIGSTOP)
        assert trials.run(folder, stop).status is None
        second = trials.run(folder, RUN)
        assert second.status == 75, second.output
        assert "error: a daemon runs already" in second.output
        assert trials.resume().status == 0
        sent = lying(folder)
        assert sent == EVERY_POST_ONCE
        return sent

    begin = 1 + max(
        n for n, (_, path) in enumerate(bench.calls, 1) if path.endswith("daemon.lock")
    )
    bench.try_each(range(begin, len(bench.calls) + 1), tally, begin_another)
