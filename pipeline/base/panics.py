"""Panics of libraries written in Rust, as errors that are caught like any other."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager


class PanicError(ValueError):
    """A library met input that it never expected, and gave up."""


@contextmanager
def telling_panics() -> Iterator[None]:
    """Raise PanicError in place of a panic within.

    PyO3 raises panics as a BaseException of a class that cannot be imported, so that
    one picture would end a whole run, and every run after it.
    """
    try:
        yield
    except BaseException as error:
        if type(error).__name__ != "PanicException":
            raise
        raise PanicError("it cannot be drawn") from error
