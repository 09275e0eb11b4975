"""When a pass is wanted, and one pass made: the daemon's main job.

A pass is wanted when somebody calls (the start, a changed file, a jump of the clock),
when the last one has yielded, when a time comes at which something is due, when the
relay has made room, when somebody else has written to the store, and every
`daemon.scan_seconds` in any case. What it does is the store's to say, not the reason's.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass
from datetime import datetime

from pipeline.base.clock import Alarm, Clock
from pipeline.base.errors import BusyError, OutputError
from pipeline.daemon.heart import Heart
from pipeline.daemon.jobs import pause_after
from pipeline.daemon.tidings import Tidings
from pipeline.outbox.spool import Spool
from pipeline.runs.events import Events
from pipeline.runs.once import Works
from pipeline.runs.owner.ownermail import is_unclaimed
from pipeline.runs.pace import Halted, Pace
from pipeline.runs.pulse import Outcome, Pulse
from pipeline.runs.report import Report

BATCHES_A_PASS = 20
"""Of each issue, before feeds are looked at again: a few seconds' work."""

BUSY_SECONDS = 2.0
"""After which it is tried again when a `pressroom once` is under way."""

BUSY_PATIENCE = 300.0
"""How long one may be under way until the log tells that nothing else can begin."""

REST_OF_PASS = 1.0
"""For each second that a pass took, changed files wait for so many: an editor that
saves all the time shall not have the whole processor."""

STORE_REST_OF_PASS = 4.0
"""The same for what others write to the store, as readers do by the pages."""

SCAN_REST_OF_PASS = 20.0
"""The same for the scan that comes by itself."""

OWN = "pass"
"""What the job is called that makes passes."""

LOCK = "lock"
"""What `Vitals.failing` calls it when another run has held the lock for long."""

TROUBLE = "work"
"""What `Vitals.failing` calls a site, a newsletter or an outbox that cannot go on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Times:
    """The clock for what is due, the alarm for how long ago."""

    clock: Clock
    alarm: Alarm


class Passes:
    """Decides when a pass is wanted, and makes it.

    `call` is for any thread.
    """

    def __init__(
        self, works: Works, times: Times, pulse: Pulse, heart: Heart, events: Events
    ) -> None:
        self._works = works
        self._times = times
        self._pulse = pulse
        self._heart = heart
        self._tidings = Tidings(events)
        self._events = events
        self._busy: tuple[datetime, float] | None = None
        self._called = threading.Event()
        self._called.set()
        self._due: datetime | None = None
        self._again_at: float | None = None
        self._troubled = 0
        self._waits_for_room = self._waits_for_claim = False
        self._ended, self._seconds = float("-inf"), 0.0

    def call(self) -> None:
        """Want a pass soon."""
        self._called.set()
        self._times.alarm.wake()

    def take(self, works: Works) -> None:
        """Go on with other works, of another configuration, and at once."""
        self._works.close()
        self._works = works
        self.call()

    def close(self) -> None:
        """Close the works."""
        self._works.close()

    def is_wanted(self) -> bool:
        """Tell whether a pass is wanted now."""
        if self._heart.is_stopped():
            return False
        every = self._works.configuration.daemon.scan_seconds
        now = self._times.alarm.monotonic()
        return (
            (self._called.is_set() and self._has_rested(REST_OF_PASS))
            or (self._again_at is not None and now >= self._again_at)
            or (self._due is not None and self._times.clock.now() >= self._due)
            or self._has_rested(SCAN_REST_OF_PASS, every)
            or (self._has_rested(STORE_REST_OF_PASS) and self._is_called_by_others())
        )

    def run(self) -> None:
        """Make a pass. Raises what ends one: StoreError, and faults of ours."""
        self._called.clear()
        self._pulse.began()
        begun, outcome = self._times.alarm.monotonic(), Outcome.FAILED
        try:
            outcome = self._pass()
        finally:
            self._ended = self._times.alarm.monotonic()
            self._seconds = self._ended - begun
            self._pulse.ended(outcome, self._seconds)
            if outcome is Outcome.FAILED:
                self._called.set()
            if outcome is not Outcome.BUSY:
                self._go_on()

    def _pass(self) -> Outcome:
        """Make a pass, and note when the next is wanted."""
        now, begun = self._times.clock.now(), self._times.alarm.monotonic()
        pace = Pace(
            batches=BATCHES_A_PASS,
            is_called=self._called.is_set,
            is_halted=self._heart.is_stopped,
            beat=self._heart.beat,
        )
        self._due = self._again_at = None
        try:
            report = self._works.run(self._heart, pace, self._failing_jobs())
        except BusyError as error:
            self._stand_back(error)
            return Outcome.BUSY
        except Halted:
            return Outcome.HALTED
        self._due = min((time for time in report.due if time > now), default=None)
        self._waits_for_room = any(i.waiting for i in report.issues)
        self._waits_for_claim = report.letters_wait
        if any(issue.yielded for issue in report.issues):
            self._called.set()
        self._pulse.scanned(sum(site.seconds for site in report.sites))
        self._tidings.tell(report, self._times.alarm.monotonic() - begun)
        return self._judge(report)

    def _stand_back(self, error: BusyError) -> None:
        """Try again soon; tell, once, of a run that does not come to its end."""
        now = self._times.alarm.monotonic()
        self._again_at = now + BUSY_SECONDS
        self._busy = self._busy or (self._times.clock.now(), now)
        since, begun = self._busy
        if now - begun < BUSY_PATIENCE:
            return
        lasting = BusyError(
            f"nothing is done meanwhile: {error}, or end it if it hangs"
        )
        if LOCK not in self._pulse.vitals().failing:
            self._events.job_failed(LOCK, lasting, 1, BUSY_SECONDS)
        self._pulse.failed(LOCK, str(lasting), since)

    def _go_on(self) -> None:
        """Note that no other run holds the lock any more."""
        self._busy = None
        if failing := self._pulse.vitals().failing.get(LOCK):
            self._pulse.succeeded(LOCK)
            self._events.job_recovered(LOCK, failing.count)

    def _failing_jobs(self) -> dict[str, str]:
        """Return the other jobs that fail, each with its error."""
        failing = self._pulse.vitals().failing.items()
        own = (OWN, LOCK, TROUBLE)
        return {name: failed.error for name, failed in failing if name not in own}

    def _judge(self, report: Report) -> Outcome:
        """Return how the pass went; what is in trouble is tried again soon."""
        if not report.errors:
            self._troubled = 0
            self._pulse.succeeded(TROUBLE)
            return Outcome.FAULTY if report.exit_status() else Outcome.WELL
        self._troubled += 1
        pause = pause_after(self._troubled)
        self._again_at = self._times.alarm.monotonic() + pause
        self._pulse.failed(TROUBLE, "; ".join(str(error) for error in report.errors))
        return Outcome.TROUBLED

    def _has_rested(self, part: float, least: float = 0.0) -> bool:
        rest = max(least, part * self._seconds)
        return self._times.alarm.monotonic() >= self._ended + rest

    def _is_called_by_others(self) -> bool:
        return self._works.is_called() or self._is_called_by_relay()

    def _is_called_by_relay(self) -> bool:
        """Tell whether it has made room, or taken the letters that others wait for."""
        outbox = self._works.configuration.outbox
        spool = Spool(outbox.folder)
        try:
            return (self._waits_for_room and spool.waiting() < outbox.ahead) or (
                self._waits_for_claim and not is_unclaimed(spool)
            )
        except OutputError:
            return False
