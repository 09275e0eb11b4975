"""How the daemon is, as others may read it from any thread."""

from __future__ import annotations

from datetime import timedelta

from pipeline.runs.pulse import Failing, Outcome, Pulse
from tests.daemon.times import Watchmaker
from tests.world import NOW


def test_nothing_has_happened_at_the_start() -> None:
    vitals = Pulse(Watchmaker()).vitals()
    assert vitals.started == NOW
    assert vitals.last_tick is None
    assert vitals.last_outcome is None
    assert vitals.passes == vitals.failing == {}


def test_a_pass_is_counted_by_how_it_ended() -> None:
    times = Watchmaker()
    pulse = Pulse(times)
    pulse.began()
    times.pass_by(3)
    pulse.ended(Outcome.WELL, 3.0)
    pulse.ended(Outcome.WELL, 1.0)
    pulse.ended(Outcome.BUSY, 0.0)
    vitals = pulse.vitals()
    assert vitals.last_pass_begun == NOW
    assert vitals.last_pass_ended == NOW + timedelta(seconds=3)
    assert vitals.passes == {Outcome.WELL: 2, Outcome.BUSY: 1}
    assert vitals.last_outcome is Outcome.BUSY


def test_only_a_pass_that_looked_at_the_folders_is_a_scan() -> None:
    times = Watchmaker()
    pulse = Pulse(times)
    pulse.ended(Outcome.TROUBLED, 1.0)
    times.pass_by(60)
    for outcome in (Outcome.BUSY, Outcome.FAILED, Outcome.HALTED):
        pulse.ended(outcome, 1.0)
    assert pulse.vitals().last_scan == NOW


def test_failures_are_counted_from_the_first_until_it_does_well() -> None:
    times = Watchmaker()
    pulse = Pulse(times)
    pulse.failed("pass", "the disk is full")
    times.pass_by(60)
    pulse.failed("pass", "the disk is still full")
    failing = Failing(since=NOW, count=2, error="the disk is still full")
    assert pulse.vitals().failing == {"pass": failing}
    pulse.succeeded("pass")
    assert pulse.vitals().failing == {}
    assert pulse.vitals().failures == {"pass": 2}


def test_what_was_read_does_not_change_any_more() -> None:
    pulse = Pulse(Watchmaker())
    before = pulse.vitals()
    pulse.ticked()
    pulse.jumped()
    pulse.failed("pass", "no")
    assert (before.last_tick, before.clock_jumps, before.failing) == (None, 0, {})
    assert (pulse.vitals().last_tick, pulse.vitals().clock_jumps) == (NOW, 1)


def test_a_pass_is_under_way_until_it_has_ended() -> None:
    times = Watchmaker()
    pulse = Pulse(times)
    assert pulse.vitals().under_way is None
    pulse.began()
    assert pulse.vitals().under_way == NOW
    pulse.ended(Outcome.WELL, 0.0)
    assert pulse.vitals().under_way is None
    times.pass_by(1)
    pulse.began()
    assert pulse.vitals().under_way == NOW + timedelta(seconds=1)


def test_how_long_passes_and_scans_took_is_counted() -> None:
    pulse = Pulse(Watchmaker())
    for seconds in (0.2, 3.0):
        pulse.ended(Outcome.WELL, seconds)
    pulse.scanned(0.1)
    vitals = pulse.vitals()
    assert dict(vitals.pass_durations.cumulated())["1"] == 1
    assert vitals.pass_durations.total_seconds == 3.2
    assert vitals.scan_durations.total_seconds == 0.1
