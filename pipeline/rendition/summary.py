"""The first words of a post as one plain paragraph: for previews and descriptions.

Headings, pictures, code, tables and footnotes have no place in it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import islice

from pipeline.base.text import fold_line, graphemes, is_cjk, strip_controls
from pipeline.content.tree import Element, Formula, Node, Text
from pipeline.rendition.phrases import is_note_link
from pipeline.rendition.typeset import UNTYPESET, Typesets, typeset_text

_UNSAID = frozenset(
    {"audio", "figure", "hr", "img", "picture", "rp", "rt", "table", "video"}
    | {"h1", "h2", "h3", "h4", "h5", "h6"}
)
_BLOCKS = frozenset(
    {"address", "blockquote", "br", "dd", "div", "dt", "li", "p", "section", "summary"}
)
# A Latin stop also ends a sentence before Chinese, which many write with Latin stops.
_SENTENCE_END = re.compile(r"[。！？][”’」』）]*|[.!?][\"'”’)]*(?=\s|[^\x00-\xff])")
_SPACE_BEHIND_STOP = re.compile(r"(?<=[。！？；：，、”」』）》]) (?=\S)")
_LOOSE_END = " \t\n,;:，、；：—–-（(“「《"
# A longer run without a space is no word: Thai has few spaces, an address none.
_LONGEST_WORD = 40
# Stands for each character of a formula where a place to cut is looked for.
_UNCUT = "\0"
# A space that stays between any two characters, but not before a stop; no text has it.
_APART = "\x1f"
_APART_FROM_STOP = re.compile(f"{_APART} *(?=[.,;:!?…。，；：！？、])")


def summarise(
    nodes: Iterable[Node], typesets: Typesets = UNTYPESET, *, limit: int = 300
) -> str:
    """Return the nodes' words as one paragraph of at most `limit` graphemes.

    What is longer is cut behind a sentence if that leaves half or more; else, with an
    ellipsis, behind a word, or behind any character where no word ends nearby. A
    formula is there whole or not at all.
    """
    text, mask = _text_and_mask(nodes, typesets)
    if sum(1 for _ in islice(graphemes(text), limit + 1)) <= limit:
        return _fold(text)
    end = sum(len(grapheme) for grapheme in islice(graphemes(text), limit - 1))
    behind = [match.end() for match in _SENTENCE_END.finditer(mask[: end + 1])]
    if behind and end // 2 <= behind[-1] <= end:
        return _fold(text[: behind[-1]])
    return _fold(text[: _before_word(mask, end)].rstrip(_LOOSE_END)) + "…"


def _text_and_mask(nodes: Iterable[Node], typesets: Typesets) -> tuple[str, str]:
    """Return the words, and the same with every character of a formula masked."""
    pieces = list(_pieces(nodes, typesets))
    text = "".join(piece for piece, _ in pieces)
    mask = "".join(_UNCUT * len(piece) if whole else piece for piece, whole in pieces)
    begin = len(text) - len(text.lstrip())
    return text[begin:], mask[begin:]


def _fold(text: str) -> str:
    """Return the words as one line; full-width punctuation needs no space behind it."""
    return _SPACE_BEHIND_STOP.sub("", fold_line(_APART_FROM_STOP.sub("", text)))


def _pieces(nodes: Iterable[Node], typesets: Typesets) -> Iterator[tuple[str, bool]]:
    """Yield the words, and whether they must stay together."""
    for node in nodes:
        match node:
            case Text(text):
                yield re.sub(r"\s+", " ", strip_controls(text)), False
            case Formula(display=display):
                edge = _APART if display else ""
                yield edge, False
                yield " ".join(typeset_text(node, typesets).split()), True
                yield edge, False
            case Element() if _is_said(node):
                edge = " " if node.tag in _BLOCKS else ""
                yield edge, False
                yield from _pieces(node.children, typesets)
                yield edge, False


def _is_said(element: Element) -> bool:
    notes = "footnotes" in (element.attribute("class") or "").split()
    return element.tag not in _UNSAID and not notes and not is_note_link(element)


def _before_word(mask: str, end: int) -> int:
    """Return the last place before `end` that splits no word, if one is near.

    Else `end`, or where the formula begins that it would split.
    """
    near = range(end, max(end - _LONGEST_WORD, 0), -1)
    places = (at for at in near if not _is_joined(*mask[at - 1 : at + 1]))
    splits_formula = mask[end - 1 : end + 1] == _UNCUT * 2
    return next(places, len(mask[:end].rstrip(_UNCUT)) if splits_formula else end)


def _is_joined(before: str, after: str) -> bool:
    if _UNCUT in (before, after):
        return before == after
    return not (before.isspace() or after.isspace() or is_cjk(before) or is_cjk(after))
