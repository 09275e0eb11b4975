"""`pressroom once`, whole, under kill -9, a failing disk and a second run at its side.

A kill is tried at every call that changes the disk, from the first of a run that finds
nothing done to the last (tests/faults/points.py: at some of them, or at all).
"""

from __future__ import annotations

import errno
import shutil
import signal
import sys
from collections import Counter
from pathlib import Path

import pytest

from pipeline.base.lock import exclusive_lock
from tests.command import PRESSROOM, environment, pressroom
from tests.faults.bench import FEWEST_CALLS, Bench
from tests.faults.points import chosen
from tests.faults.shim import list_calls, run_killed_at
from tests.faults.site import (
    EVERY_POST_ONCE,
    POSTS,
    READERS,
    Sent,
    assert_all_comes_right,
    assert_no_link_leads_nowhere,
    assert_nothing_is_left_to_do,
    assert_told,
    idle_relay,
    lying,
    quick_relay,
    run_again,
)
from tests.faults.tally import Tally
from tests.faults.trials import Fate, Trials

FIRST_PUBLIC = ("rename", r"/new/\..+-0001\.")


def test_a_kill_at_any_call_loses_and_doubles_nothing(
    bench: Bench, tally: Tally
) -> None:
    def kill(trials: Trials, call: int, folder: Path) -> Sent:
        assert trials.run(folder, Fate(call=call)).status == -signal.SIGKILL
        assert_no_link_leads_nowhere(folder)
        sent = assert_all_comes_right(trials, folder, bench.feeds)
        assert_nothing_is_left_to_do(trials, folder)
        return sent

    bench.try_every_call(tally, kill)


def test_a_sigterm_at_any_call_loses_and_doubles_nothing(
    bench: Bench, tally: Tally
) -> None:
    def end(trials: Trials, call: int, folder: Path) -> Sent:
        ended = trials.run(folder, Fate(call=call, signal=signal.SIGTERM))
        assert ended.status == -signal.SIGTERM
        return assert_all_comes_right(trials, folder, bench.feeds)

    bench.try_every_call(tally, end)


def test_a_kill_does_no_harm_either_while_everything_still_lies_in_the_outbox(
    bench: Bench, tally: Tally
) -> None:
    def kill(trials: Trials, call: int, folder: Path) -> Sent:
        assert trials.run(folder, Fate(call=call)).status == -signal.SIGKILL
        sent = assert_all_comes_right(trials, folder, bench.feeds, idle_relay)
        assert_nothing_is_left_to_do(trials, folder)
        return sent

    first_public = bench.find_call(*FIRST_PUBLIC)
    bench.try_each(range(first_public, len(bench.calls) + 1), tally, kill)


@pytest.mark.parametrize(
    ("name", "path"),
    [FIRST_PUBLIC, ("write", r"-0002\..+/00000001\.eml$")],
    ids=["one batch is sealed and not public", "one is public and one half staged"],
)
def test_a_kill_at_any_call_of_the_recovery_loses_and_doubles_nothing(
    bench: Bench, tally: Tally, name: str, path: str
) -> None:
    first = Fate(call=bench.find_call(name, path))
    with bench.copied("recovery") as (trials, folder):
        trials.run(folder, first)
        total = len(trials.calls(folder))

    def kill_twice(trials: Trials, call: int, folder: Path) -> Sent:
        trials.run(folder, first)
        sent = quick_relay(folder)
        assert trials.run(folder, Fate(call=call)).status == -signal.SIGKILL
        return assert_all_comes_right(trials, folder, bench.feeds, sent=sent)

    assert total > FEWEST_CALLS / 3
    bench.try_each(range(1, total + 1), tally, kill_twice)


@pytest.mark.parametrize("lasting", [False, True], ids=["for a moment", "for good"])
@pytest.mark.parametrize("error", [errno.ENOSPC, errno.EIO], ids=errno.errorcode.get)
def test_a_disk_failing_at_any_call_is_told_and_loses_and_doubles_nothing(
    bench: Bench, tally: Tally, error: int, lasting: bool
) -> None:
    def fail(trials: Trials, call: int, folder: Path) -> Sent:
        ended = trials.run(folder, Fate(call=call, error=error, lasting=lasting))
        assert ended.status in (0, 73, 74), ended.output
        assert "Traceback" not in ended.output
        if ended.status:
            assert_told(ended, "cannot ")
        return assert_all_comes_right(trials, folder, bench.feeds)

    bench.try_every_call(tally, fail)


@pytest.mark.parametrize("order", ["publish-first", "mark-first"])
def test_the_control_with_another_order_fails(
    bench: Bench, tally: Tally, order: str
) -> None:
    def kill(trials: Trials, call: int, folder: Path) -> Sent:
        trials.run(folder, Fate(call=call, twists=[order]))
        return run_again(trials, folder, bench.feeds, quick_relay)

    first_public = bench.find_call(*FIRST_PUBLIC)
    bench.try_each(range(first_public - 20, first_public + 20), tally, kill)
    if order == "publish-first":
        assert tally.double
        assert not tally.lost
    else:
        assert tally.lost
        assert not tally.double


def test_a_run_that_overtakes_another_at_any_call_loses_and_doubles_nothing(
    bench: Bench, tally: Tally
) -> None:
    """The lock is a courtesy, the transaction the guarantee: here nobody locks."""
    calls_of_lock = sum(path.endswith("/lock") for _, path in bench.calls)

    def overtake(trials: Trials, call: int, folder: Path) -> Sent:
        stop = call - calls_of_lock
        fate = Fate(call=stop, signal=signal.SIGSTOP, twists=["unlocked"])
        assert trials.run(folder, fate).status is None
        overtaking = trials.run(folder, Fate(twists=["unlocked"]))
        sent = quick_relay(folder)
        overtaken = trials.resume()
        for ended in (overtaking, overtaken):
            assert ended.status in (0, 73, 74), ended.output
            assert "Traceback" not in ended.output
        return assert_all_comes_right(trials, folder, bench.feeds, sent=sent)

    begin = bench.end_of_setting_up() + 1
    assert len(bench.calls) - begin > FEWEST_CALLS
    bench.try_each(range(begin, len(bench.calls) + 1), tally, overtake)


def test_who_leaves_at_any_call_of_a_run_gets_nothing_from_it(
    bench: Bench, tally: Tally
) -> None:
    leaver, stayer = READERS
    without_leaver = Counter({(stayer, post): 1 for post in POSTS})
    taken: list[bool] = []

    def leave(trials: Trials, call: int, folder: Path) -> Sent:
        assert trials.run(folder, Fate(call=call, signal=signal.SIGSTOP)).status is None
        words = ("subscriber", "remove", leaver)
        left = trials.run(folder, Fate(twists=["unlocked"], words=words))
        assert trials.resume().status == 0
        # The run may be amid a transaction: then the owner is told to try again.
        taken.append(left.status == 0)
        assert left.status == 0 or "in use by another program" in left.output
        sent = lying(folder)
        if left.status:
            return sent
        assert sent == without_leaver
        return EVERY_POST_ONCE

    begin = bench.end_of_setting_up() + 1
    points = range(begin, len(bench.calls) + 1)
    bench.try_each(points, tally, leave)
    assert taken.count(True) > len(chosen(points)) / 4


def test_a_process_of_its_own_killed_around_the_decision_does_no_harm(
    site: Path, bench: Bench, tally: Tally, tmp_path: Path
) -> None:
    """The trials above are forks; this is the command as cron runs it."""
    argv = [sys.executable, *PRESSROOM[1:], "once"]
    env = environment()
    counted = shutil.copytree(site, tmp_path / "counted")
    names = [name for name, _ in list_calls(argv, env, counted)]
    last = max(n for n, name in enumerate(names, 1) if name == "rename")
    tally.among(3)
    for call in (last - 1, last, last + 1):
        folder = shutil.copytree(site, tmp_path / str(call))
        run_killed_at(call, argv, env, folder)
        with bench.copied("unused") as (trials, _):
            tally.count(assert_all_comes_right(trials, folder, bench.feeds))


def test_of_two_runs_at_the_same_time_one_is_told_to_come_again(site: Path) -> None:
    with exclusive_lock(site / "var" / "lock"):
        done = pressroom("once", cwd=site)
    assert (done.returncode, done.stdout) == (75, "")
    assert "another run is under way" in done.stderr
    assert "Traceback" not in done.stderr
