"""The read-more mark, lifted to where an excerpt can end: between top-level blocks."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from pipeline.content.tree import Element, More, Node, walk

# What reads on as two of itself; a list, table or figure is not cut in two.
_CUTTABLE = "p blockquote section em strong a b i u del ins span mark small q cite"
_CUT = frozenset(_CUTTABLE.split())


def lift_more(nodes: Iterable[Node]) -> tuple[Node, ...]:
    """Return the nodes with the first mark at top level, and no other."""
    lifted: list[Node] = []
    found = False
    for node in nodes:
        if not any(isinstance(inner, More) for inner in walk((node,))):
            lifted.append(node)
        elif not found:
            lifted.extend(_cut(node))
            found = True
        elif isinstance(node, Element):
            lifted.append(_without_more(node))
    return tuple(lifted)


def _cut(node: Node) -> tuple[Node, ...]:
    """Cut a node that holds a mark: the part before, the mark, the part after."""
    if not isinstance(node, Element):
        return (node,)
    before: list[Node] = []
    rest = list(node.children)
    while not any(isinstance(inner, More) for inner in walk(rest[:1])):
        before.append(rest.pop(0))
    if node.tag not in _CUT:
        return (_without_more(node), More())
    inner = _cut(rest[0])
    place = inner.index(More())
    first = node.with_children((*before, *inner[:place]))
    second = node.with_children(map(_without_more, (*inner[place + 1 :], *rest[1:])))
    second = replace(
        second, attributes=tuple(pair for pair in node.attributes if pair[0] != "id")
    )
    return tuple(part for part in (first, More(), second) if _has_content(part))


def _without_more(node: Node) -> Node:
    if not isinstance(node, Element):
        return node
    kept = (child for child in node.children if not isinstance(child, More))
    return node.with_children(map(_without_more, kept))


def _has_content(node: Node) -> bool:
    return not isinstance(node, Element) or bool(node.children)
