"""Which instants a cadence names, and which of them is due."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise, takewhile
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.schedule.cadence import (
    Cadence,
    Kind,
    boundary_before,
    clamp,
    due,
    next_boundary,
    parse_schedule,
)

SHANGHAI = ZoneInfo("Asia/Shanghai")
NEW_YORK = ZoneInfo("America/New_York")
BERLIN = ZoneInfo("Europe/Berlin")
APIA = ZoneInfo("Pacific/Apia")

# Zones whose clocks jump at midnight, by half an hour, by three hours, over a date.
ZONES = [
    SHANGHAI,
    NEW_YORK,
    BERLIN,
    APIA,
    ZoneInfo("Australia/Lord_Howe"),
    ZoneInfo("America/Sao_Paulo"),
    ZoneInfo("Africa/Cairo"),
    ZoneInfo("Africa/Casablanca"),
    ZoneInfo("Asia/Tehran"),
    ZoneInfo("America/Scoresbysund"),
    ZoneInfo("Antarctica/Troll"),
    ZoneInfo("Antarctica/Casey"),
]

MONDAYS = parse_schedule("every monday 09:00")
SECOND = timedelta(seconds=1)


def local(zone: ZoneInfo, text: str, fold: int = 0) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=zone, fold=fold).astimezone(UTC)


def boundaries(
    cadence: Cadence, zone: ZoneInfo, since: datetime, until: datetime
) -> Iterator[datetime]:
    """Yield the boundaries after `since` up to `until`, oldest first."""
    boundary = next_boundary(cadence, zone, since)
    while boundary <= until:
        yield boundary
        boundary = next_boundary(cadence, zone, boundary)


def test_the_newest_boundary_may_be_now_itself() -> None:
    now = local(SHANGHAI, "2026-03-02 09:00")
    assert boundary_before(MONDAYS, SHANGHAI, now) == now
    week = timedelta(days=7)
    assert boundary_before(MONDAYS, SHANGHAI, now - SECOND) == now - week
    assert next_boundary(MONDAYS, SHANGHAI, now) == now + week


def test_boundaries_are_in_utc() -> None:
    now = local(SHANGHAI, "2026-03-02 09:00")
    for cadence in (MONDAYS, parse_schedule("0 9 * * MON"), parse_schedule("instant")):
        assert boundary_before(cadence, SHANGHAI, now).tzinfo is UTC
        assert next_boundary(cadence, SHANGHAI, now).tzinfo is UTC


def test_a_weekly_issue_keeps_its_local_hour_when_summer_time_begins() -> None:
    found = boundaries(
        MONDAYS, NEW_YORK, local(NEW_YORK, "2026-03-01"), local(NEW_YORK, "2026-03-15")
    )
    assert [b.isoformat() for b in found] == [
        "2026-03-02T14:00:00+00:00",
        "2026-03-09T13:00:00+00:00",
    ]


def test_several_weekdays_are_as_many_boundaries_a_week() -> None:
    cadence = parse_schedule("every monday, thursday 09:00")
    found = boundaries(
        cadence, SHANGHAI, local(SHANGHAI, "2026-03-02"), local(SHANGHAI, "2026-03-10")
    )
    assert [b.astimezone(SHANGHAI).day for b in found] == [2, 5, 9]


@pytest.mark.parametrize(
    ("schedule", "days"),
    [
        ("monthly 31 09:00", [31, 28, 31, 30, 31, 30]),
        ("monthly 29 09:00", [29, 28, 29, 29, 29, 29]),
        ("monthly 1 09:00", [1, 1, 1, 1, 1, 1]),
        ("monthly 15, 31 09:00", [15, 31, 15, 28, 15, 31, 15, 30]),
    ],
)
def test_a_day_that_a_month_lacks_means_its_last(
    schedule: str, days: list[int]
) -> None:
    found = boundaries(
        parse_schedule(schedule),
        SHANGHAI,
        local(SHANGHAI, "2025-12-31 23:00"),
        local(SHANGHAI, "2027-01-01"),
    )
    assert [b.astimezone(SHANGHAI).day for b in found][: len(days)] == days


def test_the_29th_of_february_counts_in_a_leap_year() -> None:
    cadence = parse_schedule("monthly 30 09:00")
    now = local(SHANGHAI, "2028-03-01")
    assert boundary_before(cadence, SHANGHAI, now) == local(
        SHANGHAI, "2028-02-29 09:00"
    )


@pytest.mark.parametrize(
    ("schedule", "landed"),
    [("daily 02:30", "03:30"), ("30 2 * * *", "03:00")],
)
def test_a_time_that_the_clock_jumps_over_lands_after_the_jump(
    schedule: str, landed: str
) -> None:
    cadence = parse_schedule(schedule)
    day_after = local(NEW_YORK, "2026-03-09 00:00")
    found = boundary_before(cadence, NEW_YORK, day_after)
    assert found == local(NEW_YORK, f"2026-03-08 {landed}")


@pytest.mark.parametrize("schedule", ["daily 01:30", "30 1 * * *"])
def test_a_time_that_comes_twice_counts_the_first_time(schedule: str) -> None:
    cadence = parse_schedule(schedule)
    first = local(NEW_YORK, "2026-11-01 01:30")
    for text in ("01:10", "01:30", "01:50"):
        again = local(NEW_YORK, f"2026-11-01 {text}", fold=1)
        assert boundary_before(cadence, NEW_YORK, again) == first
        assert next_boundary(cadence, NEW_YORK, again) == local(
            NEW_YORK, "2026-11-02 01:30"
        )


def test_an_hourly_cron_expression_fires_in_both_of_two_equal_hours() -> None:
    cadence = parse_schedule("0 * * * *")
    first = local(NEW_YORK, "2026-11-01 01:00").astimezone(UTC)
    assert next_boundary(cadence, NEW_YORK, first) == first + timedelta(hours=1)


def test_a_date_that_a_zone_skips_shares_the_boundary_of_the_next() -> None:
    cadence = parse_schedule("daily 09:00")
    found = boundaries(
        cadence, APIA, local(APIA, "2011-12-29 00:00"), local(APIA, "2012-01-01 00:00")
    )
    assert [b.astimezone(APIA).day for b in found] == [29, 31]


def test_one_issue_is_due_after_however_many_missed_weeks() -> None:
    last = local(SHANGHAI, "2026-02-02 09:00")
    now = local(SHANGHAI, "2026-03-20 12:00")
    boundary = due(MONDAYS, SHANGHAI, now, last)
    assert boundary == local(SHANGHAI, "2026-03-16 09:00")
    assert due(MONDAYS, SHANGHAI, now, boundary) is None


def test_nothing_is_due_before_the_first_boundary() -> None:
    began = local(SHANGHAI, "2026-03-03 10:00")
    assert due(MONDAYS, SHANGHAI, local(SHANGHAI, "2026-03-08 23:59"), began) is None


def test_an_instant_newsletter_is_due_whenever_it_is_asked() -> None:
    cadence = parse_schedule("instant")
    now = local(SHANGHAI, "2026-03-03 10:00")
    for last in (now - SECOND, now, now + SECOND):
        assert due(cadence, SHANGHAI, now, last) == now
    assert next_boundary(cadence, SHANGHAI, now) == now


@pytest.mark.parametrize("ahead", [timedelta(minutes=5), timedelta(days=7)])
def test_a_boundary_at_most_a_period_ahead_is_kept(ahead: timedelta) -> None:
    now = local(SHANGHAI, "2026-03-02 08:55")
    assert clamp(now + ahead, MONDAYS, SHANGHAI, now) == now + ahead


def test_a_boundary_more_than_a_period_ahead_falls_back_to_the_newest() -> None:
    now = local(SHANGHAI, "2026-03-04 12:00")
    newest = local(SHANGHAI, "2026-03-02 09:00")
    ahead = now + timedelta(days=7, seconds=1)
    assert clamp(ahead, MONDAYS, SHANGHAI, now) == newest
    assert clamp(newest, MONDAYS, SHANGHAI, now) == newest


def test_an_instant_newsletter_never_waits_for_a_clock_that_ran_ahead() -> None:
    now = local(SHANGHAI, "2026-03-04 12:00")
    cadence = parse_schedule("instant")
    assert clamp(now + SECOND, cadence, SHANGHAI, now) == now
    assert clamp(now - SECOND, cadence, SHANGHAI, now) == now - SECOND


ZONE = st.sampled_from(ZONES)
AT = st.builds(
    time,
    st.sampled_from([0, 1, 2, 3, 9, 23]),
    st.sampled_from([0, 30, 59]),
)
CALENDAR = (
    st.builds(Cadence, kind=st.just(Kind.DAILY), at=AT)
    | st.builds(
        Cadence,
        kind=st.just(Kind.WEEKLY),
        at=AT,
        days=st.frozensets(st.integers(1, 7), min_size=1),
    )
    | st.builds(
        Cadence,
        kind=st.just(Kind.MONTHLY),
        at=AT,
        days=st.frozensets(st.sampled_from([1, 15, 28, 29, 30, 31]), min_size=1),
    )
)
CRON = st.sampled_from(
    [
        "30 2 * * *",
        "15,45 0-3 * * *",
        "0 0 * * MON",
        "59 23 L * *",
        "*/20 * * * *",
        "0 */6 * * *",
        "0 9 29-31 * FRI",
    ]
).map(parse_schedule)
CADENCE = CALENDAR | CRON
START = st.integers(0, 16 * 366 * 24 * 60).map(
    lambda minutes: datetime(2011, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
)


@given(CADENCE, ZONE, START)
@settings(max_examples=150)
def test_the_boundaries_walked_forward_are_those_looked_back_at(
    cadence: Cadence, zone: ZoneInfo, start: datetime
) -> None:
    boundary = next_boundary(cadence, zone, start)
    assert boundary_before(cadence, zone, start) <= start < boundary
    assert boundary_before(cadence, zone, boundary) == boundary
    assert boundary_before(cadence, zone, boundary - SECOND) <= start


# Minutes between looks at the clock: mostly hours, at times weeks of downtime or a
# clock that is set back.
TICKS = st.lists(
    st.integers(1, 600) | st.integers(1_440, 43_200) | st.integers(-300, -1),
    max_size=60,
)


@given(CADENCE, ZONE, START, TICKS)
@settings(max_examples=60, deadline=None)
def test_no_period_is_issued_twice_and_the_newest_is_never_missed(
    cadence: Cadence, zone: ZoneInfo, start: datetime, ticks: list[int]
) -> None:
    now, last, issued = start, start, list[datetime]()
    for minutes in ticks:
        now += timedelta(minutes=minutes)
        boundary = due(cadence, zone, now, last)
        if boundary is not None:
            assert boundary <= now
            issued.append(boundary)
            last = boundary
        assert boundary_before(cadence, zone, now) <= last
    assert all(earlier < later for earlier, later in pairwise(issued))


@pytest.mark.parametrize("zone", ZONES, ids=str)
@pytest.mark.parametrize("at", [time(0, 0), time(2, 30), time(9, 0)], ids=str)
def test_every_local_date_has_exactly_one_daily_boundary(
    zone: ZoneInfo, at: time
) -> None:
    cadence = Cadence(kind=Kind.DAILY, at=at)
    since, until = datetime(2011, 1, 1, tzinfo=UTC), datetime(2027, 12, 31, tzinfo=UTC)
    dates = [b.astimezone(zone).date() for b in boundaries(cadence, zone, since, until)]
    existing = takewhile(
        lambda day: day <= dates[-1],
        (dates[0] + timedelta(days=n) for n in range(len(dates) + 2)),
    )
    skipped = {date(2011, 12, 30)} if zone is APIA else set()
    assert dates == [day for day in existing if day not in skipped]
