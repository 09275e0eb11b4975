"""Where a text may be cut: after a sentence, a clause, a word, in any script."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pipeline.base.text import count_cells, count_words, graphemes, is_cjk

ATOM = "\ufffc"
"""What stands in a text for a thing that is no text; it counts as a word."""

PICTURE = "\ufffb"
"""The same for a picture."""

# Text that has few words by its script's rules (an address, a row of dashes) is
# measured by its length, lest an excerpt be as long as it likes.
_CHARACTERS_A_WORD = 40
_LONGEST_WORD = 200

_RUN = re.compile(r"\S+")
# Inside a word neither ends anything (3.14, a,b): a cut never falls there.
_SENTENCE_END = re.compile(r"[。！？….!?]+[\"'”’」』）)\]]*")
_CLAUSE_END = re.compile(r"[；，、：—,;:]")
_DANGLING = re.compile(r"[\s,;:，、；：—(\[{（「『《〈【“‘]+\Z")
_FULL_STOPS = tuple(".!?")


def measure(text: str) -> int:
    """Return the words of `text`, as an excerpt is measured."""
    things = text.count(ATOM) + text.count(PICTURE)
    return max(count_words(text) + things, len(text) // _CHARACTERS_A_WORD)


def cut_at(text: str, limit: int) -> int:
    """Return the offset up to which `text` has at most `limit` words.

    It is after the last sentence that ends in the last third of them, else after
    the last clause there, else after a word. One word is always kept.
    """
    soft, near = 0, [0]
    for end, words in _words(text):
        if words > limit and near[-1]:
            break
        if words <= limit * 2 // 3:
            soft, near = end, []
        near.append(end)
    for ending in (_SENTENCE_END, _CLAUSE_END):
        found = {match.end() for match in ending.finditer(text, soft, near[-1])}
        if found.intersection(near):
            return max(found.intersection(near))
    return near[-1]


def trim(text: str) -> str:
    """Return `text`, which was cut, without what begins something after it."""
    return _DANGLING.sub("", text) or text


def ellipsis_after(text: str) -> str:
    """Return what shows that `text`, which was cut, goes on."""
    if text.endswith("…"):
        return ""
    return " …" if text.endswith(_FULL_STOPS) else "…"


def _words(text: str) -> Iterator[tuple[int, int]]:
    """Yield where each thing that is not split ends, and the words up to there."""
    words = 0
    for run in _RUN.finditer(text):
        end = run.start()
        for unit in _units(run[0]):
            end += len(unit)
            words += count_words(unit) + (unit in (ATOM, PICTURE))
            yield end, max(words, end // _CHARACTERS_A_WORD)


def _units(run: str) -> Iterator[str]:
    """Yield CJK characters and emoji singly, other words whole."""
    word = ""
    for character in graphemes(run):
        alone = _stands_alone(character)
        if word and (alone or len(word) >= _LONGEST_WORD):
            yield word
            word = ""
        if alone:
            yield character
        else:
            word += character
    if word:
        yield word


def _stands_alone(character: str) -> bool:
    if character in (ATOM, PICTURE) or is_cjk(character):
        return True
    return not character.isascii() and count_cells(character) == 2
