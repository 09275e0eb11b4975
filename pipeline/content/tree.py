"""The body of a post as a tree: text, elements, formulas and code are its nodes.

Holds no logic of any markup or target: `content.markup` makes trees, `rendition`
turns them into HTML and text.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from pipeline.base.faults import Fault


@dataclass(frozen=True, slots=True)
class Text:
    """Characters, as a reader sees them (no entities, no markup)."""

    text: str


@dataclass(frozen=True, slots=True)
class Formula:
    """One formula: its TeX without delimiters, and the line of its file.

    `n` counts the post's formulas from 1, since two that are written alike may have
    different numbers or meanings; 0 where they are not counted yet. An environment
    written bare (`\\begin{align}…`) keeps its `\\begin` and `\\end`.
    """

    tex: str
    display: bool = False
    line: int = 0
    n: int = 0


@dataclass(frozen=True, slots=True)
class Code:
    """A block of code, as typed; `language` is empty where none was named."""

    text: str
    language: str = ""


@dataclass(frozen=True, slots=True)
class More:
    """The mark an author puts where the excerpt ends (`<!--more-->`)."""


@dataclass(frozen=True, slots=True)
class Element:
    """An HTML element that passed the sanitiser; URLs in it are absolute.

    Figures are `figure` elements with `img` and `figcaption`, links are `a`.
    """

    tag: str
    attributes: tuple[tuple[str, str], ...] = ()
    children: tuple[Node, ...] = ()

    def attribute(self, name: str) -> str | None:
        """Return the value of `name`, or None where it is not there."""
        return next((value for key, value in self.attributes if key == name), None)

    def with_children(self, children: Iterable[Node]) -> Element:
        """Return the same element around other children."""
        return replace(self, children=tuple(children))


Node = Text | Formula | Code | More | Element


@dataclass(frozen=True, slots=True, kw_only=True)
class Body:
    """A parsed body: its nodes, what was wrong, and the names it looked up.

    `title` and `summary` are the post's own, one line each, as text and formulas.
    `picture_lines` holds the line where each picture first stands, by its URL.
    `references` holds each name that was looked up in the site beside the URL it
    got (empty where there was none): as long as they resolve alike and the text is
    the same, the body is the same.
    """

    nodes: tuple[Node, ...]
    title: tuple[Node, ...] = ()
    summary: tuple[Node, ...] = ()
    faults: tuple[Fault, ...] = ()
    picture_lines: tuple[tuple[str, int], ...] = ()
    references: tuple[tuple[str, str], ...] = ()

    def formulas(self) -> tuple[Formula, ...]:
        """Return every formula, in reading order: title, summary, body."""
        nodes = walk((*self.title, *self.summary, *self.nodes))
        return tuple(node for node in nodes if isinstance(node, Formula))


def walk(nodes: Iterable[Node]) -> Iterator[Node]:
    """Yield every node, parents before children, in reading order."""
    stack = list(reversed(tuple(nodes)))
    while stack:
        node = stack.pop()
        yield node
        if isinstance(node, Element):
            stack.extend(reversed(node.children))
