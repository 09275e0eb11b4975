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
# Some lexers are quadratic; a listing this long is data, not to be read in colour.
_LONGEST_COLOURED = 50_000


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
    lexer = _lexer(language) if len(text) <= _LONGEST_COLOURED else None
    text = text.rstrip()
    html = escape(text) if lexer is None else _colour(text, lexer)
    return f'<pre style="{style}"><code>{html.rstrip()}</code></pre>'


def _colour(text: str, lexer: Lexer) -> str:
    formatter = HtmlFormatter[str](noclasses=True, nowrap=True, style=_Daylight)
    return pygments.highlight(text, lexer, formatter)


@lru_cache(maxsize=64)
def _lexer(language: str) -> Lexer | None:
    try:
        return get_lexer_by_name(language, stripnl=False, ensurenl=False)
    except ClassNotFound:
        return None
