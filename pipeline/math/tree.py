"""MathML as MathJax serialises it, read into a tree of local names; its depth."""

from __future__ import annotations

from collections.abc import Iterator
from xml.etree.ElementTree import Element, fromstring

MAX_DEPTH = 120
"""Levels that are walked by recursion; 40 nested roots of sums have about as many."""

CLASS = "data-mjx-texclass"
SCRIPTED = frozenset(("msub", "msup", "msubsup", "mmultiscripts"))
LIMITED = frozenset(("munder", "mover", "munderover"))
_CARRIERS = SCRIPTED | LIMITED
LAYERS = frozenset(("mrow", "mstyle", "mpadded", "menclose"))
ROWS = LAYERS | {"math", "msqrt", "mtd", "mphantom"}
"""What holds a row of any length; the first four are part of the row around them."""


def read(mathml: str) -> Element:
    """Return the `<math>` of `mathml` without namespaces and pretty-printing.

    Raises xml.etree.ElementTree.ParseError where it is not well-formed.
    """
    root = fromstring(mathml)
    for element in root.iter():
        element.tag = element.tag.rpartition("}")[2]
        element.tail = None
        element.text = None if len(element) else element.text
    return root


def is_deep(root: Element) -> bool:
    """Tell whether the tree has more levels than MAX_DEPTH."""
    level = [root]
    for _ in range(MAX_DEPTH):
        level = [child for element in level for child in element]
    return bool(level)


def tokens(root: Element) -> Iterator[str]:
    """Yield the text of every token that is seen, in the order of the source."""
    waiting = [root]
    while waiting:
        element = waiting.pop()
        if element.tag != "mphantom":
            yield element.text or ""
            waiting.extend(reversed(element))


def core_of(element: Element) -> Element:
    """Return what carries scripts, accents and padding: `∑` of `∑_{n=0}^∞`."""
    while len(element) and (element.tag in _CARRIERS or _is_group_of_one(element)):
        element = element[0]
    return element


def _is_group_of_one(element: Element) -> bool:
    return element.tag in LAYERS and len(element) == 1
