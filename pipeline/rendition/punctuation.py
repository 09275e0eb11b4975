"""Punctuation beside the image of a formula: it stays on the line of the image.

Browsers may break a line before and after every image, whatever stands beside it
(CSS Text 3, section 5.1), and would begin the next one with a comma.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from pipeline.content.tree import Element, Formula, Node, Text
from pipeline.rendition.typeset import Typesets

_OPENING = re.compile(r"[(\[{'\"“‘（［｛〔〈《「『【]+\Z")
_CLOSING = re.compile(r"[)\]},.;:!?%'\"”’–—…，。、；：！？％）］｝〕〉》」』】-]+")
_UNBROKEN = (("style", "white-space:nowrap"),)


def keep_together(nodes: Iterable[Node], typesets: Typesets) -> tuple[Node, ...]:
    """Return the nodes with each small image of a formula joined to its punctuation."""
    kept = [_within(node, typesets) for node in nodes]
    for place, node in enumerate(kept):
        if not isinstance(node, Formula):
            continue
        typeset = typesets.get(node)
        if typeset and typeset.is_small_image:
            _join(kept, place, node)
    return tuple(kept)


def _within(node: Node, typesets: Typesets) -> Node:
    if not isinstance(node, Element):
        return node
    return node.with_children(keep_together(node.children, typesets))


def _join(nodes: list[Node], place: int, formula: Formula) -> None:
    joined: list[Node] = [formula]
    before = nodes[place - 1] if place else None
    if isinstance(before, Text) and (opening := _OPENING.search(before.text)):
        nodes[place - 1] = Text(before.text[: opening.start()])
        joined.insert(0, Text(opening[0]))
    after = nodes[place + 1] if place + 1 < len(nodes) else None
    if isinstance(after, Text) and (closing := _CLOSING.match(after.text)):
        nodes[place + 1] = Text(after.text[closing.end() :])
        joined.append(Text(closing[0]))
    if len(joined) > 1:
        nodes[place] = Element("span", _UNBROKEN, tuple(joined))
