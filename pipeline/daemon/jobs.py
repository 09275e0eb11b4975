"""Jobs side by side: one that fails is told, counted and left alone for a while.

It is told at the first of its failures in a row, and again where it fails otherwise.
Nothing but the order to stop escapes a job, whatever a library raises.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from pipeline.base.clock import Alarm
from pipeline.base.errors import PressroomError
from pipeline.base.panics import telling_panics
from pipeline.runs.events import Events
from pipeline.runs.pulse import Pulse

FIRST_PAUSE_SECONDS = 2.0
LONGEST_PAUSE_SECONDS = 300.0


def pause_after(failures: int) -> float:
    """Return how long a job rests that has failed so many times in a row, in seconds.

    Twice as long each time, up to five minutes: a full disk is looked at soon after it
    was cleaned, and a broken store does not fill the log.
    """
    doublings = min(failures - 1, 10)
    return min(LONGEST_PAUSE_SECONDS, FIRST_PAUSE_SECONDS * 2.0**doublings)


@dataclass(frozen=True, slots=True)
class Job:
    """A thing to do when it `is_wanted`, both asked at every tick."""

    name: str
    is_wanted: Callable[[], bool]
    run: Callable[[], None]


class Jobs:
    """Runs the jobs that are wanted, in their order."""

    def __init__(
        self, jobs: Sequence[Job], alarm: Alarm, pulse: Pulse, events: Events
    ) -> None:
        self._jobs = tuple(jobs)
        self._events = events
        self._alarm = alarm
        self._pulse = pulse
        self._failures: dict[str, int] = {}
        self._rests_until: dict[str, float] = {}
        self._told: dict[str, str] = {}

    def run(self) -> None:
        """Run each job that is wanted and does not rest after a failure."""
        for job in self._jobs:
            rests_until = self._rests_until.get(job.name)
            if rests_until is None or self._alarm.monotonic() >= rests_until:
                self._run(job)

    def _run(self, job: Job) -> None:
        try:
            with telling_panics():
                if not job.is_wanted():
                    return
                job.run()
        except Exception as error:  # noqa: BLE001 - a job stops nothing but itself
            self.note_failure(job.name, error)
        else:
            if failures := self._failures.pop(job.name, 0):
                self._events.job_recovered(job.name, failures)
            self._told.pop(job.name, None)
            self._rests_until.pop(job.name, None)
            self._pulse.succeeded(job.name)

    def note_failure(self, job: str, error: Exception) -> None:
        """Note that a job has failed, and let it rest; tell it when that is news."""
        failures = self._failures.get(job, 0) + 1
        pause = pause_after(failures)
        self._failures[job] = failures
        self._rests_until[job] = self._alarm.monotonic() + pause
        said = str(error) if isinstance(error, PressroomError) else repr(error)
        self._pulse.failed(job, said)
        if self._told.get(job) != said:
            self._told[job] = said
            self._events.job_failed(job, error, failures, pause)
