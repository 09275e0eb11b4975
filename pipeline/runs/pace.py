"""How far one pass goes: to the end for `once`; a daemon comes back for the rest."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass


class Halted(Exception):
    """Ends a pass at the edge of an item, whole: a progress raises it (`Progress`)."""


def _never() -> bool:
    return False


def _nothing() -> None:
    pass


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """When a delivery yields to what waits meanwhile; feeds must not wait for mail.

    `batches` are the most of an issue that one pass publishes. `is_called` tells that
    something else is to be done: the batch under way is the last then, so that each
    pass publishes one at least. `is_halted` tells that no other is to be begun. `beat`
    shows that all goes on.
    """

    batches: int | None = None
    is_called: Callable[[], bool] = _never
    is_halted: Callable[[], bool] = _never
    beat: Callable[[], None] = _nothing

    def goes_on(self, published: int) -> bool:
        """Tell whether an issue that has published so many in this pass may go on."""
        self.beat()
        if self.is_halted():
            return False
        if self.batches is not None and published >= self.batches:
            return False
        return not (published and self.is_called())


TO_THE_END = Pace()
