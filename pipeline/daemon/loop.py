"""The loop: a tick a second, by the library `schedule`, and sooner when woken.

`schedule` may only tick. It has no memory, its days are wrong where clocks are set
forward, and a clock that is set back would silence it: what is due is the store's to
say (runs/issues/opening.py), and a jump of the clock has its one job registered anew.
"""

from __future__ import annotations

from collections.abc import Callable

from schedule import Scheduler

from pipeline.base.clock import Alarm, Clock

TICK_SECONDS = 1
JUMP_SECONDS = 5.0
"""How far the clock may go apart from the time that has gone by before it has jumped:
what slews it (NTP) stays far below that between two ticks."""


class Loop:
    """Calls `tick` once a second until `is_over`.

    `jumped` is told by how many seconds the clock was set. Neither may raise.
    """

    def __init__(
        self,
        tick: Callable[[], None],
        jumped: Callable[[float], None],
        clock: Clock,
        alarm: Alarm,
    ) -> None:
        self._tick = tick
        self._jumped = jumped
        self._clock = clock
        self._alarm = alarm
        self._scheduler = Scheduler()
        self._offset = self._measure()

    def run(self, is_over: Callable[[], bool]) -> None:
        """Go round until it is over."""
        self._register()
        self._tick()
        while not is_over():
            if self._alarm.sleep(self._seconds_to_tick()):
                self._look_at_clock()
                self._tick()
            else:
                self._look_at_clock()
                self._scheduler.run_pending()

    def _register(self) -> None:
        self._scheduler.clear()
        self._scheduler.every(TICK_SECONDS).seconds.do(self._tick)

    def _seconds_to_tick(self) -> float:
        """Return how long to sleep; `idle_seconds` may be None, negative, or hours."""
        idle = self._scheduler.idle_seconds
        return TICK_SECONDS if idle is None else min(max(idle, 0.0), TICK_SECONDS)

    def _look_at_clock(self) -> None:
        offset = self._measure()
        jump, self._offset = offset - self._offset, offset
        if abs(jump) > JUMP_SECONDS:
            self._register()
            self._jumped(jump)

    def _measure(self) -> float:
        """Return how far the clock is from the time that has gone by, in seconds."""
        return self._clock.now().timestamp() - self._alarm.monotonic()
