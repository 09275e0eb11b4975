"""What passes find and do, told as events: what is wrong once, then when mended."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TypeVar

from pipeline.base.errors import PressroomError
from pipeline.base.faults import Fault
from pipeline.runs.events import Events
from pipeline.runs.report import Report
from pipeline.store.holds import Hold

T = TypeVar("T")


class Tidings:
    """Tells what is new in a report since the last."""

    def __init__(self, events: Events) -> None:
        self._events = events
        self._faults: dict[str, Fault] = {}
        self._errors: dict[str, PressroomError] = {}
        self._notes: dict[str, str] = {}
        self._holds: dict[str, Hold] = {}

    def tell(self, report: Report, seconds: float) -> None:
        """Tell what a pass did, in that many seconds, and what it found.

        One that did and found nothing new is not told.
        """
        events = self._events
        faults = {str(fault): fault for fault in report.faults}
        errors = {str(error): error for error in report.errors}
        notes = {note: note for note in report.notes}
        holds = {str(hold.id): hold for hold in report.holds}
        news = [
            _tell_news(self._faults, faults, events.fault_found, events.fault_mended),
            _tell_news(self._errors, errors, events.error_found, events.error_mended),
            _tell_news(self._notes, notes, events.noted, _pass_over),
            _tell_news(self._holds, holds, events.hold_placed, events.hold_lifted),
        ]
        self._faults, self._errors, self._notes = faults, errors, notes
        self._holds = holds
        if any(news) or report.changed():
            events.pass_done(report, seconds)


def _tell_news(
    before: Mapping[str, T],
    now: Mapping[str, T],
    found: Callable[[T], None],
    mended: Callable[[T], None],
) -> bool:
    """Tell what was not there before, and what was and is no more; False for none."""
    for text, each in now.items():
        if text not in before:
            found(each)
    for text, each in before.items():
        if text not in now:
            mended(each)
    return before.keys() != now.keys()


def _pass_over(_: str) -> None:
    """A note that is not repeated says nothing."""
