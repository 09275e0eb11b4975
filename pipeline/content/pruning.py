"""Parts of a tree: what is before a mark, what is left without notes or headings."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from pipeline.content.phrasing import HEADINGS, WHOLE_BLOCKS, is_heading
from pipeline.content.tree import Code, Element, Formula, More, Node, Text, walk

_NOTE = re.compile(r"(?:^|[-_:.])(?:fn|footnote)[-_:]?[^-_:.]*$")


def contents(nodes: Iterable[Node]) -> int:
    """Count what a reader sees: texts, formulas, code, pictures."""
    return sum(map(_is_seen, walk(nodes)))


def _is_seen(node: Node) -> bool:
    match node:
        case Text(text) | Code(text):
            return bool(text.strip())
        case Element(tag):
            return tag in ("img", "video", "audio")
    return isinstance(node, Formula)


def without_marks(nodes: Iterable[Node]) -> Iterator[Node]:
    """Yield the nodes without read-more marks."""
    for node in nodes:
        if isinstance(node, Element):
            yield node.with_children(without_marks(node.children))
        elif not isinstance(node, More):
            yield node


def before_mark(nodes: Iterable[Node]) -> tuple[list[Node], bool]:
    """Return what is before the first read-more mark, and whether there is one."""
    before: list[Node] = []
    for node in nodes:
        if isinstance(node, More):
            return before, True
        if isinstance(node, Element):
            inner, marked = before_mark(node.children)
            if marked:
                return [*before, *([node.with_children(inner)] if inner else [])], True
        before.append(node)
    return before, False


def without_notes(nodes: Iterable[Node]) -> Iterator[Node]:
    """Yield the nodes without footnotes and the numbers that lead to them."""
    for node in nodes:
        if not isinstance(node, Element):
            yield node
        elif not (_is_note(node) or "footnotes" in (node.attribute("class") or "")):
            yield node.with_children(without_notes(node.children))


def _is_note(node: Element) -> bool:
    """Tell whether `node` is the number of a footnote: `<sup><a href="#fn-1">`."""
    if node.tag != "sup" or len(node.children) != 1:
        return False
    link = node.children[0]
    href = link.attribute("href") or "" if isinstance(link, Element) else ""
    return _NOTE.search(href.partition("#")[2]) is not None


def without_headings(nodes: Iterable[Node]) -> Iterator[Node]:
    """Yield the nodes without headings."""
    for node in nodes:
        if not isinstance(node, Element):
            yield node
        elif node.tag not in HEADINGS:
            yield node.with_children(without_headings(node.children))


def without_dangling(nodes: Iterable[Node]) -> list[Node]:
    """Return the nodes without headings, rules and white space at their end."""
    kept = list(nodes)
    while kept:
        last = kept.pop()
        if isinstance(last, Element) and last.tag not in WHOLE_BLOCKS | HEADINGS:
            inner = without_dangling(last.children)
            if inner or not last.children:
                return [*kept, last.with_children(inner)]
        elif contents((last,)) and not is_heading(last):
            return [*kept, last]
    return kept
