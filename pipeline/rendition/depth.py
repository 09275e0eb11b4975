"""How deep a tree may be that is rendered: deeper parts become a run of their leaves.

The renderers walk a tree by recursion, and mail clients break long before Python
does; nothing that a person wrote is as deep as this.
"""

from __future__ import annotations

from collections.abc import Iterable

from pipeline.content.tree import Element, Node, walk

DEEPEST = 60


def limit_depth(nodes: Iterable[Node], depth: int = DEEPEST) -> tuple[Node, ...]:
    """Return the nodes with at most `depth` elements inside one another.

    What lies deeper loses its elements, but no word, formula, picture or break.
    """
    return tuple(_limit(node, depth) for node in nodes)


def _limit(node: Node, depth: int) -> Node:
    if not isinstance(node, Element) or not node.children:
        return node
    if depth > 1:
        return node.with_children(limit_depth(node.children, depth - 1))
    return node.with_children(leaf for leaf in walk(node.children) if _is_leaf(leaf))


def _is_leaf(node: Node) -> bool:
    return not isinstance(node, Element) or not node.children
