"""The only place that asks what time it is, how much has gone, and that waits."""

from __future__ import annotations

import os
import select
import time
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Protocol

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def zone_name(time: datetime) -> str:
    """Return `UTC`, or how far from it: `CST` is Shanghai's and Chicago's."""
    return "UTC" if time.tzname() == "UTC" else time.isoformat()[-6:]


def show_moment(time: datetime, zone: tzinfo) -> str:
    """Return a time as a clock in that zone shows it: `2026-11-20 17:00 +08:00`."""
    local = time.astimezone(zone)
    return f"{local:%Y-%m-%d %H:%M} {zone_name(local)}"


class Clock(Protocol):
    """Whoever can say the time, in UTC."""

    def now(self) -> datetime:
        """Return the time, aware, in UTC."""
        ...


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        """Return the machine's time in UTC."""
        return datetime.now(UTC)


class Alarm(Protocol):
    """Whoever counts the time that goes by, whatever the clock says, and can wait."""

    def monotonic(self) -> float:
        """Return seconds since some moment; they only ever grow."""
        ...

    def sleep(self, seconds: float) -> bool:
        """Return after so long, or sooner, with True, when woken."""
        ...

    def wake(self) -> None:
        """End the sleep, or the next one. For any thread, and for signal handlers."""
        ...


class SystemAlarm:
    """The machine's own.

    A pipe wakes it and not a lock: a signal handler may run while the same thread
    holds any lock there is.
    """

    def __init__(self) -> None:
        self._woken, self._waker = os.pipe2(os.O_NONBLOCK | os.O_CLOEXEC)
        self._poll = select.poll()
        self._poll.register(self._woken, select.POLLIN)

    def monotonic(self) -> float:
        """Return the machine's seconds, which no change of its clock moves."""
        return time.monotonic()

    def sleep(self, seconds: float) -> bool:
        """Return after so long, or sooner, with True, when woken."""
        if not self._poll.poll(max(0.0, seconds) * 1_000):
            return False
        os.read(self._woken, 65_536)
        return True

    def wake(self) -> None:
        """End the sleep, or the next one."""
        # A full pipe wakes as well.
        with suppress(BlockingIOError):
            os.write(self._waker, b"!")

    def close(self) -> None:
        """Give the pipe back; nobody may wake it any more."""
        os.close(self._woken)
        os.close(self._waker)


@dataclass(frozen=True, slots=True)
class FixedClock:
    """A clock that stands still: for trials (`once --at`) and tests."""

    time: datetime

    def now(self) -> datetime:
        """Return the one time, in UTC."""
        return self.time.astimezone(UTC)


def to_micros(time: datetime) -> int:
    """Return whole microseconds since 1970 UTC; `time` must be aware."""
    return (time - EPOCH) // timedelta(microseconds=1)


def from_micros(micros: int) -> datetime:
    """Return the UTC time of whole microseconds since 1970."""
    return EPOCH + timedelta(microseconds=micros)


def from_ns(nanoseconds: int) -> datetime:
    """Return the UTC time of nanoseconds since 1970, such as a file's, to a micro."""
    return from_micros(nanoseconds // 1_000)
