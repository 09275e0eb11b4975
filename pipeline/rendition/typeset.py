"""The seam to whatever typesets formulas: what a formula looks like, and where.

Typesets nothing itself: a formula without a result shows as its TeX.
"""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from html import escape
from types import MappingProxyType

from pipeline.content.tree import Element, Formula, Node

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
    """Return the nodes with each display formula that is in no phrase in a paragraph.

    There it is a line of its own even for readers that drop styles, as FreshRSS does.
    """
    return tuple(map(_stand_apart, nodes))


def _stand_apart(node: Node) -> Node:
    if isinstance(node, Formula) and node.display:
        return Element("p", (), (node,))
    if isinstance(node, Element) and node.tag in _FLOW:
        return node.with_children(stand_apart(node.children))
    return node
