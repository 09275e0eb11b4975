"""The line of its file for each formula, link and picture of a Markdown text.

markdown-it knows the lines of blocks; within one `InlineState` counts the breaks
before each token, and those beside a bare URL are counted here.
"""

from __future__ import annotations

from collections.abc import Iterable

from markdown_it.rules_core import StateCore
from markdown_it.token import Token

from pipeline.content.markup.sheet import Sheet


def number_lines(state: StateCore) -> None:
    """Write its line into every inline token that a fault may be about."""
    sheet: Sheet = state.env["sheet"]
    for block in state.tokens:
        if block.children:
            start = block.map[0] + sheet.first_line if block.map else 0
            _number(block.children, start, sheet)


def _number(tokens: Iterable[Token], start: int, sheet: Sheet) -> None:
    line = start
    for token in tokens:
        line = start + token.meta.get("breaks", line - start) if start else 0
        if token.type in {"softbreak", "hardbreak"}:
            line += 1
        elif token.type in {"formula", "html_inline"}:
            token.meta["line"] = line
        elif token.type in {"link_open", "image"}:
            sheet.check_url(
                str(token.attrGet("href") or token.attrGet("src") or ""), line
            )
            token.attrSet("data-line", str(line))
