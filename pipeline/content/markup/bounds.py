"""How deep and how large a post's HTML may be, told before any parser sees it.

32,000 unclosed `<figure><p>` cost the sanitiser 5 s, and unclosed `<b>`s are opened
again in every paragraph that follows: both are counted here in one pass.
"""

from __future__ import annotations

import re
from collections import Counter

MAX_CHARACTERS = 8_000_000
MAX_LINES = 50_000
MAX_MARKS = 20_000
MAX_DEPTH = 200
MAX_ELEMENTS = 100_000

_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]*)")
# Elements that never close, or that the next of their kind closes.
_UNCOUNTED = (
    "area base br col embed hr img input link meta param source track wbr "
    "a p li dt dd option tr td th thead tbody tfoot colgroup caption rt rp"
)
_SHALLOW = frozenset(_UNCOUNTED.split())
# Elements that a parser opens again in the next paragraph.
_REOPENED = "b big code em font i nobr s small strike strong tt u"
_FORMATTING = frozenset(_REOPENED.split())


# Each may open something, for which the parser then looks to the end: 20,000 `[`
# in a row cost it a second, 2,000,000 more than a minute.
_OPENING_MARKS = "[$"


class TooLargeError(Exception):
    """The text or HTML is too deep or has too much of something; its text says what."""


def check_text(text: str) -> None:
    """Raise TooLargeError where parsing `text` would take far longer than its size."""
    _check_size(text)
    if text.count("\n") + text.count("\r") > MAX_LINES:
        raise TooLargeError(f"has more than {MAX_LINES:,} lines")
    for mark in _OPENING_MARKS:
        if text.count(mark) > MAX_MARKS:
            raise TooLargeError(f"has more than {MAX_MARKS:,} of the sign {mark}")


def _check_size(text: str) -> None:
    # A link's address, or a tag's value, may stand once and be used many times.
    if len(text) > MAX_CHARACTERS:
        raise TooLargeError(f"grows to more than {MAX_CHARACTERS:,} characters")


def check_bounds(html: str) -> None:
    """Raise TooLargeError where `html` would become too deep or too large a tree."""
    _check_size(html)
    opened: Counter[str] = Counter()
    depth = elements = formatting = 0
    for closes, written in _TAG.findall(html):
        name = written.lower()
        elements += 1 + (0 if name in _FORMATTING else formatting)
        if name not in _SHALLOW:
            step = -1 if closes else 1
            if opened[name] + step >= 0:
                opened[name] += step
                depth += step
                formatting += step if name in _FORMATTING else 0
        if depth > MAX_DEPTH:
            raise TooLargeError(f"is nested more than {MAX_DEPTH} elements deep")
        if elements > MAX_ELEMENTS:
            raise TooLargeError(f"has more than {MAX_ELEMENTS:,} elements")
