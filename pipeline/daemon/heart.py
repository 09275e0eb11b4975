"""What a pass does besides its work: it shows that it lives, and hears when to stop.

A pass takes as long as it takes, in the loop's own thread: one that hangs feeds no
watchdog, and the machine starts us anew.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TypeVar

from pipeline.base.clock import Alarm
from pipeline.daemon.notify import Notifier
from pipeline.runs.pace import Halted

T = TypeVar("T")

_BEATS_A_PERIOD = 3
"""Signs of life in the time systemd waits for one: a lost one does no harm."""

_STATUS_SECONDS = 1.0


class Heart:
    """Feeds the watchdog, and is the progress of a pass.

    `stop` is for signal handlers: it only notes.
    """

    def __init__(self, notifier: Notifier, alarm: Alarm) -> None:
        self._notifier = notifier
        self._alarm = alarm
        self._next_beat = self._next_status = 0.0
        self._is_stopped = False

    def stop(self) -> None:
        """Have the pass under way end, and no other begin."""
        self._is_stopped = True

    def is_stopped(self) -> bool:
        """Tell whether all is to end."""
        return self._is_stopped

    def beat(self) -> None:
        """Show that all goes on, if it is time to."""
        patience, now = self._notifier.watchdog_seconds, self._alarm.monotonic()
        if patience is not None and now >= self._next_beat:
            self._next_beat = now + patience / _BEATS_A_PERIOD
            self._notifier.alive()

    def track(self, label: str, items: Sequence[T]) -> Iterable[T]:
        """Yield the items; raise Halted between two when it is to stop."""
        for n, item in enumerate(items):
            if self._is_stopped:
                raise Halted
            self.beat()
            self._tell(label, n, len(items))
            yield item

    def _tell(self, label: str, done: int, total: int) -> None:
        now = self._alarm.monotonic()
        if done and now >= self._next_status:
            self._next_status = now + _STATUS_SECONDS
            self._notifier.status(f"{label}: {done:,} of {total:,}")
