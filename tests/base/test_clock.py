"""Time that goes by, and sleep that ends when somebody wants it to."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from pipeline.base.clock import SystemAlarm, show_moment

LONG = 30.0


@pytest.fixture
def alarm() -> Iterator[SystemAlarm]:
    alarm = SystemAlarm()
    yield alarm
    alarm.close()


def test_it_sleeps_as_long_as_asked(alarm: SystemAlarm) -> None:
    begun = alarm.monotonic()
    assert not alarm.sleep(0.02)
    assert alarm.monotonic() - begun >= 0.02
    assert not alarm.sleep(-1)


def test_a_thread_wakes_it(alarm: SystemAlarm) -> None:
    threading.Timer(0.02, alarm.wake).start()
    assert alarm.sleep(LONG)


def test_who_calls_before_it_sleeps_is_heard_once(alarm: SystemAlarm) -> None:
    for _ in range(100_000):
        alarm.wake()
    assert alarm.sleep(LONG)
    assert not alarm.sleep(0)


def test_a_signal_handler_wakes_it(alarm: SystemAlarm) -> None:
    before = signal.signal(signal.SIGUSR1, lambda *_: alarm.wake())
    try:
        kill = threading.Timer(0.05, os.kill, (os.getpid(), signal.SIGUSR1))
        kill.start()
        assert alarm.sleep(LONG)
    finally:
        signal.signal(signal.SIGUSR1, before)


def test_a_moment_is_shown_as_a_clock_there_shows_it() -> None:
    time = datetime(2026, 12, 1, 6, 58, tzinfo=UTC)
    assert show_moment(time, UTC) == "2026-12-01 06:58 UTC"
    assert show_moment(time, ZoneInfo("UTC")) == "2026-12-01 06:58 UTC"
    there = ZoneInfo("Asia/Shanghai")
    assert show_moment(time, there) == "2026-12-01 14:58 +08:00"
    newfoundland = ZoneInfo("America/St_Johns")
    assert show_moment(time, newfoundland) == "2026-12-01 03:28 -03:30"
