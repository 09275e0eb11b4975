"""Tokens that hold for a while: what they say, and that nobody else can say it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.subscribers.limited import (
    Limited,
    LimitedPurpose,
    sign_until,
    verify_until,
)

KEY, OTHER_KEY = b"k" * 32, b"o" * 32
UNTIL = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
times = st.integers(0, 4_000_000_000).map(lambda s: datetime.fromtimestamp(s, UTC))


@given(st.integers(0, 2**63), times, st.sampled_from(get_args(LimitedPurpose)))
def test_a_token_says_its_row_and_time_with_any_key_there_is(
    row: int, until: datetime, purpose: LimitedPurpose
) -> None:
    token = sign_until(KEY, purpose, row, until)
    for text in (token, token.upper()):
        assert verify_until([OTHER_KEY, KEY], purpose, text) == Limited(row, until)
    assert verify_until([OTHER_KEY], purpose, token) is None


def test_a_token_is_good_for_one_purpose() -> None:
    token = sign_until(KEY, "form", 7, UNTIL)
    assert verify_until([KEY], "confirm", token) is None


def test_its_time_cannot_be_put_off() -> None:
    time, _, signed = sign_until(KEY, "confirm", 7, UNTIL).partition("-")
    later = sign_until(KEY, "confirm", 8, UNTIL.replace(year=2027)).partition("-")[0]
    assert later != time
    assert verify_until([KEY], "confirm", f"{later}-{signed}") is None


@pytest.mark.parametrize("cut", [0, 1, 6, 7, 8, 20, -1])
def test_one_that_was_cut_is_nobodys(cut: int) -> None:
    token = sign_until(KEY, "confirm", 7, UNTIL)
    assert verify_until([KEY], "confirm", token[:cut]) is None


@given(st.text())
def test_whatever_else_comes_is_nobodys(text: str) -> None:
    assert verify_until([KEY], "confirm", text) is None
