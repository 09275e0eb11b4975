"""Runs of inline content: what reads on as one, as the inside of a paragraph does.

HTML calls it phrasing content. A run is measured and cut as text, in which one
character stands for whatever must not be split.
"""

from __future__ import annotations

from collections.abc import Iterable

from pipeline.content.sentences import ATOM, PICTURE, ellipsis_after, trim
from pipeline.content.tree import Code, Element, Formula, Node, Text

HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6", "hgroup"})
WHOLE_BLOCKS = frozenset({"figure", "table", "pre", "video", "audio", "hr"})
"""Blocks that are one atom; any other may be cut inside."""

_CONTAINERS = (
    "address article aside blockquote center dd details div dl dt figcaption footer "
    "header li main nav ol p section summary ul"
)
_BLOCKS = HEADINGS | WHOLE_BLOCKS | set(_CONTAINERS.split())
_INLINE_ATOMS = frozenset({"ruby", "object", "iframe", "math", "svg"})
_PICTURES = frozenset({"img", "picture"})


def is_block(node: Node) -> bool:
    """Tell whether `node` is a block, or holds one."""
    if isinstance(node, Element):
        return node.tag in _BLOCKS or any(map(is_block, node.children))
    return isinstance(node, Code) or (isinstance(node, Formula) and node.display)


def is_heading(node: Node) -> bool:
    """Tell whether `node` is a heading."""
    return isinstance(node, Element) and node.tag in HEADINGS


def cut_run(nodes: Iterable[Node], text: str) -> tuple[Node, ...]:
    """Return the part of a run that reads `text`, with a mark that it goes on."""
    if not text.strip():
        return ()
    text = trim(text)
    kept, _ = _first(nodes, len(text))
    goes_on = ellipsis_after(text)
    if kept and isinstance(kept[-1], Text):
        return (*kept[:-1], Text(kept[-1].text + goes_on))
    return (*kept, Text(goes_on)) if goes_on else tuple(kept)


def _first(nodes: Iterable[Node], length: int) -> tuple[list[Node], int]:
    """Return the nodes of the first `length` characters, and how many are left."""
    kept: list[Node] = []
    for node in nodes:
        if length <= 0:
            break
        if isinstance(node, Text):
            kept.append(Text(node.text[:length]))
            length -= len(node.text)
        elif isinstance(node, Element) and not _stands_for(node):
            inner, length = _first(node.children, length)
            kept.append(node.with_children(inner))
        else:
            kept.append(node)
            length -= 1
    return kept, length


def flat(nodes: Iterable[Node]) -> str:
    """Return a run as text in which one character stands for each atom."""
    parts: list[str] = []
    for node in nodes:
        if isinstance(node, Text):
            parts.append(node.text)
        elif isinstance(node, Element) and not _stands_for(node):
            parts.append(flat(node.children))
        else:
            parts.append(_stands_for(node))
    return "".join(parts)


def _stands_for(node: Node) -> str:
    """Return the character that stands for an atom, empty for what can be cut."""
    if not isinstance(node, Element):
        return ATOM
    if node.tag in _PICTURES:
        return PICTURE
    if node.tag == "br":
        return "\n"
    return ATOM if node.tag in _INLINE_ATOMS else ""
