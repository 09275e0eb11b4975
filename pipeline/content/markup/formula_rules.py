r"""Formulas as rules of markdown-it: within a line, over lines, in code spans.

A formula reaches as far as its delimiters say, whatever Markdown would make of a
line in it (`=` a heading, `-` a list, nothing a new paragraph), but never out of the
quote or list item it stands in.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, replace

from markdown_it import MarkdownIt
from markdown_it.common.utils import mdTrim
from markdown_it.rules_block import StateBlock
from markdown_it.rules_core import StateCore
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token

from pipeline.content.markup.formulas import CANDIDATE, FormulaFinder, Found
from pipeline.content.markup.inline import InlineState
from pipeline.content.markup.sheet import Sheet

_DISPLAY_OPENER = re.compile(r"\$\$|\\{1,2}\[|\\begin\{")
# Hexo keeps its posts in source/_posts, and mostly without a date.
_JEKYLL_POST = re.compile(r"(?:.*/)?(?<!source/)_posts/(?:.*/)?\d{4}-\d\d?-\d\d?-[^/]*")
_BREAKS = frozenset({"softbreak", "hardbreak"})
_CODE_WRAPPED = re.compile(r"(\$\$?)(?=[^\s$])(.+)(?<=[^\s$])\1", re.DOTALL)


def add_formulas(md: MarkdownIt) -> None:
    """Teach `md` formulas."""
    md.inline.ruler.before("escape", "formula", formula)
    md.block.ruler.before(
        "lheading",
        "formula_paragraph",
        formula_paragraph,
        {"alt": ["paragraph", "blockquote"]},
    )
    md.core.ruler.after("inline", "code_wrapped_formulas", code_wrapped_formulas)
    md.core.ruler.after("inline", "formulas_of_jekyll", formulas_of_jekyll)


def formula(state: StateInline, silent: bool) -> bool:
    """Take a formula at the state's place."""
    if state.src[state.pos] not in "$\\" or not isinstance(state, InlineState):
        return False
    found = state.formulas.at(state.pos)
    if found is None or found.end > state.posMax:
        return False
    if not silent:
        _fill(state.push("formula", "", 0), found, state.src[found.start : found.end])
    state.pos = found.end
    return True


def _fill(token: Token, found: Found, written: str) -> None:
    token.content = written
    token.meta["found"] = found


def code_wrapped_formulas(state: StateCore) -> None:
    """Turn code spans that hold a formula in dollars into that formula."""
    for block in state.tokens:
        for token in block.children or ():
            if token.type != "code_inline":
                continue
            match = _CODE_WRAPPED.fullmatch(token.content)
            found = FormulaFinder(token.content).at(0) if match else None
            if found and found.end == len(token.content):
                token.type, token.tag = "formula", ""
                _fill(token, found, f"{token.markup}{token.content}{token.markup}")


def formulas_of_jekyll(state: StateCore) -> None:
    """Make `$$…$$` inline in Jekyll's posts where it shares its line with anything.

    kramdown knows this delimiter alone, for both kinds of formula
    (https://kramdown.gettalong.org/syntax.html#math-blocks).
    """
    sheet: Sheet = state.env["sheet"]
    if not _JEKYLL_POST.fullmatch(sheet.path):
        return
    for opening, block in zip(state.tokens, state.tokens[1:], strict=False):
        tokens, in_paragraph = block.children or [], opening.type == "paragraph_open"
        for place, token in enumerate(tokens):
            if token.type != "formula" or not token.content.startswith("$$"):
                continue
            if not (in_paragraph and _has_own_line(tokens, place)):
                token.meta["found"] = replace(token.meta["found"], display=False)


def _has_own_line(tokens: Sequence[Token], place: int) -> bool:
    beside = (*tokens[:place][-1:], *tokens[place + 1 :][:1])
    return all(token.type in _BREAKS for token in beside)


def formula_paragraph(
    state: StateBlock, start_line: int, end_line: int, silent: bool
) -> bool:
    """Take a paragraph in which a formula reaches over several lines.

    Silent, it is asked whether `start_line` ends the block before it: so does a
    display formula that stands outside of the quote or list item.
    """
    if silent:
        return _ends_lazy_text(state, start_line)
    if _is_known_plain(state, start_line, end_line):
        return False
    next_line, spans = _end_of_paragraph(state, start_line, end_line)
    if not spans:
        state.env["plain"] = _Plain(state.blkIndent, end_line, start_line, next_line)
        return False
    state.line = next_line
    lines = state.getLines(start_line, next_line, state.blkIndent, False)
    state.push("paragraph_open", "p", 1).map = [start_line, next_line]
    token = state.push("inline", "", 0)
    token.content = mdTrim(lines)
    token.map = [start_line, next_line]
    token.children = []
    state.push("paragraph_close", "p", -1)
    return True


def _ends_lazy_text(state: StateBlock, line: int) -> bool:
    if state.parentType != "blockquote" and state.sCount[line] >= state.blkIndent:
        return False
    start = state.bMarks[line] + state.tShift[line]
    if not _DISPLAY_OPENER.match(state.src, start):
        return False
    return _finder(state).at(start) is not None


@dataclass(frozen=True, slots=True)
class _Plain:
    """Lines of one block in which no formula spans lines."""

    indent: int
    end_line: int
    first: int
    after: int


def _is_known_plain(state: StateBlock, line: int, end_line: int) -> bool:
    """Tell whether a paragraph that begins at `line` was looked through already.

    Headings underlined with no blank line between would be looked through to the end
    for each of them.
    """
    known = state.env.get("plain")
    return (
        isinstance(known, _Plain)
        and (known.indent, known.end_line) == (state.blkIndent, end_line)
        and known.first <= line < known.after
    )


def _end_of_paragraph(
    state: StateBlock, start_line: int, end_line: int
) -> tuple[int, bool]:
    """Return the line after the paragraph, and whether a formula of it spans lines."""
    line, spans = start_line, False
    position = state.bMarks[line] + state.tShift[line]
    while True:
        end = _end_of_formula(state, position, line, end_line)
        if end is not None:
            line, position, spans = _line_of(state, end), end, True
            continue
        line += 1
        if line >= end_line or _ends_paragraph(state, line):
            return line, spans
        position = state.bMarks[line] + state.tShift[line]


def _end_of_formula(
    state: StateBlock, position: int, line: int, end_line: int
) -> int | None:
    """Return where a display formula ends that begins on `line` and leaves it."""
    line_end = state.eMarks[line]
    while piece := CANDIDATE.search(state.src, position, line_end):
        position = piece.end()
        if piece[0][0] == "`":
            closer = re.compile(rf"(?<!`){piece[0]}(?!`)")
            code = closer.search(state.src, position, line_end)
            position = code.end() if code else position
            continue
        found = _finder(state).at(piece.start())
        if found is None:
            continue
        if found.end <= line_end:
            position = found.end
        elif found.display and _stays_inside(state, line, end_line, found.end):
            return found.end
    return None


def _stays_inside(state: StateBlock, line: int, end_line: int, end: int) -> bool:
    last = _line_of(state, end)
    return last < end_line and all(
        state.isEmpty(between)
        or state.sCount[between] < 0
        or state.sCount[between] >= state.blkIndent
        for between in range(line + 1, last + 1)
    )


def _line_of(state: StateBlock, position: int) -> int:
    return bisect_right(state.bMarks, position - 1) - 1


def _ends_paragraph(state: StateBlock, line: int) -> bool:
    """Tell whether CommonMark ends a paragraph before `line`."""
    if state.isEmpty(line):
        return True
    if state.sCount[line] - state.blkIndent > 3 or state.sCount[line] < 0:
        return False
    parent, state.parentType = state.parentType, "paragraph"
    rules = state.md.block.ruler.getRules("paragraph")
    ends = any(rule(state, line, state.lineMax, True) for rule in rules)
    state.parentType = parent
    return ends


def _finder(state: StateBlock) -> FormulaFinder:
    finder = state.env.get("formulas")
    if not isinstance(finder, FormulaFinder):
        finder = state.env["formulas"] = FormulaFinder(state.src)
    return finder
