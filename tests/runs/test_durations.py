"""How long things took, as a histogram."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from pipeline.runs.durations import BOUNDS_SECONDS, Durations


def test_a_bound_belongs_to_what_it_bounds() -> None:
    durations = Durations().and_one(0.05).and_one(0.051).and_one(601)
    counts = dict(durations.cumulated())
    assert (counts["0.01"], counts["0.05"], counts["0.1"]) == (0, 1, 2)
    assert (counts["600"], counts["+Inf"]) == (2, 3)


def test_no_time_is_less_than_none() -> None:
    assert Durations().and_one(-5.0).total_seconds == 0


@given(st.lists(st.floats(0, 10_000)))
def test_each_bound_counts_all_that_took_no_longer(lengths: list[float]) -> None:
    durations = Durations()
    for seconds in lengths:
        durations = durations.and_one(seconds)
    for (told, n), bound in zip(
        durations.cumulated(), (*BOUNDS_SECONDS, float("inf")), strict=True
    ):
        assert float(told) == bound
        assert n == sum(seconds <= bound for seconds in lengths)
    assert durations.total_seconds == sum(lengths)
