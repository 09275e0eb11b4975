"""The only place that asks what time it is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Protocol

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


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
