"""Callouts, one form for all that write them: a quotation with a title in bold.

    > [!note] Title          Obsidian, GitHub
    !!! note "Title"         MkDocs, Python-Markdown, its text indented
    :::tip Title … :::       Docusaurus, VuePress, Pandoc

`::: details` folds, as on its site; a container of another name leaves its inside.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from markdown_it import MarkdownIt
from markdown_it.ruler import RuleOptionsType
from markdown_it.rules_block import StateBlock
from markdown_it.rules_core import StateCore
from markdown_it.token import Token
from markdown_it.utils import EnvType

from pipeline.content.markup.callout_kinds import is_kind, title_of
from pipeline.content.markup.sheet import Sheet

_QUOTED = re.compile(
    r"\[!([^\W\d_][\w-]*)(?:\|[^\]\n]*)?\][+-]?[ \t]*([^\n]*)(?:\n|\Z)"
)
_INDENTED = re.compile(
    r"(?:!!!|\?\?\?\+?)[ \t]+([A-Za-z][\w-]*)(?:[ \t]+[\w-]+)*[ \t]*"
    r"(?:\"([^\"]*)\")?[ \t]*"
)
_CONTAINER = re.compile(
    r":{3,}[ \t]*(?:\{[^{}]*?\.(?:callout-)?(?P<pandoc>[A-Za-z][\w-]*)[^{}]*\}[ \t:]*"
    r"|(?P<name>[^\W\d_][\w-]*)(?P<title>.*))"
)
_PANDOC_TITLE = re.compile(r"title=\"([^\"]*)\"")
_AFTER_TITLE = re.compile(r"\{[^{}]*\}|[:\s]+\Z")
_END = re.compile(r":{3,}[ \t]*")
_QUOTATION = ["blockquote_open", "paragraph_open", "inline"]
_FENCE = re.compile(r"(`{3,}|~{3,})")
_INTERRUPTS: RuleOptionsType = {"alt": ["paragraph", "reference", "blockquote", "list"]}
_INDENT = 4


def add_callouts(md: MarkdownIt) -> None:
    """Teach `md` callouts."""
    md.block.ruler.before("fence", "container", container, _INTERRUPTS)
    md.block.ruler.before("fence", "admonition", admonition, _INTERRUPTS)
    md.core.ruler.after("block", "quoted_callouts", quoted_callouts)


def quoted_callouts(state: StateCore) -> None:
    """Make callouts of the quotations that begin with a kind in brackets."""
    kept: list[Token] = []
    for token in state.tokens:
        begins = [near.type for near in (*kept[-2:], token)] == _QUOTATION
        found = _QUOTED.match(token.content) if begins else None
        if found is None:
            kept.append(token)
            continue
        paragraph = kept.pop()
        kept[-1].attrSet("class", _classes(found[1]))
        first, end = token.map or (0, 0)
        kept += _title(state.env, found[1], found[2], first)
        token.content, token.map = token.content[found.end() :], [first + 1, end]
        kept += (paragraph, token)
    state.tokens = list(_without_empty(kept))


def admonition(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """Take a callout whose text is indented."""
    found = _match(_INDENTED, state, start)
    if found is None:
        return False
    indent = state.blkIndent + _INDENT
    following = start + 1
    while following < end and (
        state.isEmpty(following) or state.sCount[following] >= indent
    ):
        following += 1
    has_text = any(not state.isEmpty(line) for line in range(start + 1, following))
    if not has_text and not is_kind(found[1]):
        return False
    if not silent:
        title = None if found[2] == "" else found[2] or ""
        _push(state, found[1], title, (start, following), indent)
        state.line = following
    return True


def container(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """Take a container and all up to the colons that close it."""
    found = _match(_CONTAINER, state, start)
    if found is None:
        return False
    if silent:
        return True
    following, ends = _end_of_container(state, start, end)
    name = (found["pandoc"] or found["name"]).lower()
    if is_kind(name):
        title = _title_of_container(found)
        _push(state, name, title, (start, following), state.blkIndent)
    else:
        _tokenize(state, (start + 1, following), state.blkIndent)
    state.line = following + ends
    return True


def _match(
    pattern: re.Pattern[str], state: StateBlock, line: int
) -> re.Match[str] | None:
    begin = state.bMarks[line] + state.tShift[line]
    return pattern.fullmatch(state.src, begin, state.eMarks[line])


def _title_of_container(found: re.Match[str]) -> str:
    """Return `Title` of `:::tip Title`, `:::tip[Title]`, `{.tip title="Title"}`."""
    given = _PANDOC_TITLE.search(found[0])
    if given:
        return given[1]
    title = _AFTER_TITLE.sub("", found["title"] or "").strip()
    return title[1:-1] if title.startswith("[") and title.endswith("]") else title


def _end_of_container(state: StateBlock, start: int, end: int) -> tuple[int, bool]:
    """Return the line that ends the container, and whether colons are all of it."""
    depth, fence = 1, ""
    for line in range(start + 1, end):
        text = state.src[state.bMarks[line] + state.tShift[line] : state.eMarks[line]]
        if text and state.sCount[line] < state.blkIndent:
            return line, False
        mark = _FENCE.match(text)
        if mark and (not fence or text.startswith(fence)):
            fence = "" if fence else mark[1]
        elif not fence and text.startswith(":::"):
            depth += -1 if _END.fullmatch(text) else bool(_CONTAINER.fullmatch(text))
        if not depth:
            return line, True
    return end, False


def _push(
    state: StateBlock, kind: str, title: str | None, lines: tuple[int, int], indent: int
) -> None:
    """Push a callout of `lines`; without a title where `title` is None."""
    is_folded = kind == "details"
    tag = "details" if is_folded else "blockquote"
    opening = state.push(f"{tag}_open", tag, 1)
    opening.map = list(lines)
    if is_folded:
        opening.block = True
    else:
        opening.attrSet("class", _classes(kind))
    if title is not None:
        state.tokens += _title(state.env, kind, title, lines[0])
    _tokenize(state, (lines[0] + 1, lines[1]), indent)
    state.push(f"{tag}_close", tag, -1)


def _tokenize(state: StateBlock, lines: tuple[int, int], indent: int) -> None:
    before = state.blkIndent, state.lineMax, state.parentType
    state.blkIndent, state.lineMax, state.parentType = indent, lines[1], "container"
    state.md.block.tokenize(state, *lines)
    state.blkIndent, state.lineMax, state.parentType = before


def _title(env: EnvType, kind: str, written: str, line: int) -> Iterator[Token]:
    sheet: Sheet = env["sheet"]
    name = "summary" if kind == "details" else "callout_title"
    yield Token(f"{name}_open", "summary", 1, block=True)
    words = written.strip() or title_of(kind, chinese=sheet.chinese)
    yield Token("inline", "", 0, content=words, map=[line, line + 1], children=[])
    yield Token(f"{name}_close", "summary", -1, block=True)


def _classes(kind: str) -> str:
    return f"callout callout-{kind.lower()}"


def _without_empty(tokens: list[Token]) -> Iterator[Token]:
    """Yield the tokens without the paragraphs of which the title was all."""
    place = 0
    while place < len(tokens):
        inside = tokens[place + 1 : place + 2]
        is_paragraph = tokens[place].type == "paragraph_open"
        if is_paragraph and inside and not inside[0].content:
            place += 3
        else:
            yield tokens[place]
            place += 1
