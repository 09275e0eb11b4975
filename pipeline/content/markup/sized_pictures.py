"""Pictures as other dialects have them: `![a](b.png =300x200)`, `![a|300](b.png)`.

The sizes are markdown-it-imsize's and Obsidian's. A name with spaces,
`![a](b c.png)`, is how people call their files; CommonMark takes it for text.
"""

from __future__ import annotations

import re

from markdown_it import MarkdownIt
from markdown_it.rules_core import StateCore
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token

from pipeline.content.markup.sizes import sizes

# Bounded, so that thousands of `![` without an end stay cheap.
_TARGET = re.compile(
    r"\([ \t]*+((?:[^()\n\\]|\\.){1,1000}?(?:\([^()\n]{0,200}\)[^()\n]{0,500})?)\)"
)
_TITLE = re.compile(r"[ \t]+(?:\"([^\"]*)\"|'([^']*)')$")
_SIZE = re.compile(r"[ \t]+=(?=x?\d)([\d.]*(?:px|%)?)x?([\d.]*(?:px|%)?)$")
_IN_WORDS = re.compile(r"[ \t]*\|[ \t]*(\d{1,5})(?:x(\d{1,5}))?[ \t]*$")
_FILE = re.compile(r"\.[A-Za-z][A-Za-z0-9]{1,4}(?:[?#]\S*)?$")


def add_sized_pictures(md: MarkdownIt) -> None:
    """Teach `md` pictures with a size, and with spaces in their names."""
    md.inline.ruler.after("image", "sized_picture", sized_picture)
    md.core.ruler.after("inline", "size_in_words", sizes_in_words)


def sized_picture(state: StateInline, silent: bool) -> bool:
    """Take a picture that markdown-it's rule did not."""
    if not state.src.startswith("![", state.pos):
        return False
    label_end = state.md.helpers.parseLinkLabel(state, state.pos + 1, False)
    match = _TARGET.match(state.src, label_end + 1, state.posMax)
    if label_end < 0 or match is None:
        return False
    attributes = _read_target(match[1].rstrip())
    if not attributes:
        return False
    if not silent:
        _push(state, state.src[state.pos + 2 : label_end], attributes)
    state.pos = match.end()
    return True


def sizes_in_words(state: StateCore) -> None:
    """Take the size that ends the words of a picture, after a bar."""
    for block in state.tokens:
        for token in block.children or ():
            if token.type == "image" and "|" in token.content and token.children:
                _take_size(token, token.children[-1])


def _take_size(picture: Token, words: Token) -> None:
    found = _IN_WORDS.search(words.content)
    if found and words.type == "text":
        words.content = words.content[: found.start()]
        named = {"width": found[1], "height": found[2] or ""}
        for name, size in sizes(named).items():
            picture.attrSet(name, size)


def _read_target(written: str) -> dict[str, str]:
    """Return the attributes of the picture; empty for what names none."""
    title, written = _split(_TITLE, written)
    size, written = _split(_SIZE, written)
    if not title:
        title, written = _split(_TITLE, written)
    url = written.strip().removeprefix("<").removesuffix(">")
    if not url or not (size or _FILE.search(url)):
        return {}
    found = {"src": url, "alt": ""}
    if title:
        found["title"] = title[1] or title[2] or ""
    if size:
        found |= sizes({"width": size[1], "height": size[2]})
    return found


def _split(pattern: re.Pattern[str], written: str) -> tuple[re.Match[str] | None, str]:
    found = pattern.search(written)
    return found, written[: found.start()] if found else written


def _push(state: StateInline, label: str, attributes: dict[str, str]) -> None:
    token = state.push("image", "img", 0)
    token.attrs = {**attributes, "src": state.md.normalizeLink(attributes["src"])}
    token.content, token.children = label, []
    state.md.inline.parse(label, state.md, state.env, token.children)
