"""What `daily`, `weekly` and `monthly` mean to readers of a newsletter."""

from __future__ import annotations

import pytest

from pipeline.schedule.cadence import Kind, parse_schedule
from pipeline.schedule.chosen import chosen_cadence


@pytest.mark.parametrize(
    ("schedule", "kind", "same"),
    [
        ("every monday 09:00", Kind.DAILY, "daily 09:00"),
        ("every friday 17:30", Kind.MONTHLY, "monthly 1 17:30"),
        ("daily 07:30", Kind.WEEKLY, "every monday 07:30"),
        ("every friday, tuesday 17:30", Kind.WEEKLY, "every tuesday 17:30"),
        ("monthly 20, 5 08:00", Kind.MONTHLY, "monthly 5 08:00"),
        ("monthly 31 08:00", Kind.WEEKLY, "every monday 08:00"),
        ("instant", Kind.DAILY, "daily 09:00"),
        ("30 6 * * MON", Kind.DAILY, "daily 06:30"),
        ("*/15 * * * *", Kind.WEEKLY, "every monday 09:00"),
        ("every monday 09:00", Kind.INSTANT, "instant"),
    ],
)
def test_a_chosen_cadence_keeps_the_newsletters_time_of_day(
    schedule: str, kind: Kind, same: str
) -> None:
    assert chosen_cadence(parse_schedule(schedule), kind) == parse_schedule(same)
