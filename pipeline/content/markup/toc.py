"""Where a site shows its table of contents: left out, since feeds and mail have none.

[TOC]   [[toc]]   [[_TOC_]]   @[toc](title)   {:toc}   * any words
                                                       {:toc}
"""

from __future__ import annotations

import re

from markdown_it import MarkdownIt
from markdown_it.rules_core import StateCore
from markdown_it.token import Token

_MARK = re.compile(
    r"(?:@?\[toc\](?:\([^()\n]*\))?|\[\[_?toc_?\]\]|\{:?[ \t]*toc\}|\$\{toc\})"
    r"[ \t]*(?:\n|\Z)",
    re.IGNORECASE,
)
_LISTED = re.compile(r"[^\n]*\n?\{:[ \t]*toc\b[^{}\n]*\}\s*\Z", re.IGNORECASE)
_LIST = [
    *("list_item_open", "paragraph_open", "inline", "paragraph_close"),
    "list_item_close",
]


def add_toc(md: MarkdownIt) -> None:
    """Teach `md` to leave tables of contents out."""
    md.core.ruler.before("inline", "toc", leave_toc_out)


def leave_toc_out(state: StateCore) -> None:
    """Take the marks out that stand on a line of their own, with their list."""
    if "TOC" in state.env.get("references", {}):
        return
    kept: list[Token] = []
    place = 0
    while place < len(state.tokens):
        step = _length_at(state.tokens, place)
        kept += () if step else state.tokens[place : place + 1]
        place += step or 1
    state.tokens = kept


def _length_at(tokens: list[Token], place: int) -> int:
    """Return how many tokens from `place` on are a table of contents."""
    opening = tokens[place]
    if opening.type.endswith("_list_open"):
        types = [token.type for token in tokens[place + 1 : place + 6]]
        is_alone = types == _LIST and tokens[place + 6].type.endswith("_list_close")
        return 7 if is_alone and _LISTED.match(tokens[place + 3].content) else 0
    if opening.type == "paragraph_open":
        return 0 if _shorten(tokens[place + 1]) else 3
    return 0


def _shorten(inline: Token) -> bool:
    """Take a mark off a paragraph's first line; tell whether anything is left."""
    match = _MARK.match(inline.content)
    if match:
        inline.content = inline.content[match.end() :]
        inline.map = [inline.map[0] + 1, inline.map[1]] if inline.map else None
    return bool(inline.content) or not match
