"""What stands between two dollar signs: a formula, or money and prose.

The rule passed every case of Chinese and English blogs it was measured on: no
formula if it holds CJK outside `\\text{}`, if a digit follows and nothing in it is
TeX, or if it reads as words.
"""

from __future__ import annotations

import re

from pipeline.base.text import is_cjk

# \text{…} and its kin, with one level of braces inside.
_WORDY = re.compile(
    r"\\(?:text\w*|mbox|hbox|fbox|intertext|operatorname|math(?:rm|bf|it|sf|tt)|tag"
    r"|label|eqref|ref)\*?\s*\{(?:[^{}]|\{[^{}]*\})*\}"
)
_COMMAND = re.compile(r"\\(?:[A-Za-z]+|.)", re.DOTALL)
_TEX = re.compile(r"[\\^_{]")
_MATHS = re.compile(r"\\[A-Za-z]|[\^{=<>+]|\b[A-Za-z]_")
_WORDS = re.compile(r"[A-Za-z]{2,}[\s,.;:!?]+[A-Za-z]{2,}")
_MANY_WORDS = re.compile(r"[A-Za-z]{2,}(?:[\s,.;:!?]+[A-Za-z]{2,}){2}")
_AMOUNT = re.compile(r"\s*[-–~]?\s*[\d.,]+\s*")
_AMOUNT_OF = re.compile(r"\s*[\d.,]+\s+[A-Za-z]{2,}")
_LOPSIDED_WORD = re.compile(r"^\d|[A-Za-z]{2}")
_NAME = re.compile(r"[\w.,/\s-]{3,}")
# A code span, an end tag, a URL or a new paragraph lies between the dollars.
_FOREIGN = re.compile(r"`|</[A-Za-z]|://|\]\(#?[./]|\n[ \t]*\n")
_BLANK_LINE = re.compile(r"\n[ \t]*\n")


def is_inline_formula(tex: str, before: str, after: str) -> bool:
    """Tell whether `$tex$` is a formula.

    `before` and `after` are the characters outside the dollars, or empty.
    """
    if not tex.strip() or _FOREIGN.search(tex) or _has_cjk(tex):
        return False
    if _TEX.search(tex):
        return not _MANY_WORDS.search(_without_commands(tex))
    return not (_is_money(tex, before, after) or _WORDS.search(tex))


def is_display_formula(tex: str) -> bool:
    """Tell whether `$$tex$$` is a formula: one lost `$$` must not eat a page."""
    if not tex.strip():
        return False
    if _BLANK_LINE.search(tex):
        return not (_has_cjk(tex) or _MANY_WORDS.search(_without_commands(tex)))
    return bool(_TEX.search(tex)) or not (_has_cjk(tex) or _WORDS.search(tex))


def is_bracketed_formula(tex: str) -> bool:
    r"""Tell whether `\[tex\]` is one, and no escaped bracket: `\[1\]`, `\[ \]`."""
    return bool(_MATHS.search(tex)) and is_display_formula(tex)


def _is_money(tex: str, before: str, after: str) -> bool:
    """Tell money from letters and numbers without any TeX.

    `$5 and $10`, `$20 million`, `5$-10$`; and shell variables: `$HOME/$USER`.
    """
    lopsided = tex[0].isspace() != tex[-1].isspace()
    return (
        after.isdecimal()
        or (lopsided and bool(_LOPSIDED_WORD.search(tex)))
        or (before.isdecimal() and bool(_AMOUNT.fullmatch(tex)))
        or bool(_AMOUNT_OF.match(tex))
        or (after.isascii() and after.isalpha() and bool(_NAME.fullmatch(tex)))
    )


def _has_cjk(tex: str) -> bool:
    return not tex.isascii() and any(map(is_cjk, _WORDY.sub("", tex)))


def _without_commands(tex: str) -> str:
    return _COMMAND.sub(" ", _WORDY.sub("", tex))
