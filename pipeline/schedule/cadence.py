"""A newsletter's cadence: how a schedule is written, and which instant is due.

Knows no store, no newsletter and no clock. A **boundary** is an instant at which a
period ends and an issue is due. Boundaries are worked out on local dates, then put on
the clock as PEP 495 does with fold=0: a time that comes twice counts the first time,
one that a jump of the clock leaves out lands after the jump. Every boundary returned
is in UTC.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from difflib import get_close_matches
from enum import StrEnum
from types import MappingProxyType
from unicodedata import normalize
from zoneinfo import ZoneInfo

from cronsim import CronSim, CronSimError

_DAY = timedelta(days=1)

# cronsim drops the zone of the time it starts from, so that it takes the second 01:30
# of an autumn night for the first: start well past it. The largest step back since
# 1970 is Vostok's of 1994, seven hours.
_CRON_MARGIN = timedelta(hours=8)


class Kind(StrEnum):
    """How a cadence names its instants."""

    INSTANT = "instant"
    DAILY = "daily"
    WEEKLY = "weekly"
    MONTHLY = "monthly"
    CRON = "cron"


@dataclass(frozen=True, slots=True, kw_only=True)
class Cadence:
    """What a schedule says.

    `at` is a local time. `days` are ISO weekdays (1 is Monday) of a weekly cadence,
    and days of the month of a monthly one. `expression` is cron's five fields.
    """

    kind: Kind
    at: time = time()
    days: frozenset[int] = frozenset()
    expression: str = ""

    def falls_on(self, day: date) -> bool:
        """Tell whether a daily, weekly or monthly cadence has a boundary that day.

        The 29th, 30th and 31st mean the last day of a month that is shorter.
        """
        if self.kind is Kind.WEEKLY:
            return day.isoweekday() in self.days
        if self.kind is Kind.MONTHLY:
            last = calendar.monthrange(day.year, day.month)[1]
            return day.day in self.days or (day.day == last < max(self.days))
        return True


def parse_schedule(text: str) -> Cadence:
    """Return the cadence that `text` names.

    Read are `every monday, thursday 09:00`, `daily 07:30`, `monthly 31 09:00`,
    `instant`, and the five fields of a cron expression; ValueError says in one
    sentence what is wrong with anything else, and how it is written.
    """
    words = normalize("NFKC", text).casefold().split()
    if not words:
        raise _misread("the schedule is empty", "every monday 09:00")
    opener, rest = words[0], words[1:]
    if opener in _READERS:
        return _READERS[opener](_plain_words(rest))
    if opener[0] in "*0123456789":
        return _read_cron(words)
    raise _misread(_unknown_opener(opener), "every monday 09:00")


def boundary_before(cadence: Cadence, zone: ZoneInfo, now: datetime) -> datetime:
    """Return the newest boundary that is not after `now`.

    An instant cadence has a boundary at every instant: the answer is `now`.
    """
    if cadence.kind is Kind.INSTANT:
        return now.astimezone(UTC)
    return next(b for b in _boundaries(cadence, zone, now, step=-1) if b <= now)


def next_boundary(cadence: Cadence, zone: ZoneInfo, now: datetime) -> datetime:
    """Return the oldest boundary after `now`; of an instant cadence, `now`."""
    if cadence.kind is Kind.INSTANT:
        return now.astimezone(UTC)
    return next(b for b in _boundaries(cadence, zone, now, step=1) if b > now)


def due(
    cadence: Cadence, zone: ZoneInfo, now: datetime, last_boundary: datetime
) -> datetime | None:
    """Return the boundary for which an issue is due at `now`, or None.

    `last_boundary` is that of the newest issue, or the time the newsletter began.
    However many periods were missed, one boundary comes back: the newest. An
    instant cadence is due whenever it is asked.
    """
    boundary = boundary_before(cadence, zone, now)
    if cadence.kind is Kind.INSTANT or boundary > last_boundary:
        return boundary
    return None


def clamp(
    last_boundary: datetime, cadence: Cadence, zone: ZoneInfo, now: datetime
) -> datetime:
    """Return `last_boundary`, or the newest boundary where it cannot be true.

    A clock that once ran far ahead leaves a boundary in the future, and nothing
    would be due until then. One that lies at most a period ahead is kept: were it
    drawn back at once, a clock set back by five minutes would open the period again.
    """
    newest = boundary_before(cadence, zone, now)
    period = next_boundary(cadence, zone, now) - newest
    return newest if last_boundary > now + period else last_boundary


def _boundaries(
    cadence: Cadence, zone: ZoneInfo, now: datetime, *, step: int
) -> Iterator[datetime]:
    """Yield boundaries from before or after `now` on, towards it and past it."""
    if cadence.kind is Kind.CRON:
        start = (now - step * _CRON_MARGIN).astimezone(zone)
        ticks = CronSim(cadence.expression, start, reverse=step < 0)
        return (tick.astimezone(UTC) for tick in ticks)
    return _local_boundaries(cadence, zone, now, step=step)


def _local_boundaries(
    cadence: Cadence, zone: ZoneInfo, now: datetime, *, step: int
) -> Iterator[datetime]:
    # One date further out: a jump of the clock at midnight carries a time into the
    # next date, or brings back a date that was over.
    day = now.astimezone(zone).date() - step * _DAY
    while True:
        if cadence.falls_on(day):
            local = datetime.combine(day, cadence.at, tzinfo=zone)
            yield local.astimezone(UTC)
        day += step * _DAY


_WEEKDAYS = (
    "monday",
    "tuesday",
    "wednesday",
    "thursday",
    "friday",
    "saturday",
    "sunday",
)
_LINKS = frozenset({"and", "at", "on"})


def _plain_words(words: Sequence[str]) -> list[str]:
    """Return the words that carry meaning: no commas, no `and`, no `at`."""
    split = re.split(r"[\s,、]+", " ".join(words))
    return [word for word in split if word and word not in _LINKS]


def _read_instant(words: Sequence[str]) -> Cadence:
    if words:
        raise _misread(f"{words[0]!r} has no place after 'instant'", "instant")
    return Cadence(kind=Kind.INSTANT)


def _read_daily(words: Sequence[str]) -> Cadence:
    rest, at = _split_time(words, "daily 07:30")
    if rest:
        raise _misread(f"{rest[0]!r} has no place in a daily schedule", "daily 07:30")
    return Cadence(kind=Kind.DAILY, at=at)


def _read_weekly(words: Sequence[str]) -> Cadence:
    if words[:1] == ["day"]:
        return _read_daily(words[1:])
    names, at = _split_time(words, "every monday 09:00")
    if not names:
        raise _misread("the schedule names no weekday", "every monday 09:00")
    return Cadence(kind=Kind.WEEKLY, at=at, days=frozenset(map(_weekday, names)))


def _read_monthly(words: Sequence[str]) -> Cadence:
    days, at = _split_time(words, "monthly 31 09:00")
    if not days:
        raise _misread("the schedule names no day of the month", "monthly 31 09:00")
    return Cadence(kind=Kind.MONTHLY, at=at, days=frozenset(map(_month_day, days)))


def _read_cron(fields: Sequence[str]) -> Cadence:
    example = "0 9 * * MON"
    if len(fields) != 5:
        count = len(fields)
        raise _misread(f"cron has five fields, not {count}", example)
    expression = " ".join(fields).upper()
    try:
        CronSim(expression, datetime(1970, 1, 1, tzinfo=UTC))
    except CronSimError as error:
        field = str(error).removeprefix("Bad ")
        what = f"the {field} field of the cron expression {expression!r} is wrong"
        raise _misread(what, example) from error
    return Cadence(kind=Kind.CRON, expression=expression)


_READERS: Mapping[str, Callable[[Sequence[str]], Cadence]] = MappingProxyType(
    {
        "instant": _read_instant,
        "daily": _read_daily,
        "every": _read_weekly,
        "weekly": _read_weekly,
        "monthly": _read_monthly,
    }
)


def _split_time(words: Sequence[str], example: str) -> tuple[Sequence[str], time]:
    """Return the words before the time of day, and the time."""
    if not words or ":" not in words[-1]:
        raise _misread("the schedule ends without a time of day", example)
    match = re.fullmatch(r"([01]?[0-9]|2[0-3]):([0-5][0-9])", words[-1])
    if not match:
        what = f"{words[-1]!r} is no time of day from 00:00 to 23:59"
        raise _misread(what, example)
    return words[:-1], time(int(match[1]), int(match[2]))


def _weekday(name: str) -> int:
    """Return the ISO number of a weekday, by its name or at least three letters."""
    for number, weekday in enumerate(_WEEKDAYS, start=1):
        if len(name) >= 3 and weekday.startswith(name):
            return number
    what = f"{name!r} is no weekday{_did_you_mean(name, _WEEKDAYS)}"
    raise _misread(what, "every monday 09:00")


def _month_day(word: str) -> int:
    if not re.fullmatch(r"0?[1-9]|[12][0-9]|3[01]", word):
        what = f"{word!r} is no day of the month from 1 to 31"
        raise _misread(what, "monthly 31 09:00")
    return int(word)


def _unknown_opener(word: str) -> str:
    if word in _WEEKDAYS:
        return f"before {word!r} the word 'every' is missing"
    guess = _did_you_mean(word, (*_WEEKDAYS, *_READERS))
    return f"a schedule cannot begin with {word!r}{guess}"


def _did_you_mean(word: str, choices: Sequence[str]) -> str:
    close = get_close_matches(word, choices, n=1)
    return f" (did you mean {close[0]!r}?)" if close else ""


def _misread(what: str, example: str) -> ValueError:
    return ValueError(f"{what}; write it like `{example}`")
