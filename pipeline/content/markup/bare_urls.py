"""Bare URLs and mail addresses become links, and stop where Chinese goes on.

As GFM's autolinks (https://github.github.com/gfm/, section 6.9) otherwise: trailing
punctuation is not part of the URL, brackets only in pairs.
"""

from __future__ import annotations

import re
from collections import Counter

from markdown_it import MarkdownIt
from markdown_it.common.utils import isLinkClose, isLinkOpen
from markdown_it.rules_core import StateCore
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token

_SCHEME = re.compile(r"(?:^|(?<=[^A-Za-z0-9+.-]))(https?|ftp)\Z", re.IGNORECASE)
_HOST = (
    r"(?:[A-Za-z0-9_.~%:@-]+|[^\W_](?:[\w.-]*\w)?(?::\d+)?|\[[0-9A-Fa-f:.]+\](?::\d+)?)"
)
# CJK punctuation and full-width forms end it; a letter of another script belongs to
# it only after a delimiter or its like: `/wiki/数学`, but not `/paper的结论`.
_TAIL = (
    r"(?:[!#-;=?-_a-~]"
    r"|(?<![A-Za-z0-9])[^\W\x00-\x7f\uff00-\uffef])*"
)
_AFTER_SCHEME = re.compile(rf"://{_HOST}(?:[/?#]{_TAIL})?")
_WWW = rf"(?<![\w./@-])www\.[A-Za-z0-9-]+\.[A-Za-z0-9.-]*[A-Za-z](?:[/?#:]{_TAIL})?"
# What goes on behind it is a place on a server: `git@github.com:ann/post.git`.
_MAIL = (
    r"(?<![A-Za-z0-9._+/:@-])[A-Za-z0-9][A-Za-z0-9._+-]{0,63}"
    r"@(?:[A-Za-z0-9-]{1,63}\.){1,8}[A-Za-z]{2,24}"
    r"(?![A-Za-z0-9@/_-]|:[\w/]|\.[A-Za-z0-9])"
)
_WITHOUT_SCHEME = re.compile(rf"{_WWW}|(?P<mail>{_MAIL})")
_TRAILING = re.compile(r"(?:[?!.,:;*_~'\"]|&[A-Za-z0-9]+;)\Z")
_OPENERS = {")": "(", "]": "[", "}": "{"}
_BRACKETS = frozenset("()[]{}")


def add_bare_urls(md: MarkdownIt) -> None:
    """Teach `md` bare URLs, with a scheme or `www.`, and mail addresses."""
    md.inline.ruler.after("newline", "bare_url", bare_url)
    md.core.ruler.after("inline", "bare_www", bare_www)


def bare_url(state: StateInline, silent: bool) -> bool:
    """Take a URL whose `://` stands at the state's place."""
    if silent or state.linkLevel or not state.src.startswith("://", state.pos):
        return False
    scheme = _SCHEME.search(state.pending[-6:])
    if scheme is None:
        return False
    match = _AFTER_SCHEME.match(state.src, state.pos, state.posMax)
    url = trim(scheme[1] + match[0]) if match else ""
    if len(url) <= len(scheme[1]) + 3:
        return False
    state.pending = state.pending[: -len(scheme[1])]
    for token in _link(url, url, state.level):
        state.push(token.type, token.tag, token.nesting)
        state.tokens[-1].attrs = token.attrs
        state.tokens[-1].content = token.content
    state.pos += len(url) - len(scheme[1])
    return True


def bare_www(state: StateCore) -> None:
    """Turn `www.` and mail addresses in text into links."""
    for block in state.tokens:
        if block.children and ("www." in block.content or "@" in block.content):
            block.children = _with_links(block.children)


def trim(url: str) -> str:
    """Return `url` without trailing punctuation and unpaired closing brackets."""
    counts = Counter(char for char in url if char in _BRACKETS)
    end = len(url)
    while end:
        last = url[end - 1]
        if last in _OPENERS and counts[_OPENERS[last]] < counts[last]:
            counts[last] -= 1
            end -= 1
        elif match := _TRAILING.search(url, max(end - 33, 0), end):
            end = match.start()
        else:
            break
    return url[:end]


def _with_links(tokens: list[Token]) -> list[Token]:
    linked: list[Token] = []
    depth = 0
    for token in tokens:
        depth += _link_nesting(token)
        if token.type == "text" and not depth:
            linked.extend(_split(token))
        else:
            linked.append(token)
    return linked


def _link_nesting(token: Token) -> int:
    if token.type == "html_inline":
        return isLinkOpen(token.content) - isLinkClose(token.content)
    return token.nesting if token.type.startswith("link_") else 0


def _split(token: Token) -> list[Token]:
    pieces: list[Token] = []
    done = 0
    for match in _WITHOUT_SCHEME.finditer(token.content):
        scheme = "mailto:" if match["mail"] else "http://"
        url = match["mail"] or trim(match[0])
        pieces.append(_text(token.content[done : match.start()], token.level))
        pieces.extend(_link(url, scheme + url, token.level))
        done = match.start() + len(url)
    return [*pieces, _text(token.content[done:], token.level)]


def _link(text: str, url: str, level: int) -> list[Token]:
    opening = Token("link_open", "a", 1, attrs={"href": url}, level=level)
    closing = Token("link_close", "a", -1, level=level)
    return [opening, _text(text, level + 1), closing]


def _text(text: str, level: int) -> Token:
    return Token("text", "", 0, content=text, level=level)
