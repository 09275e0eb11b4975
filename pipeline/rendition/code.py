"""Blocks of code as HTML with inline styles, since readers and mail drop classes.

Pygments' lexers are regular expressions, most of them quadratic on some text and a few
exponential: what is coloured is bounded here, by figures from all 600 of them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from html import escape
from typing import ClassVar

import pygments
from pygments.formatters import HtmlFormatter
from pygments.lexer import Lexer
from pygments.lexers import get_lexer_by_name
from pygments.style import Style
from pygments.token import (
    Comment,
    Generic,
    Keyword,
    Name,
    Number,
    Operator,
    String,
    _TokenType,
)
from pygments.util import ClassNotFound

from pipeline.content.tree import Code, Element, Node

_INK = "#1f2328"
_PAPER = "#f6f8fa"
# Both colours are said, so that a reader in dark mode changes both or neither.
_STYLE = (
    f"margin:1em 0;padding:12px 14px;background-color:{_PAPER};color:{_INK};"
    "border-radius:6px;font-family:ui-monospace,SFMono-Regular,Menlo,Consolas,"
    "'Liberation Mono',monospace;font-size:13px;line-height:1.5;"
)
_SCROLLS = "overflow-x:auto"
_WRAPS = "white-space:pre-wrap;overflow-wrap:anywhere"
MOST_COLOURED = 50_000
"""Characters of code of one post: the lexers take a second for them, more or less."""

# What no person types, and makes nearly every lexer quadratic: `a` 10,000 times took
# the one of C# 20 s, as many line feeds that of C 12 s.
_UNTYPED = re.compile(r"[^\n]{301}|(?:[ \t]*\n){11}")
# Where a string is left open, that of Scala and a dozen others take twice the time for
# each further `\\` in it: 16 of them 0.8 s.
_MOST_DOUBLE_BACKSLASHES = 12
_LONGEST_COLOURED = 10_000
# These took 0.2 to 1.3 s for 3,000 characters in short lines, a quarter of it for
# 1,500; others 0.03 s. One such listing uses up what a post may have in colour.
_LONGEST_SLOW = 3_000
_SLOW_DIVISOR = _LONGEST_SLOW**2 // MOST_COLOURED
_SLOW = frozenset(
    {"aspectj", "autoit", "ceylon", "csharp", "devicetree", "gosu", "groovy", "idris"}
    | {"java", "nemerle", "org", "peg", "ragel", "ragel-java", "sarl", "sas", "systemd"}
    | {"thrift", "tid", "trac-wiki", "ucode", "urlencoded", "wikitext", "xtend"}
)
# These take twice the time for each further character of some texts of 30; that of X++
# 3 s for any 3,000.
_ENDLESS = frozenset(
    {"common-lisp", "emacs-lisp", "fancy", "maple", "rita", "smithy", "xpp"}
)


class _Daylight(Style):
    """Few colours, all at least 4.5:1 on the paper (WCAG 2.2, 1.4.3)."""

    background_color = _PAPER
    styles: ClassVar[Mapping[_TokenType, str]] = {
        Comment: "#57606a",
        Comment.Preproc: "#a40e26",
        Generic.Deleted: "#a40e26",
        Generic.Inserted: "#0f5f2c",
        Generic.Heading: "#0a3069",
        Generic.Output: "#57606a",
        Generic.Prompt: "#57606a",
        Keyword: "#a40e26",
        Keyword.Constant: "#0550ae",
        Name.Attribute: "#0550ae",
        Name.Builtin: "#0550ae",
        Name.Class: "#8a3600",
        Name.Constant: "#0550ae",
        Name.Decorator: "#6639ba",
        Name.Exception: "#8a3600",
        Name.Function: "#6639ba",
        Name.Tag: "#0f5f2c",
        Number: "#0550ae",
        Operator.Word: "#a40e26",
        String: "#0a3069",
    }


def limit_colours(nodes: Iterable[Node]) -> tuple[Node, ...]:
    """Return a post's nodes with the language of as much code as may be coloured.

    Code beyond `MOST_COLOURED` characters of one post, in reading order, has none.
    """
    return tuple(_limit(nodes, _Budget()))


class _Budget:
    """How many characters may still be coloured."""

    def __init__(self) -> None:
        self._left = MOST_COLOURED

    def allows(self, code: Code) -> bool:
        """Tell whether `code` may be coloured, and count it if it may."""
        lexer = _lexer(code.language)
        cost = _cost(code.text, lexer) if lexer else 0
        allowed = cost <= self._left
        self._left -= cost if allowed else 0
        return allowed


def _cost(text: str, lexer: Lexer) -> int:
    is_slow = _is_in(_SLOW, lexer)
    return max(len(text) ** 2 // _SLOW_DIVISOR if is_slow else 0, len(text))


def _limit(nodes: Iterable[Node], budget: _Budget) -> Iterable[Node]:
    for node in nodes:
        match node:
            case Code(text) if not budget.allows(node):
                yield Code(text)
            case Element(children=children) if children:
                yield node.with_children(_limit(children, budget))
            case _:
                yield node


def highlight(text: str, language: str, *, wraps: bool) -> str:
    """Return a `pre` with `text` coloured as `language`; plain where it is unknown.

    Long lines wrap when `wraps`, for mail, and scroll otherwise.
    """
    style = _STYLE + (_WRAPS if wraps else _SCROLLS)
    text = text.rstrip()
    html = _colour(text, language) or escape(text, quote=False)
    return f'<pre style="{style}"><code>{html}</code></pre>'


# A post's code is shown in its feed and its mail, whole and as an excerpt.
@lru_cache(maxsize=64)
def _colour(text: str, language: str) -> str | None:
    """Return `text` in colour; None for an unknown language or a lexer that loses some.

    None also where the lexer could take too long. Lexers that need a last line feed
    (console sessions) get one; it is cut again.
    """
    lexer = _lexer(language)
    if lexer is None or len(text) > _longest(lexer) or _is_hostile(text):
        return None
    tokens = list(lexer.get_tokens(text + "\n"))
    if "".join(value for _, value in tokens).rstrip() != text:
        return None
    formatter = HtmlFormatter[str](noclasses=True, nowrap=True, style=_Daylight)
    return pygments.format(iter(tokens), formatter).rstrip()


def _is_hostile(text: str) -> bool:
    backslashes = text.count("\\\\")
    return backslashes > _MOST_DOUBLE_BACKSLASHES or bool(_UNTYPED.search(text))


def _longest(lexer: Lexer) -> int:
    return _LONGEST_SLOW if _is_in(_SLOW, lexer) else _LONGEST_COLOURED


def _is_in(names: frozenset[str], lexer: Lexer) -> bool:
    return not names.isdisjoint(lexer.aliases)


@lru_cache(maxsize=64)
def _lexer(language: str) -> Lexer | None:
    try:
        lexer = get_lexer_by_name(language, stripnl=False)
    except ClassNotFound:
        return None
    return None if _is_in(_ENDLESS, lexer) else lexer
