"""The cadences a reader may choose in place of a newsletter's own schedule.

They keep the newsletter's time of day; its weekday and day of the month too, where it
has one.
"""

from __future__ import annotations

import re
from datetime import time

from pipeline.schedule.cadence import Cadence, Kind

MORNING = time(9)
"""When the schedule names no time of day: `instant`, or `*/15 * * * *`."""

_MONDAY = 1
_FIRST = 1
_PLAIN_CRON = re.compile(r"([0-9]{1,2}) ([0-9]{1,2}) .*")


def chosen_cadence(own: Cadence, kind: Kind) -> Cadence:
    """Return the cadence of `kind` for a newsletter whose own schedule is `own`.

    Weekly is on Monday or the schedule's first weekday, monthly on the 1st or the
    schedule's first day of the month.
    """
    if kind in (Kind.INSTANT, Kind.CRON):
        return Cadence(kind=Kind.INSTANT)
    first = min(own.days, default=0) if own.kind is kind else 0
    days = {Kind.WEEKLY: {first or _MONDAY}, Kind.MONTHLY: {first or _FIRST}}
    return Cadence(kind=kind, at=_time_of_day(own), days=frozenset(days.get(kind, ())))


def _time_of_day(own: Cadence) -> time:
    if own.kind is Kind.INSTANT:
        return MORNING
    if own.kind is not Kind.CRON:
        return own.at
    plain = _PLAIN_CRON.fullmatch(own.expression)
    return time(int(plain[2]), int(plain[1])) if plain else MORNING
