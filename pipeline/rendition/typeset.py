"""What a formula looks like, and where: in a line, in a block of its own, or as TeX.

Typesets nothing itself: `math` gives the forms, and a formula without shows as its TeX.
"""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from html import escape
from types import MappingProxyType

from pipeline.content.tree import Element, Formula, Node
from pipeline.rendition.targets import Target

# Elements whose content is flow: a paragraph may stand in them (HTML, section 3.2.5).
_FLOW = frozenset(
    {"address", "article", "aside", "blockquote", "body", "center", "details", "div"}
    | {"figure", "footer", "header", "main", "nav", "section"}
    | {"dl", "dd", "ol", "ul", "li"}
    | {"table", "thead", "tbody", "tfoot", "tr", "th", "td"}
)
_DISPLAY_STYLE = "display:block;margin:1em 0;overflow-x:auto;text-align:center"
_TEX_STYLE = "display:inline-block;text-align:left;white-space:pre-wrap"
# Spans laid out as a table: they may stand in a paragraph, and without styles the
# number follows its equation. What is wider than the page scrolls within its block.
_NUMBERED_STYLE = "display:table;width:100%"
_EQUATION_STYLE = "display:table-cell;text-align:center;vertical-align:middle"
_NUMBER_STYLE = (
    "display:table-cell;width:1%;padding-left:1em;text-align:right;"
    "vertical-align:middle;white-space:nowrap"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Typeset:
    """One formula's looks in a feed, in a mail and in text, and its number.

    `feed` and `mail` are phrasing content; `text` is one line. `number` is what
    stands at the right of an equation, `(1)`, or empty. Beside a small image in a
    line browsers would break the line before a comma: `punctuation` heeds it.
    """

    feed: str
    mail: str
    text: str
    number: str = ""
    is_small_image: bool = False

    def html(self, target: Target) -> str:
        """Return the HTML for `target`."""
        return self.feed if target is Target.FEED else self.mail


Typesets = Mapping[Formula, Typeset]
UNTYPESET: Typesets = MappingProxyType({})


def typeset_html(formula: Formula, typesets: Typesets, target: Target) -> str:
    """Return the formula as HTML that may stand inside a paragraph.

    A display formula comes in a `span` that is a block of its own.
    """
    found = typesets.get(formula)
    html = found.html(target) if found else _tex_html(formula)
    if not formula.display or not html:
        return html
    if found and found.number:
        html = _numbered(html, found.number)
    return f'<span class="math-display" style="{_DISPLAY_STYLE}">{html}</span>'


def _numbered(html: str, number: str) -> str:
    return (
        f'<span style="{_NUMBERED_STYLE}">'
        f'<span class="math-equation" style="{_EQUATION_STYLE}">{html}</span> '
        f'<span class="math-number" style="{_NUMBER_STYLE}">'
        f"{escape(number, quote=False)}</span></span>"
    )


def _tex_html(formula: Formula) -> str:
    tex = escape(_trim(formula.tex), quote=False)
    if formula.display:
        return f'<code class="math display" style="{_TEX_STYLE}">{tex}</code>'
    return f'<code class="math">{tex}</code>'


def typeset_text(formula: Formula, typesets: Typesets) -> str:
    """Return the formula as text: one line inline, its own lines on display."""
    found = typesets.get(formula)
    if found:
        return f"{found.text}    {found.number}" if found.number else found.text
    text = _trim(formula.tex)
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
