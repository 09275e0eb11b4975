"""The loop ticks by `schedule`, whatever becomes of the clock."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
import schedule

from pipeline.daemon.loop import Loop
from tests.daemon.times import Watchmaker


@pytest.fixture
def times(monkeypatch: pytest.MonkeyPatch) -> Watchmaker:
    """Time for the loop, and for the library, which asks for naive local time."""
    times = Watchmaker()

    class Now(datetime):
        @classmethod
        def now(cls, tz: Any = None) -> datetime:
            return times.now().replace(tzinfo=None)

    monkeypatch.setattr(schedule.datetime, "datetime", Now)
    return times


def run(times: Watchmaker, naps: int, meanwhile: Callable[[], None] | None = None):  # type: ignore[no-untyped-def]
    """Go round for so many naps; return the seconds of the ticks, and the jumps."""
    begun, ticks, jumps = times.seconds, list[float](), list[float]()
    times.meanwhile = meanwhile or (lambda: None)
    loop = Loop(lambda: ticks.append(times.seconds - begun), jumps.append, times, times)
    loop.run(lambda: len(times.naps) >= naps)
    return ticks, jumps


def test_it_ticks_at_once_and_then_every_second(times: Watchmaker) -> None:
    ticks, jumps = run(times, 5)
    assert ticks == [0, 1, 2, 3, 4, 5]
    assert jumps == []


def test_it_never_sleeps_for_longer_than_a_second(times: Watchmaker) -> None:
    run(times, 20)
    assert max(times.naps) <= 1


def test_who_wakes_it_need_not_wait_for_the_second(times: Watchmaker) -> None:
    def wake() -> None:
        if len(times.naps) == 2:
            times.pass_by(0.25)
            times.wake()

    ticks, _ = run(times, 3, wake)
    assert 1.25 in ticks


@pytest.mark.parametrize("hours", [-1, 1, -48])
def test_a_clock_that_is_set_silences_nothing(times: Watchmaker, hours: int) -> None:
    def set_clock() -> None:
        if len(times.naps) == 3:
            times.set_clock(hours=hours)

    ticks, jumps = run(times, 10, set_clock)
    assert jumps == [hours * 3_600]
    assert len(ticks) >= 9


def test_a_clock_that_is_slewed_has_not_jumped(times: Watchmaker) -> None:
    _, jumps = run(times, 50, lambda: times.set_clock(seconds=0.5))
    assert jumps == []


def test_a_tick_that_takes_long_is_followed_by_one_and_not_by_many(
    times: Watchmaker,
) -> None:
    ticks: list[float] = []

    def tick() -> None:
        ticks.append(times.seconds)
        if len(ticks) == 2:
            times.pass_by(60)

    Loop(tick, lambda _: None, times, times).run(lambda: len(ticks) >= 4)
    assert ticks[2] - ticks[1] <= 61
    assert ticks[3] - ticks[2] >= 1
