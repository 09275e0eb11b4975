"""What a reader chooses of a newsletter, and how it is kept."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from pipeline.subscribers.choice import EVERYTHING, LONGEST_LINE, Choice, Topics

NOON = datetime.fromisoformat("2026-12-01T12:00:00")


def test_names_count_once_whatever_their_case_and_order() -> None:
    one = Topics.of(tags=["Python", "数学", "python "], authors=["Ann"])
    other = Topics.of(tags=["数学", "python", "Python"], authors=["Ann"])
    assert one.tags == other.tags == ("Python", "数学")
    assert one.dump() == other.dump()


def test_topics_come_back_as_they_were_kept() -> None:
    topics = Topics.of(series=["最小熵原理"], languages=["zh"])
    assert Topics.load(topics.dump()) == topics


def test_who_chose_nothing_gets_everything() -> None:
    assert EVERYTHING.dump() == ""
    assert Topics.of(tags=[" ", ""]) == EVERYTHING


def test_a_line_has_an_end() -> None:
    with pytest.raises(ValueError, match="at most 100 names"):
        Topics.of(tags=map(str, range(LONGEST_LINE + 1)))


def test_a_pause_has_a_zone() -> None:
    with pytest.raises(ValueError, match="time zone"):
        Choice(newsletter="weekly", paused_until=NOON)
    assert (
        Choice(newsletter="weekly", paused_until=NOON.astimezone(UTC)).cadence == "own"
    )
