"""A machine that stops in the middle of things: at a call, and at every one after."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from pipeline.store.database import Database

TRANSACTIONS = ((Database, "transaction"),)
EVERYTHING = (*TRANSACTIONS, (os, "rename"), (os, "replace"), (os, "fsync"))


class Killed(BaseException):
    """The machine stops here."""


@contextmanager
def kill_after(
    steps: int, calls: tuple[tuple[object, str], ...] = TRANSACTIONS
) -> Iterator[list[bool]]:
    """Stop the program after so many of the `calls`; tell whether it came to that."""
    killed: list[bool] = []
    left = steps

    def counted(call: Any) -> Any:
        def wrapper(*args: Any, **kwargs: Any) -> Any:
            nonlocal left
            if left == 0:
                killed.append(True)
                raise Killed
            left -= 1
            return call(*args, **kwargs)

        return wrapper

    with pytest.MonkeyPatch.context() as patch:
        for place, name in calls:
            patch.setattr(place, name, counted(getattr(place, name)))
        try:
            yield killed
        except Killed:
            return
