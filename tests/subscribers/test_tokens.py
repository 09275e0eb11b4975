"""Tokens: who can make one, and what one is good for."""

from __future__ import annotations

import re
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.subscribers.tokens import Purpose, sign, verify

KEY = b"a key of thirty-two octets......"
OTHER = b"another key of as many octets..."
ids = st.integers(0, 2**64 - 1)


@given(ids, st.sampled_from(get_args(Purpose)))
def test_a_token_gives_back_the_id_it_was_made_for(
    member_id: int, purpose: Purpose
) -> None:
    assert verify([KEY], purpose, sign(KEY, purpose, member_id)) == member_id


def test_the_token_of_one_key_purpose_and_id_never_changes() -> None:
    assert sign(KEY, "leave", 1) == "xuva4oqsy3rj6davv77qc"


@given(ids)
def test_a_token_fits_a_mail_address_and_a_url(member_id: int) -> None:
    assert re.fullmatch("[a-z2-7]{21,32}", sign(KEY, "message", member_id))


def test_a_token_survives_a_change_of_case() -> None:
    assert verify([KEY], "bounce", sign(KEY, "bounce", 77).upper()) == 77


@pytest.mark.parametrize("purpose", get_args(Purpose))
@pytest.mark.parametrize("other", get_args(Purpose))
def test_a_token_is_good_for_one_purpose(purpose: Purpose, other: Purpose) -> None:
    found = verify([KEY], other, sign(KEY, purpose, 5))
    assert found == (5 if purpose == other else None)


def test_a_token_outlives_a_change_of_key() -> None:
    token = sign(KEY, "leave", 9)
    assert verify([OTHER, KEY], "leave", token) == 9
    assert verify([OTHER], "leave", token) is None
    assert verify([], "leave", token) is None


@given(st.integers(0, 10**9), st.data())
def test_one_letter_changed_makes_a_token_worthless(
    member_id: int, data: st.DataObject
) -> None:
    token = sign(KEY, "leave", member_id)
    at = data.draw(st.integers(0, len(token) - 1))
    letter = data.draw(st.sampled_from("abcdefghijklmnopqrstuvwxyz234567"))
    changed = token[:at] + letter + token[at + 1 :]
    assert verify([KEY], "leave", changed) == (member_id if changed == token else None)


@given(st.text(max_size=60))
def test_any_other_text_is_no_token(text: str) -> None:
    assert verify([KEY], "leave", text) is None


@pytest.mark.parametrize(
    "token",
    [
        "",
        "a",
        "xuva4oqsy3rj6davv77qc=",
        "xuva4oqsy3rj6davv77qc===",
        " xuva4oqsy3rj6davv77qc",
        "asfurd5yjgtdruydx4l",
        "xuva4oqsy3rj6davv77qcaaaaaaaaaaaaaaaaaaa",
        "ａsfurd5yjgtdruydx4lac",
    ],
)
def test_a_token_cut_short_lengthened_or_padded_is_refused(token: str) -> None:
    assert verify([KEY], "leave", token) is None


@pytest.mark.parametrize("member_id", [-1, 2**64])
def test_an_id_that_cannot_be_one_is_refused(member_id: int) -> None:
    with pytest.raises(ValueError, match="id"):
        sign(KEY, "leave", member_id)


def test_a_short_key_is_refused() -> None:
    with pytest.raises(ValueError, match="16 octets"):
        sign(b"secret", "leave", 1)


def test_a_token_is_good_for_its_scope_alone() -> None:
    token = sign(KEY, "leave", 9, "weekly")
    assert verify([KEY], "leave", token, "weekly") == 9
    assert verify([KEY], "leave", token, "daily") is None
    assert verify([KEY], "leave", token) is None
