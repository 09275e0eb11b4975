"""The inline parser of Markdown: markdown-it's, with a state of our own.

The state knows CJK emphasis and finds formulas; `ParserInline.parse` makes states
by the name of their class, hence the copy of its four lines here.
"""

from __future__ import annotations

from functools import cached_property
from typing import Literal

from markdown_it import MarkdownIt
from markdown_it.parser_inline import ParserInline
from markdown_it.rules_inline.state_inline import Scanned, StateInline
from markdown_it.token import Token
from markdown_it.utils import EnvType

from pipeline.content.markup.emphasis import scan_run
from pipeline.content.markup.formulas import FormulaFinder


class InlineState(StateInline):
    """The state of parsing one paragraph, heading or table cell."""

    _counted = (0, 0)

    @cached_property
    def formulas(self) -> FormulaFinder:
        """The formulas of this text."""
        return FormulaFinder(self.src)

    def push(self, ttype: str, tag: str, nesting: Literal[-1, 0, 1]) -> Token:
        """Push a token that knows how many line breaks of the text are before it."""
        token = super().push(ttype, tag, nesting)
        if ttype != "text":
            token.meta["breaks"] = self._breaks_before(self.pos)
        return token

    def _breaks_before(self, position: int) -> int:
        counted, breaks = self._counted if self._counted[0] <= position else (0, 0)
        breaks += self.src.count("\n", counted, position)
        self._counted = position, breaks
        return breaks

    def scanDelims(self, start: int, canSplitWord: bool) -> Scanned:
        """Scan a run of emphasis marks, friendly to CJK."""
        return scan_run(self.src, start, self.posMax, canSplitWord)


class InlineParser(ParserInline):
    """markdown-it's inline parser around `InlineState`."""

    def parse(
        self, src: str, md: MarkdownIt, env: EnvType, tokens: list[Token]
    ) -> list[Token]:
        """Parse `src` and push its tokens onto `tokens`."""
        state = InlineState(src, md, env, tokens)
        self.tokenize(state)
        for rule in self.ruler2.getRules(""):
            rule(state)
        return state.tokens
