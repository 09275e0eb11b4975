"""Plain text in any script: cleaning, counting, slugs, and wrapping by display cells.

Knows nothing of markup, mail or feeds. A cell is what a monospaced screen gives a
Latin letter; a Chinese character takes two. Widths and graphemes are wcwidth's.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

import wcwidth

# Hangul apart from the rest: Korean puts spaces between its words.
_HANGUL = "\u1100-\u11ff\u3130-\u318f\ua960-\ua97f\uac00-\ud7ff"
_SPACELESS = (
    "\u2e80-\u2fdf\u2ff0-\u312f\u3190-\u4dbf\u4e00-\u9fff"
    "\uf900-\ufaff\ufe10-\ufe1f\ufe30-\ufe4f\uff00-\uffef"
    "\U0001aff0-\U0001b16f\U0001f200-\U0001f2ff\U00020000-\U0003ffff"
)
_CJK = re.compile(f"[{_HANGUL}{_SPACELESS}]")
_IS_SPACELESS = re.compile(f"[{_SPACELESS}]")

# What XML 1.0 (section 2.2) cannot hold: one such character loses a whole feed.
_NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_CONTROLS_BUT_SPACE = re.compile(
    "[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\ud800-\udfff\ufffe\uffff]"
)
# What a terminal obeys or cannot show, and what turns the order of letters (UAX #9,
# 2.1 to 2.4): a file's name must neither clear the screen nor pass for another.
UNSHOWN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff\ufeff]"
)
_LINE_BREAKS = frozenset("\n\r\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029")
# Vowel signs and tone marks of Indic scripts are no letters to `re`, yet within words.
_LETTERS = (
    "(?:[^\\W_]|[\u0300-\u036f\u0591-\u05c7\u0610-\u061a\u064b-\u065f\u0670]"
    "|[\u0900-\u0dff\u0f35-\u0fbc\u135d-\u135f\u200c\u200d])+"
)
_WORD = re.compile(f"(?=[^\\W_]){_LETTERS}(?:['’.\\-]{_LETTERS})*")
# Thai, Lao, Myanmar, Khmer: no space between words, which have four letters or so.
_PHRASE = re.compile("[\u0e01-\u0eff\u1000-\u109f\u1780-\u17d3\ua9e0-\ua9fe]+")
_LETTERS_A_WORD = 4
_JOINED = "[\ufe0f\U0001f3fb-\U0001f3ff\U000e0020-\U000e007f]*"
_SYMBOL = (
    f"[\u2600-\u27bf\u2b50\u2b55\U0001f000-\U0001f1e5\U0001f300-\U0001faff]{_JOINED}"
)
_PICTOGRAPH = re.compile(f"{_SYMBOL}(?:\u200d{_SYMBOL})*|[\U0001f1e6-\U0001f1ff]{{2}}")

# Where a line may not begin or end (CLREQ 3.1.4, JIS X 4051 "kinsoku").
_HANGING = frozenset("，。、；：？！）」』》〉】〕〗｝］〞〟｠､｡｣”’")
_NOT_FIRST = (
    _HANGING
    | frozenset(",.!?:;)]}%'\"…‥»％‰℃·・～〜–‐゠ー々〻ゝゞヽヾ")
    | frozenset("ぁぃぅぇぉっゃゅょゎゕゖァィゥェォッャュョヮヵヶ")
)
_NOT_LAST = frozenset("（「『《〈【〔〖｛［〝｟｢“‘«([{'\"￥＄￡")
# A space that does not glue; and an address, which ends before CJK punctuation. Its
# scheme is bounded, or a word of 100,000 letters takes minutes.
_SPACES = re.compile(r"[^\S\u00a0\u2007\u202f]+")
_URL = re.compile(
    r"(?:[a-z][a-z0-9+.\-]{0,30}://|www\.)"
    r"[^\s<>\"“”‘’\u3000-\u303f\ufe30-\ufe4f\uff01-\uff0f\uff1a-\uff20\uff3b-\uff65]+",
    re.IGNORECASE | re.ASCII,
)


def strip_controls(text: str) -> str:
    """Return `text` without the characters that XML 1.0 cannot hold."""
    return _NOT_IN_XML.sub("", text)


def first_control(text: str) -> int | None:
    """Return the place of the first character that `strip_controls` takes away."""
    found = _NOT_IN_XML.search(text)
    return found.start() if found else None


def visible(text: str) -> str:
    """Return `text` with what a terminal would obey written out, as ``\\x1b``.

    Line feeds and tabs stay.
    """
    return UNSHOWN.sub(lambda match: ascii(match[0])[1:-1], text)


def is_cjk(char: str) -> bool:
    """Tell whether `char` is Han, kana, Hangul, CJK punctuation or full-width."""
    return _CJK.match(char) is not None


def graphemes(text: str) -> Iterator[str]:
    """Yield what a reader sees as one character each (UAX #29)."""
    yield from wcwidth.iter_graphemes(text)


def count_cells(text: str) -> int:
    """Return how many cells wide `text` is on one line."""
    return wcwidth.width(text, control_codes="ignore")


def count_words(text: str) -> int:
    """Return the CJK letters and emoji plus the words of other scripts.

    Scripts that have neither spaces nor signs for whole words, such as Thai, count a
    word for every four letters. Punctuation is free.
    """
    signs = sum(1 for match in _CJK.finditer(text) if match[0].isalnum())
    text, emoji = _PICTOGRAPH.subn(" ", _CJK.sub(" ", text))
    phrases = sum(_count_in_phrase(match[0]) for match in _PHRASE.finditer(text))
    return signs + emoji + phrases + len(_WORD.findall(_PHRASE.sub(" ", text)))


def _count_in_phrase(phrase: str) -> int:
    letters = sum(1 for char in phrase if char.isalnum())
    return -(-letters // _LETTERS_A_WORD)


def fold_line(text: str) -> str:
    """Return `text` as one line, fit for a title or a header.

    White space becomes one space, or none where a line break stood between two
    characters of a script that has no spaces; control characters go.
    """
    text = _CONTROLS_BUT_SPACE.sub("", text).strip()
    return re.sub(r"(\S)(\s+)(?=(\S))", _fold_space, text)


def _fold_space(match: re.Match[str]) -> str:
    before, space, after = match.groups()
    joins = _IS_SPACELESS.match(before) and _IS_SPACELESS.match(after)
    return before if joins and not _LINE_BREAKS.isdisjoint(space) else f"{before} "


def slugify(text: str) -> str:
    """Return `text` for a path: NFKC, casefolded, letters and digits of any script.

    All else becomes one `-`, none of them first or last; may be empty.
    """
    folded = unicodedata.normalize("NFKC", text).casefold()
    plain = unicodedata.normalize("NFKC", folded)
    kept = (char if unicodedata.category(char)[0] in "LNM" else " " for char in plain)
    return "-".join("".join(kept).split())


class _Piece(NamedTuple):
    """What no line break may split; `overhang` cells of it may stand past the edge."""

    text: str
    spaced: bool
    cells: int
    overhang: int


def wrap(text: str, width: int, *, indent: str = "", first: str = "") -> str:
    r"""Return `text` in lines of at most `width` cells, indents included.

    `first` stands before the first line, `indent` before the others; a `\n` in the
    text stays a line break. CJK breaks anywhere but before closing and after opening
    punctuation; one closing mark may hang past the edge. A word, URL or grapheme is
    never split: one that is wider than the line stands alone.
    """
    lines: list[str] = []
    for paragraph in text.split("\n"):
        lead = indent if lines else first
        lines.extend(_fill(paragraph, width, lead, indent))
    return "\n".join(lines)


def _fill(text: str, width: int, lead: str, indent: str) -> Iterator[str]:
    line, column, empty = lead, count_cells(lead), True
    for piece in _pieces(text):
        gap = " " if piece.spaced and not empty else ""
        if not empty and column + len(gap) + piece.cells - piece.overhang > width:
            yield line
            line, column, gap = indent, count_cells(indent), ""
        line += gap + piece.text
        column += len(gap) + piece.cells
        empty = False
    yield line.rstrip() if empty else line


def _pieces(text: str) -> Iterator[_Piece]:
    for word in _SPACES.split(text):
        spaced, units = True, list[str]()
        for unit in _units(word):
            if units and _may_break(units[-1], unit):
                yield _piece(units, spaced)
                spaced, units = False, []
            units.append(unit)
        if units:
            yield _piece(units, spaced)


def _units(word: str) -> Iterator[str]:
    start = 0
    for url in _URL.finditer(word):
        yield from graphemes(word[start : url.start()])
        yield url[0]
        start = url.end()
    yield from graphemes(word[start:])


def _may_break(before: str, after: str) -> bool:
    if before[-1] in _NOT_LAST or after[0] in _NOT_FIRST:
        return False
    return _breaks(before) or _breaks(after)


# A text has few different characters: asked once each, `wrap` takes a sixth less.
@lru_cache(maxsize=4096)
def _breaks(unit: str) -> bool:
    return is_cjk(unit) or count_cells(unit) == 2


def _piece(units: list[str], spaced: bool) -> _Piece:
    hangs = len(units) > 1 and units[-1] in _HANGING and _breaks(units[-2])
    text = "".join(units)
    overhang = count_cells(units[-1]) if hangs else 0
    return _Piece(text, spaced, count_cells(text), overhang)
