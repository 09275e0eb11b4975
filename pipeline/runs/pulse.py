"""How the daemon is: when it last ticked, scanned and passed, and what keeps failing.

Plain records; whoever shows them (metrics, a page, an alert) takes a `Vitals` from any
thread. Nothing here decides anything.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType
from typing import TypeVar

from pipeline.base.clock import Clock
from pipeline.runs.durations import Durations

K = TypeVar("K")


class Outcome(StrEnum):
    """How a pass ended."""

    WELL = "well"
    FAULTY = "faulty"
    """Posts were left out; the rest went on."""
    TROUBLED = "troubled"
    """A site, a newsletter or the outbox could not go on; the rest did."""
    FAILED = "failed"
    """It ended in an error."""
    BUSY = "busy"
    """A `pressroom once` was under way."""
    HALTED = "halted"
    """It was told to stop."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Failing:
    """A job that has not done well since `since`: how often, and its last error."""

    since: datetime
    count: int
    error: str


@dataclass(frozen=True, slots=True)
class Refusal:
    """A new configuration that is wrong: since when it is known, and what is."""

    since: datetime
    error: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Vitals:
    """The daemon at one moment; None where a thing has not happened yet.

    `passes` counts passes by outcome, `failures` by job those since the start, also of
    jobs that are well again; `failing` has those that are not, by job.
    `pass_seconds` is what the last pass took, `pass_durations` what all did, and
    `scan_durations` what reading the sites and writing their feeds took of it.
    `clock_jumps` counts how often the machine's clock was set, or the machine slept.
    `refused` is there while the configuration of before goes on in place of a new one.
    """

    started: datetime
    last_tick: datetime | None = None
    last_scan: datetime | None = None
    last_pass_begun: datetime | None = None
    last_pass_ended: datetime | None = None
    last_outcome: Outcome | None = None
    pass_seconds: float = 0.0
    pass_durations: Durations = field(default_factory=Durations)
    scan_durations: Durations = field(default_factory=Durations)
    passes: Mapping[Outcome, int] = field(default_factory=dict)
    failures: Mapping[str, int] = field(default_factory=dict)
    failing: Mapping[str, Failing] = field(default_factory=dict)
    clock_jumps: int = 0
    refused: Refusal | None = None

    @property
    def under_way(self) -> datetime | None:
        """Since when a pass is under way, None where none is."""
        begun, ended = self.last_pass_begun, self.last_pass_ended
        return begun if begun and (ended is None or ended < begun) else None


class Pulse:
    """Where the daemon notes how it is. For any thread."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._vitals = Vitals(started=clock.now())

    def vitals(self) -> Vitals:
        """Return how it is now; the record does not change any more."""
        with self._lock:
            return self._vitals

    def ticked(self) -> None:
        """Note that the loop goes round."""
        now = self._clock.now()
        with self._lock:
            self._vitals = replace(self._vitals, last_tick=now)

    def began(self) -> None:
        """Note that a pass has begun."""
        now = self._clock.now()
        with self._lock:
            self._vitals = replace(self._vitals, last_pass_begun=now)

    def ended(self, outcome: Outcome, seconds: float) -> None:
        """Note how a pass has ended; those that read the folders count as scans."""
        now = self._clock.now()
        with self._lock:
            vitals = self._vitals
            scanned = outcome in (Outcome.WELL, Outcome.FAULTY, Outcome.TROUBLED)
            self._vitals = replace(
                vitals,
                last_pass_ended=now,
                last_scan=now if scanned else vitals.last_scan,
                last_outcome=outcome,
                pass_seconds=seconds,
                pass_durations=vitals.pass_durations.and_one(seconds),
                passes=_one_more(vitals.passes, outcome),
            )

    def scanned(self, seconds: float) -> None:
        """Note how long a pass has read sites and written their feeds."""
        with self._lock:
            durations = self._vitals.scan_durations.and_one(seconds)
            self._vitals = replace(self._vitals, scan_durations=durations)

    def failed(self, job: str, error: str, since: datetime | None = None) -> None:
        """Note that a job has failed: once more, or for the first time since then."""
        now = since or self._clock.now()
        with self._lock:
            vitals = self._vitals
            before = vitals.failing.get(job)
            failing = Failing(
                since=before.since if before else now,
                count=before.count + 1 if before else 1,
                error=error,
            )
            self._vitals = replace(
                vitals,
                failures=_one_more(vitals.failures, job),
                failing=MappingProxyType({**vitals.failing, job: failing}),
            )

    def succeeded(self, job: str) -> None:
        """Note that a job has done well."""
        with self._lock:
            left = {j: f for j, f in self._vitals.failing.items() if j != job}
            self._vitals = replace(self._vitals, failing=MappingProxyType(left))

    def refused(self, error: str) -> None:
        """Note that a new configuration was refused."""
        now = self._clock.now()
        with self._lock:
            self._vitals = replace(self._vitals, refused=Refusal(now, error))

    def reloaded(self) -> None:
        """Note that a new configuration holds."""
        with self._lock:
            self._vitals = replace(self._vitals, refused=None)

    def jumped(self) -> None:
        """Note that the clock was set."""
        with self._lock:
            jumps = self._vitals.clock_jumps + 1
            self._vitals = replace(self._vitals, clock_jumps=jumps)


def _one_more(counts: Mapping[K, int], key: K) -> Mapping[K, int]:
    return MappingProxyType({**counts, key: counts.get(key, 0) + 1})
