"""The table of a batch's states, and the names of batches."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.base.errors import UsageError
from pipeline.outbox.batch import (
    BATCH_STATES,
    PUBLIC,
    BatchEvent,
    BatchState,
    IllegalBatchMove,
    Place,
    Row,
    advance,
    batch_name,
    issue_of,
    newsletter_of,
)

LEGAL = {(row.state, row.event) for row in BATCH_STATES}
ABSENT = [
    pair for pair in itertools.product(BatchState, BatchEvent) if pair not in LEGAL
]


def test_every_state_has_one_row() -> None:
    assert [row.state for row in BATCH_STATES] == list(BatchState)


@pytest.mark.parametrize("row", BATCH_STATES, ids=lambda row: row.state)
def test_every_row_leads_where_it_says(row: Row) -> None:
    if row.event is None:
        assert row.to is None
    else:
        assert advance(row.state, row.event) is row.to


@pytest.mark.parametrize(("state", "event"), ABSENT)
def test_a_move_without_a_row_is_refused(state: BatchState, event: BatchEvent) -> None:
    with pytest.raises(IllegalBatchMove, match=f"{state} takes no {event}") as caught:
        advance(state, event)
    assert isinstance(caught.value, UsageError)


def test_a_batch_is_sealed_then_handed_and_never_comes_back() -> None:
    state = advance(advance(BatchState.OPEN, BatchEvent.SEAL), BatchEvent.HAND)
    assert state is BatchState.HANDED
    assert not [event for event in BatchEvent if (state, event) in LEGAL]


def test_only_a_sealed_or_handed_batch_is_public() -> None:
    public = [row.state for row in BATCH_STATES if row.places & PUBLIC]
    assert public == [BatchState.SEALED, BatchState.HANDED]


def test_a_handed_batch_is_never_a_stage() -> None:
    assert not {Place.STAGED, Place.NOWHERE} & BATCH_STATES[-1].places


def test_a_name_says_newsletter_issue_variant_and_batch() -> None:
    assert batch_name("maths-weekly", 12, 2, 3) == "maths-weekly-000012-002-0003"


numbers = st.tuples(st.integers(1, 999_999), st.integers(1, 999), st.integers(1, 9999))


@given(numbers, numbers)
def test_names_sort_as_their_numbers_do(
    one: tuple[int, int, int], other: tuple[int, int, int]
) -> None:
    names = batch_name("weekly", *one), batch_name("weekly", *other)
    assert (names[0] < names[1]) == (one < other)


newsletters = st.from_regex(r"[a-z0-9][a-z0-9-]{0,8}", fullmatch=True)


@given(st.tuples(newsletters, numbers), st.tuples(newsletters, numbers))
def test_two_batches_never_share_a_name(
    one: tuple[str, tuple[int, int, int]], other: tuple[str, tuple[int, int, int]]
) -> None:
    same = batch_name(one[0], *one[1]) == batch_name(other[0], *other[1])
    assert same == (one == other)


def test_a_batchs_name_says_which_issue_it_is_of() -> None:
    assert issue_of(batch_name("a-1-2", 12, 1, 3)) == 12
    assert issue_of(batch_name("weekly", 1_234_567, 1, 30_000)) == 1_234_567
    assert newsletter_of(batch_name("a-1-2", 12, 1, 3)) == "a-1-2"
    assert issue_of("0-letters-000000001-a1b2c3") == 0
