"""Tokens of markdown-it to the HTML that the sanitiser reads.

What HTML cannot carry goes onto the sheet's shelf on the way.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from markdown_it.common.utils import unescapeAll
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token
from markdown_it.utils import EnvType, OptionsDict

from pipeline.content.markup.footnotes import back_link_html, reference_html
from pipeline.content.markup.formulas import Found
from pipeline.content.markup.rawhtml import RawHtml
from pipeline.content.markup.sheet import Sheet
from pipeline.content.markup.softbreaks import softbreak_at
from pipeline.content.tree import Code, Formula

# `js`, `{.python .numberLines}`, `{r, echo=FALSE}`, `go {hl_lines=[2]}`, `c++`
_LANGUAGE = re.compile(r"[\s{.]*([\w#+-]+)")


class Renderer(RendererHTML):
    """One rule a method, named as its token; markdown-it finds them by name.

    It keeps nothing of a text: that is in `env`, under `sheet` and `raw`.
    """

    def formula(
        self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType
    ) -> str:
        """Shelve a formula."""
        found: Found = tokens[idx].meta["found"]
        node = found.as_node(tokens[idx].meta.get("line", 0))
        return _sheet(env).shelf.put(node, tokens[idx].content)

    def fence(
        self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType
    ) -> str:
        """Shelve a fenced block: a formula where its language is math, else code."""
        token = tokens[idx]
        match = _LANGUAGE.match(unescapeAll(token.info))
        language = match[1].lower() if match else ""
        if language == "math":
            line = _sheet(env).first_line + (token.map[0] if token.map else 0)
            formula = Formula(token.content.strip(), True, line)
            return _sheet(env).shelf.put(formula, token.content)
        return _shelve_code(token, language, env)

    def code_block(
        self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType
    ) -> str:
        """Shelve an indented block."""
        return _shelve_code(tokens[idx], "", env)

    def softbreak(
        self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType
    ) -> str:
        """Show a line break as its site does: as one, a space, or nothing."""
        return "<br>" if _sheet(env).hard_breaks else softbreak_at(tokens, idx)

    def html_block(
        self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType
    ) -> str:
        """Prepare a block of HTML."""
        token = tokens[idx]
        line = _sheet(env).first_line + (token.map[0] if token.map else 0)
        return _raw(env).prepare(token.content, line)

    def html_inline(
        self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType
    ) -> str:
        """Prepare a tag in a line."""
        token = tokens[idx]
        before = tokens[idx - 1].content if idx else ""
        return _raw(env).prepare(token.content, token.meta.get("line", 0), before)

    def callout_title_open(
        self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType
    ) -> str:
        """Open the title of a callout, bold where no style sheet is."""
        return '<p class="callout-title"><strong>'

    def callout_title_close(
        self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType
    ) -> str:
        """Close the title of a callout."""
        return "</strong></p>"

    def footnote_ref(
        self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType
    ) -> str:
        """Show the number of a footnote."""
        return reference_html(tokens[idx])

    def footnote_block_open(
        self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType
    ) -> str:
        """Open the list of footnotes."""
        return '<section class="footnotes"><ol>'

    def footnote_block_close(
        self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType
    ) -> str:
        """Close the list of footnotes."""
        return "</ol></section>"

    def footnote_open(
        self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType
    ) -> str:
        """Open a footnote."""
        return f'<li id="fn-{tokens[idx].meta["id"] + 1}">'

    def footnote_close(
        self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType
    ) -> str:
        """Close a footnote."""
        return "</li>"

    def footnote_anchor(
        self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType
    ) -> str:
        """Link back from a footnote."""
        return back_link_html(tokens[idx], chinese=_sheet(env).chinese)

    def renderInlineAsText(
        self, tokens: Sequence[Token] | None, options: OptionsDict, env: EnvType
    ) -> str:
        """Return what the words in `![…]` say, a formula as it was written."""
        return "".join(
            token.content
            if token.type == "formula"
            else super(Renderer, self).renderInlineAsText([token], options, env)
            for token in tokens or ()
        )


def _shelve_code(token: Token, language: str, env: EnvType) -> str:
    text = token.content.removesuffix("\n")
    return _sheet(env).shelf.put(Code(text, language), token.content)


def _sheet(env: EnvType) -> Sheet:
    sheet: Sheet = env["sheet"]
    return sheet


def _raw(env: EnvType) -> RawHtml:
    raw: RawHtml = env["raw"]
    return raw
