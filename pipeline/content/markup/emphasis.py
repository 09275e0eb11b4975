"""Emphasis beside CJK punctuation: `**强调**，` is strong, as everyone means it.

CommonMark 0.31.2 (section 6.2) wants a space or punctuation outside a run of stars
whose inside is punctuation, which Chinese and Japanese never write. The rule here
is the CJK-friendly amendment
(https://github.com/tats-u/markdown-cjk-friendly, specification.md).
"""

from __future__ import annotations

import re
import unicodedata

from markdown_it.common.utils import isMdAsciiPunct, isPunctChar, isWhiteSpace
from markdown_it.rules_inline.state_inline import Scanned

_HANGUL = re.compile(
    "[\u1100-\u11ff\u302e\u302f\u3131-\u318e\u3200-\u321e\u3260-\u327e\ua960-\ua97c"
    "\uac00-\ud7a3\ud7b0-\ud7fb\uffa0-\uffdc]"
)
# Wide characters that are emoji by default (UTS #51), hence no CJK.
_EMOJI = re.compile(
    "[\u231a-\u2328\u232b-\u2e7f\U0001f000-\U0001f1ff\U0001f201\U0001f21a\U0001f22f"
    "\U0001f232-\U0001f236\U0001f238-\U0001f23a\U0001f250\U0001f251"
    "\U0001f300-\U0001faff]"
)
_VARIATION_SELECTOR = re.compile("[\ufe00-\ufe0e]")
_IDEOGRAPHIC_SELECTOR = re.compile("[\U000e0100-\U000e01ef]")
_FULLWIDTH_SELECTOR = "\ufe01"
_CURLY_QUOTES = "‘’“”"


def scan_run(text: str, start: int, end: int, can_split_word: bool) -> Scanned:
    """Tell whether the run of one mark at `start` can open or close emphasis.

    `end` is where the inline text ends; `can_split_word` is true for `*` and `~`,
    false for `_`.
    """
    after = start
    while after < end and text[after] == text[start]:
        after += 1
    following = text[after] if after < end else " "
    preceding, is_cjk_before = _look_back(text, start)
    if isWhiteSpace(ord(preceding)) or isWhiteSpace(ord(following)):
        opens = not isWhiteSpace(ord(following))
        closes = not isWhiteSpace(ord(preceding))
        return Scanned(opens, closes, after - start)
    opens, closes = _is_punctuation(preceding), _is_punctuation(following)
    if can_split_word:
        beside_cjk = is_cjk_before or _is_cjk(following)
        opens, closes = (
            opens or beside_cjk or not closes,
            closes or beside_cjk or not opens,
        )
    return Scanned(opens, closes, after - start)


def _look_back(text: str, start: int) -> tuple[str, bool]:
    """Return the character before `start`, and whether it is CJK.

    A variation selector belongs to the character before it.
    """
    last = text[start - 1] if start else " "
    before = text[start - 2] if start > 1 else " "
    if not _VARIATION_SELECTOR.match(last) or isWhiteSpace(ord(before)):
        return last, _is_cjk(last) or bool(_IDEOGRAPHIC_SELECTOR.match(last))
    fullwidth_quote = last == _FULLWIDTH_SELECTOR and before in _CURLY_QUOTES
    return before, _is_cjk(before) or fullwidth_quote


def _is_cjk(char: str) -> bool:
    if char < "\u1100":
        return False
    if unicodedata.east_asian_width(char) in "WFH":
        return not _EMOJI.match(char)
    return bool(_HANGUL.match(char))


def _is_punctuation(char: str) -> bool:
    return isMdAsciiPunct(ord(char)) or isPunctChar(char)
