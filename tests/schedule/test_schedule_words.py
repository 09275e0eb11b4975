"""How a schedule is written, and what its owner is told when it is not."""

from datetime import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.schedule.cadence import Cadence, Kind, parse_schedule

NINE = time(9, 0)


def weekly(*days: int, at: time = NINE) -> Cadence:
    return Cadence(kind=Kind.WEEKLY, at=at, days=frozenset(days))


def monthly(*days: int) -> Cadence:
    return Cadence(kind=Kind.MONTHLY, at=NINE, days=frozenset(days))


@pytest.mark.parametrize(
    ("text", "cadence"),
    [
        ("every monday 09:00", weekly(1)),
        ("every mon 9:00", weekly(1)),
        ("weekly Monday 09:00", weekly(1)),
        ("  Every SUNDAY  at 23:59 ", weekly(7, at=time(23, 59))),
        ("every monday, thursday 09:00", weekly(1, 4)),
        ("every mon,tues、wed and thurs 09:00", weekly(1, 2, 3, 4)),
        ("every ｍonday ０９：００", weekly(1)),
        ("every day 07:30", Cadence(kind=Kind.DAILY, at=time(7, 30))),
        ("daily 07:30", Cadence(kind=Kind.DAILY, at=time(7, 30))),
        ("daily at 0:00", Cadence(kind=Kind.DAILY, at=time(0, 0))),
        ("monthly 31 09:00", monthly(31)),
        ("monthly on 01 and 15 at 09:00", monthly(1, 15)),
        ("instant", Cadence(kind=Kind.INSTANT)),
        ("0 9 * * mon", Cadence(kind=Kind.CRON, expression="0 9 * * MON")),
        (
            "*/15  9-17 1,15 * *",
            Cadence(kind=Kind.CRON, expression="*/15 9-17 1,15 * *"),
        ),
    ],
)
def test_a_schedule_is_read(text: str, cadence: Cadence) -> None:
    assert parse_schedule(text) == cadence


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "the schedule is empty; write it like `every monday 09:00`"),
        (
            "every mondy 09:00",
            "'mondy' is no weekday (did you mean 'monday'?); "
            "write it like `every monday 09:00`",
        ),
        (
            "every 09:00",
            "the schedule names no weekday; write it like `every monday 09:00`",
        ),
        (
            "every xyz 09:00",
            "'xyz' is no weekday; write it like `every monday 09:00`",
        ),
        (
            "every mo 09:00",
            "'mo' is no weekday; write it like `every monday 09:00`",
        ),
        (
            "every monday",
            "the schedule ends without a time of day; "
            "write it like `every monday 09:00`",
        ),
        (
            "daily",
            "the schedule ends without a time of day; write it like `daily 07:30`",
        ),
        (
            "daily 24:00",
            "'24:00' is no time of day from 00:00 to 23:59; "
            "write it like `daily 07:30`",
        ),
        (
            "daily 07:30:00",
            "'07:30:00' is no time of day from 00:00 to 23:59; "
            "write it like `daily 07:30`",
        ),
        (
            "daily monday 07:30",
            "'monday' has no place in a daily schedule; write it like `daily 07:30`",
        ),
        (
            "monthly 32 09:00",
            "'32' is no day of the month from 1 to 31; "
            "write it like `monthly 31 09:00`",
        ),
        (
            "monthly 09:00",
            "the schedule names no day of the month; write it like `monthly 31 09:00`",
        ),
        (
            "instant 09:00",
            "'09:00' has no place after 'instant'; write it like `instant`",
        ),
        (
            "dialy 07:30",
            "a schedule cannot begin with 'dialy' (did you mean 'daily'?); "
            "write it like `every monday 09:00`",
        ),
        (
            "monday 09:00",
            "before 'monday' the word 'every' is missing; "
            "write it like `every monday 09:00`",
        ),
        (
            "0 0 9 * * MON",
            "cron has five fields, not 6; write it like `0 9 * * MON`",
        ),
        (
            "61 9 * * MON",
            "the minute field of the cron expression '61 9 * * MON' is wrong; "
            "write it like `0 9 * * MON`",
        ),
        (
            "0 9 30 2 *",
            "the day-of-month field of the cron expression '0 9 30 2 *' is wrong; "
            "write it like `0 9 * * MON`",
        ),
    ],
)
def test_a_wrong_schedule_is_told_with_what_is_wrong_and_an_example(
    text: str, told: str
) -> None:
    with pytest.raises(ValueError) as caught:  # noqa: PT011 the text is the assertion
        parse_schedule(text)
    assert str(caught.value) == told


WORDS = ["every", "daily", "weekly", "monthly", "instant", "monday", "31", "09:00"]
CRON_FIELDS = ["0", "*", "*/5", "L", "5#1", "MON#6", "1-3", "9-1", "LW", "JAN/2", ","]


@given(
    st.text()
    | st.lists(st.sampled_from(WORDS + CRON_FIELDS), max_size=7).map(" ".join)
    | st.lists(st.sampled_from(CRON_FIELDS), min_size=5, max_size=5).map(" ".join)
)
def test_any_text_is_a_cadence_or_refused_with_an_example(text: str) -> None:
    try:
        outcome = repr(parse_schedule(text))
    except ValueError as error:
        outcome = str(error)
    assert outcome.startswith("Cadence(") or "write it like `" in outcome
