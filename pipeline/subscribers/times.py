"""Times as programs and people write them in lists of subscribers. Knows no columns."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo

_MONTHS = (
    *("jan", "feb", "mar", "apr", "may", "jun"),
    *("jul", "aug", "sep", "oct", "nov", "dec"),
)
_CLOCK = (
    r"(?:[T ,]+(?P<hour>\d{1,2}):(?P<minute>\d\d)(?::(?P<second>\d\d)(?:\.\d+)?)?"
    r"(?: ?(?P<half>[AaPp])\.?[Mm]\.?)?)?"
)
_SLASHED = re.compile(r"(?P<one>\d{1,2})/(?P<two>\d{1,2})/(?P<year>\d{4})" + _CLOCK)
_DOTTED = re.compile(
    r"(?P<day>\d{1,2})\. ?(?P<month>\d{1,2})\. ?(?P<year>\d{4})" + _CLOCK
)
_CHINESE = re.compile(
    r"(?P<year>\d{4})[年/](?P<month>\d{1,2})[月/](?P<day>\d{1,2})日?" + _CLOCK
)
_NAMED = re.compile(
    r"(?P<name>[A-Za-z]{3})[a-z]*\.? (?P<day>\d{1,2})(?:st|nd|rd|th)?,? "
    r"(?P<year>\d{4})" + _CLOCK
)
# Go prints `2024-01-02 03:04:05.123456 +0000 UTC`, Ruby `2024-01-02 03:04:05 UTC`.
_ZONED = re.compile(
    r"(?P<time>.+?\d) ?(?P<zone>UTC|GMT|[+-]\d\d:?\d\d)(?: [A-Z]{3,5})?"
)
_FRACTION = re.compile(r"\.(\d{1,6})\d*")


@dataclass(frozen=True, slots=True)
class Clockface:
    """How a file's times are meant: their zone where they name none.

    `3/4/2024` is March 4th, as in the United States, but with `day_first` April 3rd.
    """

    zone: tzinfo = UTC
    day_first: bool = False


IN_UTC = Clockface()


def read_time(text: str, face: Clockface = IN_UTC) -> datetime | None:
    """Return the time that `text` is, with a zone; None for what is no time.

    Understood is ISO 8601, what Go and Ruby print, `1/20/2026`, `20.1.2026`,
    `Jan 20, 2026` and `2026年1月20日`, each with a time of day or without.
    """
    if not text:
        return None
    time = _read_iso(text) or _read_zoned(text) or _read_worded(text, face)
    if time is None or time.tzinfo:
        return time
    return time.replace(tzinfo=face.zone)


def _read_iso(text: str) -> datetime | None:
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return None


def _read_zoned(text: str) -> datetime | None:
    found = _ZONED.fullmatch(text)
    if not found:
        return None
    zone = found["zone"] if found["zone"][0] in "+-" else "+00:00"
    time = _FRACTION.sub(lambda match: f".{match[1]:0<6}", found["time"].strip())
    return _read_iso(time + zone)


def _read_worded(text: str, face: Clockface) -> datetime | None:
    for form in (_SLASHED, _DOTTED, _CHINESE, _NAMED):
        found = form.fullmatch(text)
        if found:
            try:
                return _assemble(found.groupdict(), face)
            except ValueError:
                return None
    return None


def _assemble(parts: dict[str, str | None], face: Clockface) -> datetime:
    """Return the time of a form's parts; raises ValueError where there is none."""
    if "one" in parts:
        day, month = _order(int(parts["one"] or 0), int(parts["two"] or 0), face)
    elif "name" in parts:
        month = _MONTHS.index((parts["name"] or "").lower()) + 1
        day = int(parts["day"] or 0)
    else:
        day, month = int(parts["day"] or 0), int(parts["month"] or 0)
    hour = int(parts["hour"] or 0)
    if parts["half"]:
        hour = hour % 12 + 12 * (parts["half"] in "Pp")
    return datetime(  # noqa: DTZ001 - the caller knows the zone
        int(parts["year"] or 0),
        month,
        day,
        hour,
        int(parts["minute"] or 0),
        int(parts["second"] or 0),
    )


def _order(one: int, two: int, face: Clockface) -> tuple[int, int]:
    """Return day and month of two numbers apart by a slash."""
    return (one, two) if one > 12 or (face.day_first and two <= 12) else (two, one)
