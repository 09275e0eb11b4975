"""Subscripts and superscripts: `H~2~O`, `x^2^`, `10^-3^`, and citations `^[1]^`.

Pandoc's and Typora's marks, only where nothing else can be meant: `3~5天，7~9天` are
ranges, `a^b+c^d` is a formula in prose, `^_^` is a face.
"""

from __future__ import annotations

import re

from markdown_it import MarkdownIt
from markdown_it.rules_inline import StateInline

_RAISED = re.compile(
    r"\^([+\-−]?[A-Za-z0-9]{1,10}[+\-−]?|[+\-−]|\[\d{1,3}(?:[,，–-]\d{1,3}){0,9}\])"
    r"\^(?![A-Za-z0-9^])"
)
_LOWERED = re.compile(
    r"~(?:([0-9]{1,4}[+\-−]?)~|((?:[A-Za-z]{1,5}|[A-Za-z][+\-−]\d))~(?![A-Za-z0-9]))(?!~)"
)
_BEFORE_RAISED = re.compile(r"[^\W_]|[)\]）*_”]")
_BEFORE_NUMBER = re.compile(r"[A-Za-zͰ-Ͽ)\]*_]")
# `x~i~`, `pK~a~`, but not `bye~bye~`.
_BEFORE_LETTERS = re.compile(r"(?:^|[^A-Za-z])(?:[A-Za-z]{1,2}|[Ͱ-Ͽ)\]*_])$")


def add_indices(md: MarkdownIt) -> None:
    """Teach `md` subscripts and superscripts."""
    md.inline.ruler.before("strikethrough", "index", index)


def index(state: StateInline, silent: bool) -> bool:
    """Take a subscript or superscript."""
    match state.src[state.pos]:
        case "^":
            found, tag = _raised(state), "sup"
        case "~":
            found, tag = _lowered(state), "sub"
        case _:
            return False
    if found is None:
        return False
    if not silent:
        state.push(f"{tag}_open", tag, 1)
        state.push("text", "", 0).content = found[1] or found[2]
        state.push(f"{tag}_close", tag, -1)
    state.pos = found.end()
    return True


def _raised(state: StateInline) -> re.Match[str] | None:
    before = state.src[max(state.pos - 1, 0) : state.pos]
    if not _BEFORE_RAISED.match(before):
        return None
    found = _RAISED.match(state.src, state.pos, state.posMax)
    # Faces, `哈哈^o^`, follow Chinese as well.
    is_word = found is not None and (before.isascii() or re.search(r"\d", found[1]))
    return found if is_word else None


def _lowered(state: StateInline) -> re.Match[str] | None:
    found = _LOWERED.match(state.src, state.pos, state.posMax)
    if found is None:
        return None
    before = state.src[max(state.pos - 3, 0) : state.pos]
    pattern = _BEFORE_NUMBER if found[1] else _BEFORE_LETTERS
    text = before[-1:] if found[1] else before
    return found if pattern.search(text) else None
