"""Times in lists: every form that programs write, and none that is not one."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest

from pipeline.subscribers.times import Clockface, read_time

MORNING = datetime(2026, 1, 20, 9, 5, 7, tzinfo=UTC)
DAY = datetime(2026, 1, 20, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "time"),
    [
        ("2026-01-20T09:05:07Z", MORNING),
        ("2026-01-20T09:05:07.000Z", MORNING),
        ("2026-01-20 09:05:07", MORNING),
        ("2026-01-20", DAY),
        ("2026-01-20T10:05:07+01:00", MORNING),
        ("2026-01-20 10:05:07 +0100 CET", MORNING),
        ("2026-01-20 09:05:07.5 +0000 UTC", MORNING + timedelta(milliseconds=500)),
        ("2026-01-20 09:05:07.123456789 +0000 UTC", None),
        ("2026-01-20 09:05:07 UTC", MORNING),
        ("1/20/2026 9:05:07", MORNING),
        ("20/1/2026 09:05:07", MORNING),
        ("1/20/2026, 9:05:07 AM", MORNING),
        ("1/20/2026 9:05:07 pm", MORNING + timedelta(hours=12)),
        ("1/20/2026 12:00 AM", DAY),
        ("20.1.2026", DAY),
        ("20. 1. 2026", DAY),
        ("Jan 20, 2026", DAY),
        ("January 20th, 2026 09:05:07", MORNING),
        ("2026年1月20日", DAY),
        ("2026/1/20 9:05:07", MORNING),
    ],
)
def test_a_time_is_read_in_the_form_it_has(text: str, time: datetime | None) -> None:
    if time is None:
        time = MORNING.replace(microsecond=123456)
    assert read_time(text) == time


@pytest.mark.parametrize(
    "text",
    [
        *("", "yesterday", "0000-00-00 00:00:00", "32.1.2026", "13/13/2026", "1/2/26"),
        *("Foo 20, 2026", "2026年13月1日", "soon UTC", "2026-01-20 25:00:00 UTC"),
    ],
)
def test_what_is_no_time_is_none(text: str) -> None:
    assert read_time(text) is None


def test_a_time_that_names_no_zone_is_of_the_one_that_is_asked_for() -> None:
    face = Clockface(ZoneInfo("Asia/Shanghai"))
    there = timezone(timedelta(hours=8))
    assert read_time("2026-01-20 09:05", face) == datetime(
        2026, 1, 20, 9, 5, tzinfo=there
    )
    assert read_time("2026-01-20T09:05:07Z", face) == MORNING


def test_the_order_of_day_and_month_is_the_owners_to_say() -> None:
    def read(text: str, *, day_first: bool) -> datetime | None:
        return read_time(text, Clockface(day_first=day_first))

    april, march = datetime(2026, 4, 3, tzinfo=UTC), datetime(2026, 3, 4, tzinfo=UTC)
    assert read("3/4/2026", day_first=False) == march
    assert read("3/4/2026", day_first=True) == april
    assert read("1/20/2026", day_first=True) == DAY
