"""Blocks of code as HTML with inline styles, since readers and mail drop classes."""

from __future__ import annotations

from collections.abc import Mapping
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
# Some lexers are quadratic: 49,000 signs took one over 20 s, 10,000 take half a one.
_LONGEST_COLOURED = 10_000


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


def highlight(text: str, language: str, *, wraps: bool) -> str:
    """Return a `pre` with `text` coloured as `language`; plain where it is unknown.

    Long lines wrap when `wraps`, for mail, and scroll otherwise.
    """
    style = _STYLE + (_WRAPS if wraps else _SCROLLS)
    text = text.rstrip()
    html = _colour(text, language) or escape(text, quote=False)
    return f'<pre style="{style}"><code>{html}</code></pre>'


def _colour(text: str, language: str) -> str | None:
    """Return `text` in colour; None for an unknown language or a lexer that loses some.

    Lexers that need a last line feed (console sessions) get one; it is cut again.
    """
    lexer = _lexer(language) if len(text) <= _LONGEST_COLOURED else None
    if lexer is None:
        return None
    tokens = list(lexer.get_tokens(text + "\n"))
    if "".join(value for _, value in tokens).rstrip() != text:
        return None
    formatter = HtmlFormatter[str](noclasses=True, nowrap=True, style=_Daylight)
    return pygments.format(iter(tokens), formatter).rstrip()


@lru_cache(maxsize=64)
def _lexer(language: str) -> Lexer | None:
    try:
        return get_lexer_by_name(language, stripnl=False)
    except ClassNotFound:
        return None
