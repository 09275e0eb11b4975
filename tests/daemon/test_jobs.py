"""A job that fails is told, counted and rests; the others do not notice."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NoReturn

import pytest

from pipeline.base.errors import StoreError
from pipeline.daemon.jobs import Job, Jobs, pause_after
from pipeline.runs.events import Events
from pipeline.runs.pulse import Pulse
from tests.daemon.times import Watchmaker


def always() -> bool:
    return True


def fail(error: BaseException) -> Callable[[], NoReturn]:
    def raise_it() -> NoReturn:
        raise error

    return raise_it


class Told:
    """A log that remembers."""

    def __init__(self) -> None:
        self.events: list[tuple[str, dict[str, Any]]] = []

    def info(self, event: str, **fields: Any) -> None:
        self.events.append((event, fields))

    warning = error = info


def make_jobs(*jobs: Job, told: Told | None = None) -> tuple[Jobs, Watchmaker, Pulse]:
    times = Watchmaker()
    pulse = Pulse(times)
    return Jobs(jobs, times, pulse, Events(told or Told())), times, pulse


def test_what_is_not_wanted_is_not_run() -> None:
    ran: list[str] = []
    jobs, _, _ = make_jobs(
        Job("idle", lambda: False, lambda: ran.append("idle")),
        Job("busy", always, lambda: ran.append("busy")),
    )
    jobs.run()
    assert ran == ["busy"]


def test_a_job_that_fails_starves_nobody() -> None:
    ran: list[str] = []
    jobs, _, pulse = make_jobs(
        Job("broken", always, fail(StoreError("the store is locked"))),
        Job("sound", always, lambda: ran.append("sound")),
    )
    jobs.run()
    jobs.run()
    assert ran == ["sound", "sound"]
    failing = pulse.vitals().failing["broken"]
    assert (failing.count, failing.error) == (1, "the store is locked")


def test_it_rests_twice_as_long_after_each_failure_up_to_five_minutes() -> None:
    assert [pause_after(n) for n in range(1, 10)] == [
        2, 4, 8, 16, 32, 64, 128, 256, 300,
    ]  # fmt: skip
    assert pause_after(10_000) == 300


def test_it_is_run_again_when_it_has_rested() -> None:
    tries: list[float] = []

    def run() -> None:
        tries.append(times.seconds)
        if len(tries) < 3:
            raise StoreError("locked")

    jobs, times, pulse = make_jobs(Job("job", always, run))
    for _ in range(8):
        jobs.run()
        times.pass_by(1)
    assert [at - tries[0] for at in tries] == [0, 2, 6, 7]
    assert pulse.vitals().failing == {}
    assert pulse.vitals().failures == {"job": 2}


def test_a_question_that_fails_is_a_failure_of_the_job() -> None:
    jobs, _, pulse = make_jobs(Job("job", fail(StoreError("locked")), lambda: None))
    jobs.run()
    assert pulse.vitals().failures == {"job": 1}


def test_a_failure_is_told_once_while_it_is_the_same_and_so_is_the_recovery() -> None:
    told, said = Told(), ["locked", "locked", "disk full", "disk full"]
    errors = [StoreError(each) for each in reversed(said)]

    def run() -> None:
        if errors:
            raise errors.pop()

    jobs, times, pulse = make_jobs(Job("job", always, run), told=told)
    for seconds in (0, 2, 4, 8, 16):
        times.pass_by(seconds)
        jobs.run()
    assert [(event, fields["failures"]) for event, fields in told.events] == [
        ("job_failed", 1),
        ("job_failed", 3),
        ("job_recovered", 4),
    ]
    assert pulse.vitals().failures == {"job": 4}
    errors.append(StoreError("disk full"))
    jobs.run()
    assert told.events[-1][0] == "job_failed"


def test_a_fault_of_ours_is_told_with_where_it_was() -> None:
    told, error = Told(), KeyError("odd")
    jobs, _, pulse = make_jobs(Job("job", always, fail(error)), told=told)
    jobs.run()
    assert told.events[0][1]["exc_info"] is error
    assert pulse.vitals().failing["job"].error == "KeyError('odd')"


def test_the_panic_of_a_library_does_not_escape() -> None:
    # PyO3 raises its panics as a BaseException of this name.
    panic = type("PanicException", (BaseException,), {})
    jobs, _, pulse = make_jobs(Job("job", always, fail(panic("index out of range"))))
    jobs.run()
    assert pulse.vitals().failures == {"job": 1}


def test_the_order_to_end_does_escape() -> None:
    jobs, _, _ = make_jobs(Job("job", always, fail(KeyboardInterrupt())))
    with pytest.raises(KeyboardInterrupt):
        jobs.run()
