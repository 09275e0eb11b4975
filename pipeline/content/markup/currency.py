r"""What stands between two dollar signs: a formula, or money, prose and shell.

The rule was made on Chinese and English blogs. TeX hugs its dollars (`$x$`) or has a
space at both (`$ x $`); money and variables (`$5 and $6`, `$HOME/$USER`) leave one on
one side, or go on right after the second dollar. Chinese stands in `\text{}`, in
braces, in an index, or as what a formula gives: `速度=\frac{s}{t}`.
"""

from __future__ import annotations

import re

from pipeline.base.text import is_cjk

# \text{…} and its kin, with one level of braces inside.
_WORDY = re.compile(
    r"\\(?:text\w*|mbox|hbox|fbox|intertext|operatorname|math(?:rm|bf|it|sf|tt)|tag"
    r"|label|eqref|ref)\*?\s*\{(?:[^{}]|\{[^{}]*\})*\}"
)
_BRACED = re.compile(r"\{[^{}]*\}|(?<!\\)[_^]\w")
_COMMAND = re.compile(r"\\(?:[A-Za-z]+|.)", re.DOTALL)
# What only TeX has: commands (`\_` is Markdown too), `^`, and `_` but in snake_case.
_TEX = re.compile(
    r"\\[A-Za-z,;:!|{}\\]|\^|(?<![A-Za-z]{2})(?<!\\)_|(?<!\\)_(?![A-Za-z]{2})"
)
_MATHS = re.compile(r"\\[A-Za-z]|[\^{=<>+]|\b[A-Za-z]_")
_WORDS = re.compile(r"[A-Za-z]{2,}[\s,.;:!?]+[A-Za-z]{2,}")
_MANY_WORDS = re.compile(r"[A-Za-z]{2,}(?:[,.;:!?]*\s+[A-Za-z]{2,}){2}")
_FUNCTIONS = "sin|cos|tan|cot|sec|csc|log|ln|lg|exp|lim|max|min|sup|inf|mod|det|deg"
_WORD = re.compile(rf"(?<![A-Za-z\\])(?!(?:{_FUNCTIONS})\b)[A-Za-z]{{2,}}")
_FIRST_WORD = re.compile(r"\s+[,.;:!?(]*[A-Za-z]{2,}(?:[\s,.;:!?]|\Z)")
_LAST_WORD = re.compile(r"(?<![A-Za-z\\])[A-Za-z]{2,}[\s,.;:!?]*\Z")
# ` and ` lies between two formulas, not in dollars of its own.
_LINKING = re.compile(
    r"\s+(?:and|or|to|the|of|is|are|in|on|at|by|for|from|with|per|vs|than|then)\b"
)
_MARKS = re.compile(r"[\s,.;:!?'\"]+|[\s,.;:!?'\"|/&()–~-]*\s")
_AMOUNTS = re.compile(r"\s*\d[\d.,]*(?:[,;/–~-]\s+|\s+\d[\d.]*\s*)")
_PRICED = re.compile(r"(?:[\d{]|[A-Za-z]{2}).*\s.*", re.DOTALL)
_PRICE = re.compile(r"\d[^\\]*\Z")
_BRACED_NAME = re.compile(r"\{\w+\}\s")
_NAME = re.compile(r"[\w.,/\s-]{3,}")
_GOES_ON = re.compile(r"[\s:/=.,;+\-*&|<>@\"'(\[{]\Z")
# A code span, an end tag, a URL or a new paragraph lies between the dollars; or a
# formula in delimiters of its own (`\\[2pt]` is none).
_FOREIGN = re.compile(r"`|</[A-Za-z]|://|\]\(#?[./]|\n[ \t]*\n")
_DELIMITED = re.compile(
    r"(?<!\\)\\[(\[]|\\\\[(\[].*\\\\[)\]]"
    r"|\S\s*\\begin\{(?:equation|align|gather|multline|subequations)\*?\}",
    re.DOTALL,
)
_ADDRESS = re.compile(r"\\(?:href|url)\s*\{[^{}]*\}")
_CJK_NAME = re.compile(r"[^\W\d_A-Za-z]{1,8}(?=\s*=.*\\[A-Za-z]{2})")
_BLANK_LINE = re.compile(r"\n[ \t]*\n")
_BARE_DOLLAR = re.compile(r"(?<!\\)\$")


def is_inline_formula(tex: str, before: str, after: str) -> bool:
    """Tell whether `$tex$` is a formula.

    `before` and `after` are the characters outside the dollars, or empty.
    """
    if not tex.strip() or _is_foreign(tex) or _has_cjk(_without_name(tex)):
        return False
    if _is_between(tex, before, after) or _is_variable(tex, after):
        return False
    if _TEX.search(tex):
        return not _is_prose(tex)
    return not (_is_money(tex, before, after) or _WORDS.search(tex))


def is_quotation(tex: str, after: str) -> bool:
    """Tell whether `$tex$`, which is no formula, is a pair all the same: `$two words$`.

    Its second dollar then opens nothing.
    """
    hugged = not (tex[:1].isspace() or tex[-1:].isspace())
    return hugged and not _is_word(after) and bool(_WORDS.match(tex))


def is_display_formula(tex: str) -> bool:
    """Tell whether `$$tex$$` is a formula: one lost `$$` must not eat a page."""
    if not tex.strip():
        return False
    if _BLANK_LINE.search(tex):
        foreign = _has_cjk(tex) or _BARE_DOLLAR.search(_WORDY.sub("", tex))
        return not (foreign or _MANY_WORDS.search(_without_commands(tex)))
    if _TEX.search(tex):
        return True
    goes_on = tex[0] in ",.;:" and _WORD.search(tex)  # `echo $$; kill $$`
    return not (_has_cjk(tex) or _WORDS.search(tex) or goes_on)


def is_bracketed_formula(tex: str) -> bool:
    r"""Tell whether `\[tex\]` is one, and no escaped bracket: `\[1\]`, `\[ \]`."""
    return bool(_MATHS.search(tex)) and is_display_formula(tex)


def _is_foreign(tex: str) -> bool:
    tex = _ADDRESS.sub("", tex)
    return bool(_FOREIGN.search(tex) or _DELIMITED.search(_WORDY.sub("", tex)))


def _without_name(tex: str) -> str:
    """Return what a formula with a command gives a Chinese name to; else all."""
    name = _CJK_NAME.match(tex)
    return tex[name.end() :] if name else tex


def _is_between(tex: str, before: str, after: str) -> bool:
    """Tell whether the dollars look away: one closes before `tex`, one opens after.

    `$5 and $6`, `5$ and 6$`, `$5 a_b US$6`, `$hello world$ and $x$`, `a$ | $b`.
    """
    opens, closes = tex[0].isspace(), tex[-1].isspace()
    if _MARKS.fullmatch(tex) or (after.isdecimal() and _PRICED.fullmatch(tex)):
        return True
    if opens and closes:
        outside = _is_word(before) or _is_word(after)
        return not _TEX.search(tex) and (outside or bool(_LINKING.match(tex)))
    if opens:
        return _is_word(before) or bool(_FIRST_WORD.match(tex))
    if closes:
        opens_next = _is_word(after) or after in {"\\", "$", "`"}
        is_price = _PRICE.match(tex) and _WORD.search(tex)
        is_name = _BRACED_NAME.match(tex) or _LAST_WORD.search(tex)
        return opens_next or bool(is_price or is_name)
    return False


def _is_variable(tex: str, after: str) -> bool:
    """Tell shell and its like: `$HOME/$USER`, `${a} and ${b}`, `$i=$j`, `$a[$i]`."""
    if after and after in "({" and tex[0] == after:
        return True
    if not _is_word(after) or after.isdecimal() or "\\" in tex:
        return False
    return bool(_GOES_ON.search(tex)) or bool(not _TEX.search(tex) and _NAME.match(tex))


def _is_money(tex: str, before: str, after: str) -> bool:
    """Tell money from letters and numbers without any TeX.

    `$5/$10`, `$20 million`, `5$-10$`, `$5+tax, 5$`.
    """
    starts, ends = tex.lstrip()[0].isdecimal(), tex[-1].isdecimal()
    lopsided = tex[0].isspace() != tex[-1].isspace()
    words = bool(_WORD.search(tex))
    spaced = any(map(str.isspace, tex.strip()))
    return (
        after.isdecimal()
        or (lopsided and (starts or words or "{" in tex))
        or (starts and words and spaced)
        or (before.isdecimal() and ends and (words or not _has_letter(tex)))
        or bool(_AMOUNTS.fullmatch(tex))
    )


def _is_prose(tex: str) -> bool:
    """Tell whether words among TeX are a text that lies between two formulas."""
    spaced = tex[0].isspace() or tex[-1].isspace()
    certain = not spaced and "\\" in tex and not tex[0].isdecimal()
    return not certain and bool(_MANY_WORDS.search(_without_commands(tex)))


def _is_word(char: str) -> bool:
    """Tell whether a word or number, or a variable's brace, goes on with `char`."""
    return char.isascii() and (char.isalnum() or char in tuple("_{("))


def _has_letter(tex: str) -> bool:
    return any(char.isascii() and char.isalpha() for char in tex)


def _has_cjk(tex: str) -> bool:
    """Tell whether Chinese stands in `tex` as if it were prose."""
    if tex.isascii():
        return False
    bare = _WORDY.sub("", tex)
    while _TEX.search(tex) and (opened := _BRACED.sub("", bare)) != bare:
        bare = opened
    return any(map(is_cjk, bare))


def _without_commands(tex: str) -> str:
    return _COMMAND.sub(" ", _WORDY.sub("", tex))
