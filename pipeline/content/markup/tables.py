"""Tables whose cells hold formulas with bars: `$|x|$`.

The bars are hidden from markdown-it's rule by a character as long, so that every
place in the source stays. `\\|` is a bar that the author hid, as GFM has it.
"""

from __future__ import annotations

import re

from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock
from markdown_it.rules_block import table as markdown_table

from pipeline.content.markup.formulas import CANDIDATE, FormulaFinder

# A noncharacter (Unicode 23.7), as long as the bar.
_HIDDEN_BAR = "\ufdd2"

_BAR = re.compile(r"(?<!\\)\|")


def add_tables(md: MarkdownIt) -> None:
    """Teach `md` tables."""
    md.enable("table")
    md.block.ruler.at("table", table, {"alt": ["paragraph", "reference"]})


def table(state: StateBlock, start_line: int, end_line: int, silent: bool) -> bool:
    """Take a table, its formulas' bars hidden from the rule that splits its rows."""
    source, before = state.src, len(state.tokens)
    state.src = _source_with_bars_hidden(state)
    taken = markdown_table(state, start_line, end_line, silent)
    state.src = source
    for token in state.tokens[before:]:
        token.content = token.content.replace(_HIDDEN_BAR, "|")
    return taken


def _source_with_bars_hidden(state: StateBlock) -> str:
    """Return the whole source so; worked out once a text, whatever its tables."""
    hidden = state.env.get("bars_hidden")
    if not isinstance(hidden, str):
        rows = state.src.splitlines(keepends=True)
        hidden = state.env["bars_hidden"] = "".join(map(_hide_bars, rows))
    return hidden


def _hide_bars(row: str) -> str:
    if "|" not in row or not ("$" in row or "\\" in row):
        return row
    finder, pieces, done = FormulaFinder(row), list[str](), 0
    while candidate := CANDIDATE.search(row, done):
        found = None if candidate[0][0] == "`" else finder.at(candidate.start())
        end = found.end if found else candidate.end()
        pieces.append(row[done : candidate.start()])
        shown = row[candidate.start() : end]
        pieces.append(_BAR.sub(_HIDDEN_BAR, shown) if found else shown)
        done = end
    return "".join(pieces) + row[done:]
