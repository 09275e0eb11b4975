"""Sanitised HTML to the tree, element by element, without recursion.

The standard library's parser is enough, since the sanitiser writes nothing but
balanced tags; libxml2's HTML parser does not know `source`, `track` and `wbr`.
"""

from __future__ import annotations

import re
from html import unescape
from html.parser import HTMLParser

from pipeline.content.markup.addresses import Addresses
from pipeline.content.markup.blocks import as_blocks
from pipeline.content.markup.bounds import MAX_DEPTH, MAX_ELEMENTS, TooLargeError
from pipeline.content.markup.elements import refine
from pipeline.content.markup.html_tags import TAG
from pipeline.content.markup.shelf import Shelf
from pipeline.content.markup.softbreaks import fold_breaks
from pipeline.content.tree import Element, Node, Text

_VOID = frozenset({"br", "col", "hr", "img", "source", "wbr"})
_VERBATIM = frozenset({"pre", "code", "kbd", "samp", "tt"})
_ID = re.compile(r"\s(?:id|name)=\"([^\"]*)\"")


def ids_in(html: str) -> frozenset[str]:
    """Return every id in sanitised HTML."""
    tags = (tag["attributes"] for tag in TAG.finditer(html))
    return frozenset(unescape(name) for tag in tags for name in _ID.findall(tag))


def build_tree(html: str, shelf: Shelf, addresses: Addresses) -> tuple[Node, ...]:
    """Return sanitised HTML, with marks of `shelf` in it, as blocks.

    Raises bounds.TooLargeError.
    """
    builder = _TreeBuilder(shelf, addresses)
    builder.feed(html)
    builder.close()
    return as_blocks(builder.nodes)


class _TreeBuilder(HTMLParser):
    """Keeps the open elements on a stack, and refines each as it closes."""

    def __init__(self, shelf: Shelf, addresses: Addresses) -> None:
        super().__init__(convert_charrefs=True)
        self._shelf = shelf
        self._addresses = addresses
        self._open: list[tuple[str, tuple[tuple[str, str], ...]]] = []
        self._children: list[list[Node]] = [[]]
        self._elements = self._preformatted = self._verbatim = 0

    @property
    def nodes(self) -> list[Node]:
        """What is finished at top level."""
        return self._children[0]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Open an element, or finish a void one."""
        self._elements += 1
        if self._elements > MAX_ELEMENTS:
            raise TooLargeError(f"has more than {MAX_ELEMENTS:,} elements")
        if len(self._open) == MAX_DEPTH:
            raise TooLargeError(f"is nested more than {MAX_DEPTH} elements deep")
        attributes = tuple(
            (name, self._shelf.restore(value or "")) for name, value in attrs
        )
        if tag in _VOID:
            self._finish(Element(tag, attributes))
            return
        self._open.append((tag, attributes))
        self._children.append([])
        self._preformatted += tag == "pre"
        self._verbatim += tag in _VERBATIM

    def handle_endtag(self, tag: str) -> None:
        """Close the innermost element, which is `tag`."""
        tag, attributes = self._open.pop()
        self._preformatted -= tag == "pre"
        self._verbatim -= tag in _VERBATIM
        self._finish(Element(tag, attributes, tuple(self._children.pop())))

    def handle_data(self, data: str) -> None:
        """Add text, and the atoms that its marks stand for."""
        if self._verbatim:
            self._add(Text(self._shelf.restore(data)))
            return
        for piece in self._shelf.split(data):
            self._add(Text(fold_breaks(piece)) if isinstance(piece, str) else piece)

    def _finish(self, element: Element) -> None:
        if self._preformatted:
            self._children[-1].append(element)
            return
        for node in refine(element, self._addresses):
            self._add(node)

    def _add(self, node: Node) -> None:
        siblings = self._children[-1]
        last = siblings[-1] if siblings else None
        if isinstance(node, Text) and isinstance(last, Text):
            siblings[-1] = Text(last.text + node.text)
        elif isinstance(node, Text) and isinstance(last, Element) and last.tag == "br":
            siblings.append(Text(node.text.lstrip(" ")))
        else:
            siblings.append(node)
