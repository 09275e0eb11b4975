"""The manifest of a batch: exact, and small."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from pipeline.store.manifest import pack_members, unpack_members

IDS = st.sets(st.integers(min_value=1, max_value=2**40))


@given(IDS)
def test_what_was_packed_comes_out_in_order(members: set[int]) -> None:
    assert unpack_members(pack_members(members)) == tuple(sorted(members))


def test_a_member_of_a_dense_batch_costs_less_than_a_byte() -> None:
    assert len(pack_members(range(1_000_000, 1_001_000))) < 1_000
