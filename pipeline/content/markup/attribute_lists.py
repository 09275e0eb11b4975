"""Attribute lists: kramdown's `{: …}`, Pandoc's `{…}`, those of headings.

They dress a text for its own site; in a feed or mail they would stand there in
braces. Only the ids of headings and the sizes of pictures stay.
"""

from __future__ import annotations

import re

from markdown_it import MarkdownIt
from markdown_it.rules_core import StateCore
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token

from pipeline.content.markup.sizes import sizes

_ATTRIBUTE = r"(?:[#.][\w:.-]+|[\w-]+=(?:\"[^\"\n]*\"|'[^'\n]*'|[^\s{}\"']+)|-)"
_LIST = rf"\{{:?[ \t]*({_ATTRIBUTE}(?:[ \t]+{_ATTRIBUTE})*)[ \t]*\}}"
_KRAMDOWN = re.compile(r"\{:[^{}\n]*\}")
_PANDOC = re.compile(_LIST)
_HEADING = re.compile(rf"[ \t]*{_LIST}[ \t]*$")
_ID = re.compile(r"#([\w:.-]+)")
_NAMED = re.compile(r"([\w-]+)=(?:\"([^\"]*)\"|'([^']*)'|([^\s{}\"']+))")
# Blank spaces and line breaks may stand between a picture and kramdown's list.
_BETWEEN = frozenset({"softbreak", "hardbreak"})


def add_attribute_lists(md: MarkdownIt) -> None:
    """Teach `md` to take attribute lists away."""
    md.inline.ruler.before("text", "attribute_list", attribute_list)
    md.core.ruler.before("inline", "heading_attributes", heading_attributes)


def attribute_list(state: StateInline, silent: bool) -> bool:
    """Take the list of a link, picture or code, or kramdown's at the end of a line."""
    if state.src[state.pos] != "{":
        return False
    match = _kramdown_list(state) or _pandoc_list(state)
    if match is None:
        return False
    if not silent:
        _size_picture(state, match[0])
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


def _kramdown_list(state: StateInline) -> re.Match[str] | None:
    match = _KRAMDOWN.match(state.src, state.pos, state.posMax)
    if match is None:
        return None
    follows_mark = state.pos > 0 and state.src[state.pos - 1] in ")]*_`\n"
    ends_line = state.src[match.end() : match.end() + 1] in ("", "\n")
    return match if follows_mark or ends_line else None


def _pandoc_list(state: StateInline) -> re.Match[str] | None:
    """Find a list without a colon: close behind a link, a picture or code."""
    follows = state.pos > 0 and state.src[state.pos - 1] in ")`]"
    if not follows or state.pending:
        return None
    return _PANDOC.match(state.src, state.pos, state.posMax)


def _size_picture(state: StateInline, written: str) -> None:
    """Give the sizes in a list to the picture it follows."""
    before = (token for token in reversed(state.tokens) if token.type not in _BETWEEN)
    picture: Token | None = next(before, None)
    if picture is None or picture.type != "image" or state.pending.strip():
        return
    for name, size in sizes(_named(written)).items():
        picture.attrSet(name, size)


def _named(written: str) -> dict[str, str]:
    found = _NAMED.findall(written)
    return {name: next(filter(None, values), "") for name, *values in found}
