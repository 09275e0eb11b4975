"""Takes out formulas that show nothing: writers define macros in the first of a post.

They would leave a gap, and a post that begins with them an excerpt of nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from pipeline.content.tree import Element, Formula, Node
from pipeline.rendition.pictures import has_content
from pipeline.rendition.typeset import Typeset, Typesets


def without_silent(nodes: Iterable[Node], typesets: Typesets) -> tuple[Node, ...]:
    """Return the nodes without silent formulas, and paragraphs of nothing else."""
    nodes = tuple(nodes)
    if not any(map(_is_silent, typesets.values())):
        return nodes
    return tuple(_shown(nodes, typesets))


def _is_silent(look: Typeset) -> bool:
    return not (look.feed or look.mail or look.text or look.number)


def _shown(nodes: Iterable[Node], typesets: Typesets) -> Iterator[Node]:
    for node in nodes:
        if isinstance(node, Formula):
            found = typesets.get(node)
            if found is None or not _is_silent(found):
                yield node
        elif isinstance(node, Element):
            children = tuple(_shown(node.children, typesets))
            emptied = children != node.children and not has_content(children)
            if node.tag != "p" or not emptied:
                yield node.with_children(children)
        else:
            yield node
