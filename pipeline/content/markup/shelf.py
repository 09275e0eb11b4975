"""Nodes that HTML cannot carry, put on a shelf while a text is HTML.

A formula, a code block or a read-more mark travels through Markdown and the
sanitiser as two noncharacters around a number, which no parser touches, and comes
back as itself.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from pipeline.content.tree import Code, Formula, More

Atom = Formula | Code | More

# Noncharacters "for internal use" (Unicode 23.7): no author's text holds them.
_OPEN, _CLOSE = "\ufdd0", "\ufdd1"
_MARK = re.compile(f"{_OPEN}([0-9]+){_CLOSE}")
_STRAY = re.compile("[\ufdd0-\ufdef]")


class Shelf:
    """Atoms by number, each beside the text it was written as."""

    def __init__(self) -> None:
        self._atoms: list[tuple[Atom, str]] = []

    def put(self, atom: Atom, written: str) -> str:
        """Keep `atom`, written as `written`; return the mark that stands for it."""
        self._atoms.append((atom, written))
        return f"{_OPEN}{len(self._atoms) - 1}{_CLOSE}"

    def split(self, text: str) -> Iterator[str | Atom]:
        """Yield the pieces of `text`: strings, and the atoms of its marks."""
        for place, piece in enumerate(_MARK.split(text)):
            if place % 2:
                yield self._atoms[int(piece)][0]
            elif piece:
                yield piece

    def restore(self, text: str) -> str:
        """Return `text` with each mark as it was written: for attributes and code."""
        return _MARK.sub(lambda mark: self._atoms[int(mark[1])][1], text)


def without_marks(text: str) -> str:
    """Return an author's text without the characters the marks are made of."""
    return _STRAY.sub("", text)
