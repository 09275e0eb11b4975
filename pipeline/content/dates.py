"""Dates as owners write them: ISO 8601 and its neighbours, English, Chinese."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from unicodedata import normalize
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

REMEDY = "write it as 2024-05-01 09:30 or 2024-05-01T09:30:00+08:00"

_MONTHS: tuple[str, ...] = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug")
_MONTHS += ("sep", "oct", "nov", "dec")
_MONTH = rf"(?P<month>(?:{'|'.join(_MONTHS)})[a-z]*)\.?"
_WEEKDAY = r"(?:(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*,?\s+)?"
_DAYS = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        r"(?P<year>\d{4})\s*[-/.年]\s*(?P<month>\d{1,2})\s*[-/.月]\s*(?P<day>\d{1,2})"
        r"(?!\d)(?:\s*日)?(?:\s*(?:星期|周)[一二三四五六日天])?",
        r"(?P<year>\d{4})(?P<month>\d{2})(?P<day>\d{2})(?!\d)",
        rf"{_WEEKDAY}(?P<day>\d{{1,2}})\s+{_MONTH},?\s+(?P<year>\d{{4}})",
        rf"{_WEEKDAY}{_MONTH}\s+(?P<day>\d{{1,2}})(?:st|nd|rd|th)?,?\s+(?P<year>\d{{4}})",
    )
)
_TIME = re.compile(
    r"""(?:(?:[T,\s]\s*|(?=[上下]))(?P<half>上午|下午)?\s*
        (?P<hour>\d{1,2})[:时点](?P<minute>\d{1,2})?
        (?:[:分](?:(?P<second>\d{1,2})(?:[.,](?P<fraction>\d+))?秒?)?)?
        \s*(?P<meridiem>[ap]\.?m\.?)?)?
    \s*(?P<zone>Z|(?:UTC|GMT)?[+-]\d{1,2}(?::?\d{2})?|[A-Za-z][\w/+-]*)?""",
    re.VERBOSE | re.IGNORECASE,
)
_OFFSET = re.compile(r"(?:UTC|GMT)?(?P<sign>[+-])(?P<hours>\d\d?):?(?P<minutes>\d\d)?")
_SECONDS_SINCE_1970 = re.compile(r"\d{10}")


def read_date(text: str, zone: tzinfo) -> datetime:
    """Return the time that `text` says, aware; in `zone` where it names none.

    Of a time that daylight saving gives twice the first is meant. Raises ValueError
    with what is wrong.
    """
    plain = normalize("NFKC", text).strip(" []\t\n")
    if _SECONDS_SINCE_1970.fullmatch(plain):
        return datetime.fromtimestamp(int(plain), UTC)
    day = next(filter(None, (pattern.match(plain) for pattern in _DAYS)), None)
    time = _TIME.fullmatch(plain, day.end()) if day else None
    if day is None or time is None:
        raise ValueError(f"{text!r} is no date that can be read")
    named = _zone(time["zone"], zone)
    try:
        read = datetime(*_year_month_day(day), *_clock(time), tzinfo=named)
    except ValueError as error:
        raise ValueError(f"there is no such time as {text!r}: {error}") from error
    # 9999-12-31 means never; in another zone there would be no such year.
    return read.replace(year=min(max(read.year, 2), 9998))


def is_zero(text: str) -> bool:
    """Tell whether `text` is how Go, and so Hugo, writes that there is no date."""
    return text.startswith("0001-01-01")


def _year_month_day(day: re.Match[str]) -> tuple[int, int, int]:
    month = day["month"][:3].lower()
    number = _MONTHS.index(month) + 1 if month in _MONTHS else int(month)
    return int(day["year"]), number, int(day["day"])


def _clock(time: re.Match[str]) -> tuple[int, int, int, int]:
    hour = int(time["hour"] or 0)
    half = time["half"] or (time["meridiem"] or "").lower()[:1]
    if half in ("下午", "p") and hour < 12:
        hour += 12
    elif half in ("上午", "a") and hour == 12:
        hour = 0
    micros = int((time["fraction"] or "0").ljust(6, "0")[:6])
    return hour, int(time["minute"] or 0), int(time["second"] or 0), micros


def _zone(name: str | None, otherwise: tzinfo) -> tzinfo:
    """Return the zone called `name`: an offset, UTC, or a place such as Asia/Tokyo."""
    if not name:
        return otherwise
    if name.upper() in ("Z", "UTC", "GMT"):
        return UTC
    if offset := _OFFSET.fullmatch(name.upper()):
        hours, minutes = int(offset["hours"]), int(offset["minutes"] or 0)
        size = timedelta(hours=hours, minutes=minutes)
        return timezone(-size if offset["sign"] == "-" else size)
    # CST alone is the time of Chicago, Havana and Shanghai.
    if "/" not in name:
        raise ValueError(f"the time zone {name!r} could be several; write +08:00")
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise ValueError(f"there is no time zone {name!r}") from error
