"""Panics of libraries written in Rust."""

from __future__ import annotations

import pytest

from pipeline.base.panics import PanicError, telling_panics

# Stands for PyO3's, which no Python code can import.
PANIC = type("PanicException", (BaseException,), {})


def test_a_panic_becomes_an_error() -> None:
    with pytest.raises(PanicError, match="cannot be drawn"), telling_panics():
        raise PANIC


@pytest.mark.parametrize("error", [KeyboardInterrupt, SystemExit, OSError])
def test_all_else_is_raised_as_it_is(error: type[BaseException]) -> None:
    with pytest.raises(error), telling_panics():
        raise error
