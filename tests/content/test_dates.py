"""Dates in every way that owners write them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.content.dates import is_zero, read_date

SHANGHAI = ZoneInfo("Asia/Shanghai")


def iso(text: str) -> str:
    return read_date(text, SHANGHAI).isoformat()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2024-01-02", "2024-01-02T00:00:00+08:00"),
        ("2024-1-2", "2024-01-02T00:00:00+08:00"),
        ("2013/7/13", "2013-07-13T00:00:00+08:00"),
        ("2013/7/13 9:05", "2013-07-13T09:05:00+08:00"),
        ("2024.1.2", "2024-01-02T00:00:00+08:00"),
        ("20240102", "2024-01-02T00:00:00+08:00"),
        (" 2014-02-07 10:14 ", "2014-02-07T10:14:00+08:00"),
        ("2024-01-02T10:00", "2024-01-02T10:00:00+08:00"),
        ("2024-01-02t10:00:30z", "2024-01-02T10:00:30+00:00"),
        ("2024-01-02T10:00:00.123456789Z", "2024-01-02T10:00:00.123456+00:00"),
        ("2024-01-02T10:00:00,5Z", "2024-01-02T10:00:00.500000+00:00"),
        ("2024-01-02 10:00:00 +0800", "2024-01-02T10:00:00+08:00"),
        ("2024-01-02 10:00:00 -05:30", "2024-01-02T10:00:00-05:30"),
        ("2024-01-02 10:00:00+08", "2024-01-02T10:00:00+08:00"),
        ("2024-01-02 10:00 UTC", "2024-01-02T10:00:00+00:00"),
        ("2024-01-02 10:00 GMT+8", "2024-01-02T10:00:00+08:00"),
        ("2024-01-02 10:00 Europe/Berlin", "2024-01-02T10:00:00+01:00"),
        ("2024-01-02, 10:00", "2024-01-02T10:00:00+08:00"),
        ("[[2024-01-02]]", "2024-01-02T00:00:00+08:00"),
        ("2024年1月2日", "2024-01-02T00:00:00+08:00"),
        ("2024 年 1 月 2 日", "2024-01-02T00:00:00+08:00"),
        ("2024年1月2日 星期二 10:30", "2024-01-02T10:30:00+08:00"),
        ("2024年1月2日 下午3点", "2024-01-02T15:00:00+08:00"),
        ("2024年1月2日上午12:30", "2024-01-02T00:30:00+08:00"),
        ("2024年1月2日 3时4分5秒", "2024-01-02T03:04:05+08:00"),
        ("２０２４－０１－０２　１０：３０", "2024-01-02T10:30:00+08:00"),
        ("Tue, 02 Jan 2024 10:00:00 +0000", "2024-01-02T10:00:00+00:00"),
        ("2 January 2024", "2024-01-02T00:00:00+08:00"),
        ("January 2nd, 2024 3:04 pm", "2024-01-02T15:04:00+08:00"),
        ("Sept. 3, 2024 12:04 a.m.", "2024-09-03T00:04:00+08:00"),
        ("Tuesday, Jan 2 2024", "2024-01-02T00:00:00+08:00"),
        ("1704160800", "2024-01-02T02:00:00+00:00"),
    ],
)
def test_a_date_is_read(text: str, expected: str) -> None:
    assert iso(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "",
        "yesterday",
        "{{ date }}",
        "2024",
        "2024-01",
        "2024-01-021",
        "2024-01-02 noonish",
        "2024-01-02 10:00 extra words",
        "Nov 2024",
    ],
)
def test_what_is_no_date_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"no date that can be read|could be several"):
        iso(text)


@pytest.mark.parametrize(
    "text", ["2024-02-30", "2024-13-01", "2024-01-02 25:00", "2024-01-02 10:61"]
)
def test_a_day_or_hour_that_there_is_not_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=f"there is no such time as '{text}'"):
        iso(text)


def test_an_offset_of_days_is_refused() -> None:
    with pytest.raises(ValueError, match=r"offset|timedelta"):
        iso("2024-01-02 10:00 +99:00")


def test_a_zone_that_could_be_several_is_refused() -> None:
    with pytest.raises(ValueError, match="'CST' could be several; write "):
        iso("2024-01-02 10:00 CST")


@pytest.mark.parametrize("name", ["Asia/Nowhere", "Asia/"])
def test_a_zone_that_there_is_not_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match="there is no time zone"):
        iso(f"2024-01-02 10:00 {name}")


def test_of_a_time_that_comes_twice_the_first_is_meant() -> None:
    berlin = ZoneInfo("Europe/Berlin")
    assert read_date("2024-10-27 02:30", berlin).utcoffset() == timedelta(hours=2)


@pytest.mark.parametrize(
    ("text", "zero"),
    [("0001-01-01T00:00:00Z", True), ("0001-01-01", True), ("2001-01-01", False)],
)
def test_go_writes_no_date_as_the_year_one(text: str, zero: bool) -> None:
    assert is_zero(text) is zero


@settings(max_examples=60, deadline=None)
@given(
    st.datetimes(
        min_value=datetime(1900, 1, 1),  # noqa: DTZ001
        timezones=st.integers(-14, 14).map(lambda h: timezone(timedelta(hours=h))),
    )
)
def test_any_iso_time_comes_back(time: datetime) -> None:
    assert read_date(time.isoformat(), UTC) == time
    assert read_date(time.isoformat(" "), SHANGHAI) == time
