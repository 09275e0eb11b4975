"""When an issue is due: calendars and clocks on the wall, by zoneinfo alone.

Shares no line with Pressroom. A **rhythm** is a schedule as its owner means it; a
boundary is the moment at which a clock on a wall of the newsletter's zone shows its
time on one of its days.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo

DAY = timedelta(days=1)
MORNING = time(9)
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday")


@dataclass(frozen=True)
class Rhythm:
    """Issues at `at` on `days`: weekdays (1 is Monday), or days of the month.

    `kind` is instant, daily, weekly, monthly, or cron, which is weekly in other words.
    """

    kind: str
    at: time = MORNING
    days: tuple[int, ...] = ()

    @property
    def text(self) -> str:
        """Return the schedule as config.yaml has it."""
        days = ",".join(map(str, self.days))
        if self.kind == "weekly":
            days = ", ".join(WEEKDAYS[day - 1] for day in self.days)
        texts = {
            "instant": "instant",
            "daily": f"daily {self.at:%H:%M}",
            "weekly": f"every {days} {self.at:%H:%M}",
            "monthly": f"monthly {days} {self.at:%H:%M}",
            "cron": f"{self.at.minute} {self.at.hour} * * {days}",
        }
        return texts[self.kind]

    def chosen(self, cadence: str) -> Rhythm:
        """Return what a reader gets who chose `cadence` of a newsletter of this one.

        At its time of day, on its first day if it has such days, else on a Monday or
        the 1st.
        """
        if cadence == "own":
            return self
        at = MORNING if self.kind == "instant" else self.at
        return Rhythm(cadence, at, self.days[:1] if self.kind == cadence else (1,))

    def falls_on(self, day: date) -> bool:
        """Tell whether it has a boundary that day; the 31st is a month's last day."""
        if self.kind in ("weekly", "cron"):
            return day.isoweekday() in self.days
        if self.kind == "monthly":
            last = monthrange(day.year, day.month)[1]
            return day.day in {min(wanted, last) for wanted in self.days}
        return True

    def newest(self, zone: str, now: datetime) -> datetime:
        """Return the last boundary up to now; an instant rhythm always has one."""
        if self.kind == "instant":
            return now
        return next(t for t in self._boundaries(zone, now, -1) if t <= now)

    def period(self, zone: str, now: datetime) -> timedelta:
        """Return how long the time between the boundaries around `now` is."""
        if self.kind == "instant":
            return timedelta()
        coming = next(t for t in self._boundaries(zone, now, 1) if t > now)
        return coming - self.newest(zone, now)

    def _boundaries(self, zone: str, now: datetime, step: int) -> Iterator[datetime]:
        day = now.astimezone(ZoneInfo(zone)).date() - step * DAY
        while True:
            if self.falls_on(day):
                yield moment(zone, day, self.at)
            day += step * DAY


@cache
def moment(zone: str, day: date, at: time) -> datetime:
    """Return when clocks in `zone` show `at` on `day`, in UTC.

    The first time, where they show it twice; where they jump over it, the time at which
    a clock shows it that nobody has put forward.
    """
    wall = datetime.combine(day, at)
    here = wall.replace(tzinfo=UTC)
    offsets = [
        (here + aside).astimezone(ZoneInfo(zone)).utcoffset() or timedelta()
        for aside in (-DAY, DAY)
    ]
    moments = [here - offset for offset in offsets]
    shown = [t for t in moments if reads(zone, t) == wall]
    return min(shown, default=moments[0])


def reads(zone: str, now: datetime) -> datetime:
    """Return what a clock in `zone` shows."""
    return now.astimezone(ZoneInfo(zone)).replace(tzinfo=None)
