"""Trees in few words: `el("p", "text", el("a", "link", href="…"))`."""

from __future__ import annotations

from pipeline.content.tree import Element, Node, Text


def el(tag: str, *children: Node | str, **attributes: str) -> Element:
    """Return an element; a string is Text, `class_` is the attribute `class`."""
    nodes = (Text(child) if isinstance(child, str) else child for child in children)
    pairs = ((name.rstrip("_"), value) for name, value in attributes.items())
    return Element(tag, tuple(pairs), tuple(nodes))
