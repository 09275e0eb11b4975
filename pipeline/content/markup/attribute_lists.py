"""Attribute lists: `{#id .class}` of headings, `{: …}` of kramdown. Only ids stay.

They dress a text for its own site; in a feed or mail they would stand there in
braces.
"""

from __future__ import annotations

import re

from markdown_it import MarkdownIt
from markdown_it.rules_core import StateCore
from markdown_it.rules_inline import StateInline

_KRAMDOWN = re.compile(r"\{:[^{}\n]*\}")
_HEADING = re.compile(
    r"[ \t]*\{:?[ \t]*((?:[#.][\w:.-]+|[\w-]+=(?:\"[^\"]*\"|[^\s{}\"]+)|-)"
    r"(?:[ \t]+(?:[#.][\w:.-]+|[\w-]+=(?:\"[^\"]*\"|[^\s{}\"]+)))*)[ \t]*\}[ \t]*$"
)
_ID = re.compile(r"#([\w:.-]+)")


def add_attribute_lists(md: MarkdownIt) -> None:
    """Teach `md` to take attribute lists away."""
    md.inline.ruler.before("text", "attribute_list", attribute_list)
    md.core.ruler.before("inline", "heading_attributes", heading_attributes)


def attribute_list(state: StateInline, silent: bool) -> bool:
    """Take a kramdown list: it follows a mark of its own, or ends the line."""
    if state.src[state.pos] != "{":
        return False
    match = _KRAMDOWN.match(state.src, state.pos, state.posMax)
    if match is None:
        return False
    follows_mark = state.pos > 0 and state.src[state.pos - 1] in ")]*_`\n"
    if not follows_mark and state.src[match.end() : match.end() + 1] not in ("", "\n"):
        return False
    state.pos = match.end()
    return True


def heading_attributes(state: StateCore) -> None:
    """Take the list that ends a heading; its id becomes the heading's."""
    for opening, inline in zip(state.tokens, state.tokens[1:], strict=False):
        if opening.type != "heading_open" or "{" not in inline.content:
            continue
        match = _HEADING.search(inline.content)
        if match is None:
            continue
        inline.content = inline.content[: match.start()]
        found = _ID.search(match[1])
        if found:
            opening.attrSet("id", found[1])
