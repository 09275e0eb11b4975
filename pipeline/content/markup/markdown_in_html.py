"""Markdown in blocks of HTML that ask for it: `<div markdown="1">`.

As kramdown and Python-Markdown have it
(https://kramdown.gettalong.org/syntax.html#html-blocks). The opening tag is taken
alone, so that what follows is read as anywhere else, up to the line that closes it.
"""

from __future__ import annotations

import re

from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock, paragraph

from pipeline.content.markup.html_tags import TAG, read_attributes

_ASKING = frozenset({"1", "block", "span", ""})
_VERBATIM = frozenset({"pre", "script", "style", "textarea", "code"})


def add_markdown_in_html(md: MarkdownIt) -> None:
    """Teach `md` Markdown inside of HTML."""
    interrupts = ["paragraph", "reference", "blockquote"]
    md.block.ruler.before(
        "html_block", "markdown_in_html", markdown_in_html, {"alt": interrupts}
    )


def markdown_in_html(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """Take the tag that asks for Markdown in it, and what follows on its line."""
    tag = _asking_tag(state, start)
    if tag is None:
        return False
    if silent:
        return True
    _push_html(state, tag[0], start)
    rest = state.src[tag.end() : state.eMarks[start]]
    closing = re.search(rf"</{re.escape(tag['name'])}\s*>\s*\Z", rest, re.IGNORECASE)
    if closing:
        _push_inline(state, rest[: closing.start()], start)
        _push_html(state, closing[0], start)
    elif rest.strip():
        state.bMarks[start], state.tShift[start] = tag.end(), 0
        return paragraph(state, start, end, False)
    state.line = start + 1
    return True


def _asking_tag(state: StateBlock, line: int) -> re.Match[str] | None:
    begin = state.bMarks[line] + state.tShift[line]
    tag = TAG.match(state.src, begin, state.eMarks[line])
    if tag is None or tag["slash"] or tag["name"].lower() in _VERBATIM:
        return None
    asked = read_attributes(tag["attributes"]).get("markdown")
    return tag if asked in _ASKING else None


def _push_html(state: StateBlock, html: str, line: int) -> None:
    token = state.push("html_block", "", 0)
    token.content, token.map = html, [line, line + 1]


def _push_inline(state: StateBlock, content: str, line: int) -> None:
    token = state.push("inline", "", 0)
    token.content, token.map, token.children = content.strip(), [line, line + 1], []
