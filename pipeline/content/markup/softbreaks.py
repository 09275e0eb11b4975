"""A line break in the source of a paragraph: a space, or nothing between CJK.

As CSS Text 3 (section 4.1.3) has it; Hangul has spaces and keeps this one too.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from markdown_it.token import Token

from pipeline.base.text import fold_line

_BREAK = re.compile(r"([^ \t\n])[ \t]*\n[ \t\n]*(?=([^ \t\n]))")
_SPACES = re.compile(r"[ \t\n]*\n[ \t\n]*")


def joins(before: str, after: str) -> bool:
    """Tell whether nothing stands for a line break between the two characters."""
    return len(fold_line(f"{before}\n{after}")) == 2


def fold_breaks(text: str) -> str:
    """Return `text` on one line."""
    if "\n" not in text:
        return text
    folded = _BREAK.sub(lambda m: m[1] if joins(m[1], m[2]) else m[1] + " ", text)
    return _SPACES.sub(" ", folded)


def softbreak_at(tokens: Sequence[Token], place: int) -> str:
    """Return what the soft break `tokens[place]` is shown as."""
    before = _nearest(tokens, range(place - 1, -1, -1))
    after = _nearest(tokens, range(place + 1, len(tokens)))
    return "" if before and after and joins(before[-1], after[0]) else "\n"


def _nearest(tokens: Sequence[Token], places: range) -> str:
    """Return the nearest text; what is neither text nor a mark's edge ends it."""
    for place in places:
        token = tokens[place]
        if token.type == "text" and token.content.strip():
            return token.content.strip()
        if token.type != "text" and not token.nesting:
            return ""
    return ""
