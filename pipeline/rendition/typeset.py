"""The seam to whatever typesets formulas: what a formula looks like, and where.

Typesets nothing itself: a formula without a result shows as its TeX.
"""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from html import escape
from itertools import groupby
from types import MappingProxyType

from pipeline.content.tree import Element, Formula, Node, Text

# Elements whose content is flow: a paragraph may stand in them (HTML, section 3.2.5).
_FLOW = frozenset(
    {"address", "article", "aside", "blockquote", "body", "center", "details", "div"}
    | {"figure", "footer", "header", "main", "nav", "section"}
    | {"dl", "dd", "ol", "ul", "li"}
    | {"table", "thead", "tbody", "tfoot", "tr", "th", "td"}
)
_DISPLAY_STYLE = "display:block;margin:1em 0;overflow-x:auto;text-align:center"
_TEX_STYLE = "display:inline-block;text-align:left;white-space:pre-wrap"


@dataclass(frozen=True, slots=True)
class Typeset:
    """One formula's looks: `html` is phrasing content, `text` may have lines."""

    html: str
    text: str


Typesets = Mapping[Formula, Typeset]
UNTYPESET: Typesets = MappingProxyType({})


def typeset_html(formula: Formula, typesets: Typesets) -> str:
    """Return the formula as HTML that may stand inside a paragraph.

    A display formula comes in a `span` that is a block of its own.
    """
    found = typesets.get(formula)
    html = found.html if found else _tex_html(formula)
    if not formula.display:
        return html
    return f'<span class="math-display" style="{_DISPLAY_STYLE}">{html}</span>'


def _tex_html(formula: Formula) -> str:
    tex = escape(_trim(formula.tex), quote=False)
    if formula.display:
        return f'<code class="math display" style="{_TEX_STYLE}">{tex}</code>'
    return f'<code class="math">{tex}</code>'


def typeset_text(formula: Formula, typesets: Typesets) -> str:
    """Return the formula as text: one line inline, its own lines on display."""
    found = typesets.get(formula)
    text = found.text if found else _trim(formula.tex)
    return text if formula.display else re.sub(r"\s+", " ", text).strip()


def _trim(tex: str) -> str:
    return textwrap.dedent(tex.expandtabs(4)).strip()


def stand_apart(nodes: Iterable[Node]) -> tuple[Node, ...]:
    """Return the nodes with each display formula in a paragraph of its own.

    A paragraph around one is split: readers that drop styles (FreshRSS does) would
    show a block inside a paragraph in the midst of its line. Inside a heading or
    another phrase it stays where it is.
    """
    return tuple(apart for node in nodes for apart in _stand_apart(node))


def _stand_apart(node: Node) -> Iterator[Node]:
    if _is_display(node):
        yield Element("p", (), (node,))
    elif isinstance(node, Element) and node.tag == "p":
        yield from _split(node)
    elif isinstance(node, Element) and node.tag in _FLOW:
        yield node.with_children(stand_apart(node.children))
    else:
        yield node


def _split(paragraph: Element) -> Iterator[Node]:
    if not any(map(_is_display, paragraph.children)):
        yield paragraph
        return
    rest = replace(
        paragraph,
        attributes=tuple(pair for pair in paragraph.attributes if pair[0] != "id"),
    )
    part = paragraph
    for display, group in groupby(paragraph.children, _is_display):
        children = tuple(group)
        parts = [(child,) for child in children] if display else [children]
        for nodes in parts:
            if not all(map(_is_blank, nodes)):
                yield part.with_children(nodes)
                part = rest


def _is_display(node: Node) -> bool:
    return isinstance(node, Formula) and node.display


def _is_blank(node: Node) -> bool:
    return isinstance(node, Text) and not node.text.strip()
