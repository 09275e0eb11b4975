"""The text as it is written: copied, replaced, and nested while tags are open."""

from __future__ import annotations

from pipeline.content.tags.nesting import Nesting, Show

MAX_WRITTEN_CHARACTERS = 2_000_000
"""Written in place of tags: a thousand tags may each print a thousand characters."""


class OvergrownError(Exception):
    """More was written in place of tags than any post has."""


class Writer:
    """Writes one text out from left to right, with some stretches replaced.

    What lies between two replacements is copied when the second one comes.
    """

    def __init__(self, text: str) -> None:
        self._text = text
        self._at = self._written = 0
        self._nesting = Nesting()
        self._endings: list[tuple[int, int, str]] = []

    def replace(self, start: int, end: int, written: str) -> int:
        """Write `written` in place of `start`..`end`; return `end`.

        Raises OvergrownError.
        """
        self._written += len(written)
        if self._written > MAX_WRITTEN_CHARACTERS:
            raise OvergrownError
        self._copy(start)
        self._nesting.write(written)
        self._at = max(self._at, end)
        return end

    def promise(self, start: int, end: int, written: str) -> None:
        """Promise to write `written` in place of `start`..`end`, once there.

        What is promised last comes first.
        """
        self._endings.append((start, end, written))

    def is_promised(self, start: int) -> bool:
        """Tell whether something is promised to be written at `start`."""
        return bool(self._endings) and self._endings[-1][0] == start

    def open(self, kind: str, start: int, end: int, show: Show) -> int:
        """Open a tag of `kind` whose opening is `start`..`end`; return `end`."""
        self.replace(start, end, "")
        self._nesting.open(kind, end, show)
        return end

    def close(self, kind: str, start: int, end: int) -> bool:
        """Close a tag of `kind` by `start`..`end`; False where none is open."""
        self.replace(start, end, "")
        return self._nesting.close(kind, end)

    def finish(self) -> str:
        """Copy the rest and return all that was written."""
        self._copy(len(self._text))
        return self._nesting.finish()

    def _copy(self, upto: int) -> None:
        while self._endings and self._endings[-1][0] <= upto:
            start, end, written = self._endings.pop()
            self._nesting.write(self._text[self._at : start] + written)
            self._at = max(self._at, end)
        self._nesting.write(self._text[self._at : upto])
        self._at = max(self._at, upto)
