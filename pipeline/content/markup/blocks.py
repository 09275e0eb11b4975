"""Blocks and paragraphs: loose text wrapped, paragraphs cut where a block stands.

A formula on display, a block of code and a read-more mark stand between paragraphs;
pictures alone in a paragraph are figures.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from pipeline.content.markup.figures import as_figures
from pipeline.content.tree import Code, Element, Formula, More, Node, Text

_BLOCKS = (
    "blockquote details div dl figure h1 h2 h3 h4 h5 h6 hr ol p section summary "
    "table ul"
)
_BLOCK_TAGS = frozenset(_BLOCKS.split())
_SPACE = " \t\n\r\f"


def is_block(node: Node) -> bool:
    """Tell whether a node stands by itself, outside of paragraphs."""
    if isinstance(node, Element):
        return node.tag in _BLOCK_TAGS
    return stands_apart(node)


def stands_apart(node: Node) -> bool:
    """Tell whether a node cuts the paragraph it is in."""
    return isinstance(node, Code | More) or (isinstance(node, Formula) and node.display)


def as_blocks(children: Iterable[Node]) -> tuple[Node, ...]:
    """Return blocks only: each run of anything else becomes a paragraph."""
    blocks: list[Node] = []
    run: list[Node] = []
    for child in children:
        if is_block(child):
            blocks.extend(paragraphs(run))
            blocks.append(child)
            run = []
        else:
            run.append(child)
    blocks.extend(paragraphs(run))
    return tuple(blocks)


def paragraphs(
    children: Iterable[Node], attributes: tuple[tuple[str, str], ...] = ()
) -> Iterator[Node]:
    """Yield the paragraph of `children`, cut around what stands apart."""
    run: list[Node] = []
    for child in children:
        if stands_apart(child):
            yield from _paragraph(run, attributes)
            yield child
            run, attributes = [], ()
        else:
            run.append(child)
    yield from _paragraph(run, attributes)


def _paragraph(
    run: Iterable[Node], attributes: tuple[tuple[str, str], ...]
) -> tuple[Node, ...]:
    children = trim(run)
    if all(isinstance(node, Text) and not node.text.strip() for node in children):
        return ()
    return as_figures(children) or (Element("p", attributes, children),)


def trim(nodes: Iterable[Node]) -> tuple[Node, ...]:
    """Return the nodes without white space and line breaks at both ends."""
    kept = list(nodes)
    start, end = 0, len(kept)
    while start < end and _is_space(kept[start]):
        start += 1
    while end > start and _is_space(kept[end - 1]):
        end -= 1
    kept = kept[start:end]
    if kept and isinstance(kept[0], Text):
        kept[0] = Text(kept[0].text.lstrip(_SPACE))
    if kept and isinstance(kept[-1], Text):
        kept[-1] = Text(kept[-1].text.rstrip(_SPACE))
    return tuple(kept)


def _is_space(node: Node) -> bool:
    if isinstance(node, Text):
        return not node.text.strip(_SPACE)
    return isinstance(node, Element) and node.tag == "br"
