"""Time that goes by, and sleep that ends when somebody wants it to."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Iterator

import pytest

from pipeline.base.clock import SystemAlarm

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
