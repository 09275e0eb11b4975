"""A tree as plain text for mail: blocks, indents and wrapped lines.

It says what the HTML says, in the same order: spam filters compare the two, and it
is what a screen reader or a terminal reads.
"""

from __future__ import annotations

import re
import textwrap
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import groupby

from pipeline.base.text import count_cells, strip_controls, wrap
from pipeline.content.tree import Code, Element, Formula, Node, Text, walk
from pipeline.rendition.columns import say_table
from pipeline.rendition.phrases import Voice, note_label, say
from pipeline.rendition.typeset import UNTYPESET, Typesets, stand_apart, typeset_text

_INDENT = " " * 4
_LISTS = frozenset({"ul", "ol"})
_BOXES = ("☐ ", "☑ ")


def render_text(
    nodes: Iterable[Node],
    *,
    width: int = 72,
    typesets: Typesets = UNTYPESET,
    page_url: str = "",
    picture_word: str = "",
) -> str:
    """Return the nodes as text in lines of at most `width` cells.

    Code, formulas and URLs are never wrapped. A link is followed by the number of
    its URL in the list at the end; one within `page_url` by nothing. A picture is
    its alternative text in brackets, after `picture_word` if there is one.
    """
    voice = Voice(typesets=typesets, page_url=page_url, picture_word=picture_word)
    blocks = _blocks(stand_apart(nodes), width, voice)
    if voice.links:
        lines = (f"[{number}] {url}" for url, number in voice.links.items())
        blocks.append("\n".join(lines))
    text = strip_controls("\n\n".join(blocks))
    return re.sub(r"[ \t]+$", "", text, flags=re.MULTILINE)


def _blocks(nodes: Iterable[Node], width: int, voice: Voice) -> list[str]:
    blocks: list[str] = []
    for is_block, group in groupby(nodes, _is_block):
        if is_block:
            for node in group:
                blocks.extend(_block(node, width, voice))
        else:
            blocks.extend(_paragraph(tuple(group), width, voice))
    return blocks


def _is_block(node: Node) -> bool:
    return isinstance(node, Code) or (
        isinstance(node, Element) and node.tag in _LAID_OUT
    )


def _block(node: Node, width: int, voice: Voice) -> list[str]:
    if isinstance(node, Code):
        return _code(node.text)
    return _LAID_OUT[node.tag](node, width, voice) if isinstance(node, Element) else []


def _paragraph(nodes: Sequence[Node], width: int, voice: Voice) -> list[str]:
    text = say(nodes, voice)
    return [wrap(text, width)] if text else []


def _lay_container(element: Element, width: int, voice: Voice) -> list[str]:
    return _blocks(element.children, width, voice)


def _lay_paragraph(element: Element, width: int, voice: Voice) -> list[str]:
    match element.children:
        case (Formula(display=True) as formula,):
            return _code(typeset_text(formula, voice.typesets))
    return _blocks(element.children, width, voice)


def _lay_heading(element: Element, width: int, voice: Voice) -> list[str]:
    """Return the heading as lines, underlined above the third level.

    Number signs or capitals would be read aloud, and Chinese has no capitals.
    """
    blocks = _paragraph(element.children, width, voice)
    if not blocks or element.tag not in ("h1", "h2"):
        return blocks
    longest = max(map(count_cells, blocks[0].split("\n")))
    return [f"{blocks[0]}\n{'-' * min(longest, width)}"]


def _lay_quote(element: Element, width: int, voice: Voice) -> list[str]:
    return _prefixed(_blocks(element.children, _narrow(width, 2), voice), "> ", "> ")


def _code(text: str) -> list[str]:
    stripped = text.strip("\n").rstrip()
    return [textwrap.indent(stripped, _INDENT)] if stripped else []


def _lay_figure(element: Element, width: int, voice: Voice) -> list[str]:
    """Return the figure as one block; a caption that the picture says is left out."""
    alts = {picture.attribute("alt") for picture in _elements_in(element)}
    # A caption that is left out names no links.
    unheard = replace(voice, links={})
    parts = [
        child
        for child in element.children
        if not _is_caption(child) or say([child], unheard) not in alts
    ]
    blocks = _blocks(parts, width, voice)
    return ["\n".join(blocks)] if blocks else []


def _is_caption(node: Node) -> bool:
    return isinstance(node, Element) and node.tag == "figcaption"


def _lay_terms(element: Element, width: int, voice: Voice) -> list[str]:
    blocks = _blocks(element.children, width, voice)
    return ["\n".join(blocks)] if blocks else []


def _lay_description(element: Element, width: int, voice: Voice) -> list[str]:
    blocks = _blocks(element.children, _narrow(width, 4), voice)
    return _prefixed(blocks, _INDENT, _INDENT)


def _lay_list(element: Element, width: int, voice: Voice) -> list[str]:
    """Return the list as one block; what stands in it but in no item has no mark."""
    gap = "\n\n" if any(map(_is_loose, _elements(element))) else "\n"
    start = element.attribute("start") or "1"
    number = int(start) if start.isdecimal() else 1
    lines: list[str] = []
    for child in element.children:
        if isinstance(child, Element) and child.tag == "li":
            mark = _mark(child, number if element.tag == "ol" else None)
            number += 1
            blocks = _blocks(child.children, _narrow(width, len(mark)), voice) or [""]
            if element.tag == "ul" and blocks[0].startswith(_BOXES):
                lines.extend(_prefixed([gap.join(blocks)], "", "  "))
                continue
        else:
            mark = "  "
            blocks = _blocks([child], _narrow(width, len(mark)), voice)
        indent = " " * min(len(mark), len(_INDENT))
        lines.extend(_prefixed([gap.join(blocks)] if blocks else [], mark, indent))
    return [gap.join(lines)] if lines else []


def _mark(item: Element, number: int | None) -> str:
    note = note_label(item.attribute("id") or "")
    if note is not None:
        return f"[^{note}]: "
    return "- " if number is None else f"{number}. "


def _is_loose(item: Element) -> bool:
    """Tell whether an item holds more than a line and lists below it."""
    parts = [part for part in item.children if not _is_blank(part)]
    inline = any(not _is_block(part) for part in parts)
    lists = sum(1 for part in _elements(item) if part.tag in _LISTS)
    return sum(map(_is_block, parts)) - lists + inline > 1


def _is_blank(node: Node) -> bool:
    return isinstance(node, Text) and not node.text.strip()


def _elements_in(element: Element) -> Iterator[Element]:
    return (node for node in walk(element.children) if isinstance(node, Element))


def _elements(element: Element) -> Iterator[Element]:
    return (child for child in element.children if isinstance(child, Element))


def _narrow(width: int, cells: int) -> int:
    """Return what an indent leaves of the line, never too little to read."""
    return max(width - cells, 20)


def _prefixed(blocks: Sequence[str], first: str, rest: str) -> list[str]:
    """Return the blocks as one, its first line after `first`, others after `rest`."""
    if not blocks:
        return []
    lines = "\n\n".join(blocks).split("\n")
    return [
        "\n".join((first if at == 0 else rest) + line for at, line in enumerate(lines))
    ]


_Layout = Callable[[Element, int, Voice], list[str]]
_LAID_OUT: Mapping[str, _Layout] = {
    **dict.fromkeys(
        frozenset({"address", "article", "aside", "body", "center", "details", "div"})
        | {"figcaption", "footer", "header", "hgroup", "li", "main", "nav", "section"}
        | {"dt", "summary"},
        _lay_container,
    ),
    **dict.fromkeys(("h1", "h2", "h3", "h4", "h5", "h6"), _lay_heading),
    **dict.fromkeys(_LISTS, _lay_list),
    "blockquote": _lay_quote,
    "dd": _lay_description,
    "dl": _lay_terms,
    "figure": _lay_figure,
    "hr": lambda *_: ["* * *"],
    "p": _lay_paragraph,
    "table": say_table,
}
