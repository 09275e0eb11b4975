"""Time that goes only when a test says so: clock and alarm in one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from tests.world import NOW


@dataclass
class Watchmaker:
    """Sleeping moves both; `set_clock` moves the clock alone, as NTP or a hand would.

    `meanwhile` is called in each sleep: what happens while the daemon does nothing.
    """

    time: datetime = NOW
    seconds: float = 1_000.0
    naps: list[float] = field(default_factory=list)
    meanwhile: Callable[[], None] = lambda: None
    is_woken: bool = False

    def now(self) -> datetime:
        return self.time

    def monotonic(self) -> float:
        return self.seconds

    def sleep(self, seconds: float) -> bool:
        self.naps.append(seconds)
        self.meanwhile()
        woken, self.is_woken = self.is_woken, False
        if not woken:
            self.pass_by(seconds)
        return woken

    def wake(self) -> None:
        self.is_woken = True

    def pass_by(self, seconds: float) -> None:
        self.seconds += seconds
        self.time += timedelta(seconds=seconds)

    def set_clock(self, **delta: float) -> None:
        self.time += timedelta(**delta)
