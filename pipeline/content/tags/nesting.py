"""Tags within tags: what is open, what has been written inside, what closes it.

A tag is only kept open when something later closes it, so that most never wait.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field

Show = Callable[[str | None, int], str]
"""What a tag shows around its inside (None where nothing closes it), which ends at
an offset of the text."""

DEEPEST = 50
"""Tags open at once; one more is taken as closed at once."""

_CLOSING = re.compile(
    r"\{\{[<%]\s*+/\s*+(?P<shortcode>[\w./-]++)\s*+[>%]\}\}"
    r"|\{%-?\s*+end(?P<liquid>\w*+)\s*+(?:[\w\s]*+)-?%\}"
)


class Closings:
    """Where each kind of tag is closed in one text.

    A kind is `<name` for a shortcode, `%name` for a Liquid tag, `%` for Zola's.
    """

    def __init__(self, text: str) -> None:
        self._found: dict[str, list[tuple[int, int]]] = defaultdict(list)
        for closing in _CLOSING.finditer(text):
            name = closing["shortcode"]
            kind = f"%{closing['liquid']}" if name is None else f"<{name}"
            self._found[kind].append(closing.span())

    def after(self, kind: str, start: int) -> tuple[int, int] | None:
        """Return where the first closing of `kind` after `start` begins and ends."""
        spans = self._found.get(kind, [])
        index = bisect_left(spans, (start, start))
        return spans[index] if index < len(spans) else None


@dataclass(slots=True)
class _Open:
    """One tag that is open, where its opening ends, what is written inside."""

    kind: str
    end: int
    show: Show
    pieces: list[str] = field(default_factory=list)


class Nesting:
    """The text written so far, with the tags that are still open in it."""

    def __init__(self) -> None:
        self._stack = [_Open("", 0, lambda inner, end: inner or "")]
        self._kinds: Counter[str] = Counter()

    def write(self, text: str) -> None:
        """Add text to the innermost open tag."""
        self._stack[-1].pieces.append(text)

    def open(self, kind: str, end: int, show: Show) -> None:
        """Open a tag of `kind`, whose opening ends at offset `end`."""
        if len(self._stack) > DEEPEST:
            self.write(show(None, end))
            return
        self._stack.append(_Open(kind, end, show))
        self._kinds[kind] += 1

    def close(self, kind: str, end: int) -> bool:
        """Close the innermost tag of `kind` at `end`; False where none is open."""
        if not self._kinds[kind]:
            return False
        self._flatten(max(n for n, tag in enumerate(self._stack) if tag.kind == kind))
        closed = self._stack.pop()
        self._kinds[kind] -= 1
        self.write(closed.show("".join(closed.pieces), end))
        return True

    def finish(self) -> str:
        """Return the whole text; tags still open stand for themselves."""
        self._flatten(0)
        return "".join(self._stack[0].pieces)

    def _flatten(self, at: int) -> None:
        """Take the tags opened inside the one at `at` as ones that nothing closes."""
        inner = self._stack[at].pieces
        for tag in self._stack[at + 1 :]:
            self._kinds[tag.kind] -= 1
            inner.append(tag.show(None, tag.end))
            inner.extend(tag.pieces)
        del self._stack[at + 1 :]
