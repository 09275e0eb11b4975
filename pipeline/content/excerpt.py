"""The beginning of a body, to be read on elsewhere: cut over the tree, never in HTML.

Up to the author's read-more mark, else an automatic cut. What must not be split is
one *atom*: a formula, code, a picture, a figure, a table, a word, a grapheme.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby

from pipeline.content.phrasing import (
    WHOLE_BLOCKS,
    cut_run,
    flat,
    is_block,
    is_heading,
)
from pipeline.content.pruning import (
    before_mark,
    contents,
    without_dangling,
    without_headings,
    without_marks,
    without_notes,
)
from pipeline.content.sentences import PICTURE, cut_at, measure
from pipeline.content.tree import Body, Code, Element, Node, Text, walk

MOST_PICTURES = 3
"""Pictures in an automatic excerpt: an album of fifty is not shown whole."""


@dataclass(frozen=True, slots=True)
class Excerpt:
    """The nodes of an excerpt, and whether they are the whole body."""

    nodes: tuple[Node, ...]
    whole: bool


def excerpt(body: Body, *, limit: int = 120) -> Excerpt:
    """Return the beginning of `body`.

    Everything before its read-more mark, however long; without one, at most `limit`
    words as `base.text.count_words` counts them (or one atom, if that is longer),
    ended where a paragraph, sentence or clause ends, if one does in the last third.
    Only a whole body keeps its footnotes: elsewhere their links would lead nowhere.
    """
    nodes = tuple(without_marks(body.nodes))
    before, marked = before_mark(body.nodes)
    if marked and contents(before):
        if contents(before) == contents(nodes):
            return Excerpt(nodes, whole=True)
        return Excerpt(tuple(without_dangling(without_notes(before))), whole=False)
    everything = _Cut(limit)
    everything.take(nodes)
    if everything.is_whole:
        return Excerpt(nodes, whole=True)
    cut = _Cut(limit)
    taken = cut.take(without_notes(nodes))
    if cut.drops_headings:
        taken = list(without_headings(taken))
    return Excerpt(tuple(without_dangling(taken) or taken[:1]), whole=False)


class _Cut:
    """How much has been taken of a body, and whether more may be."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._words = 0
        self._pictures = 0
        self._has_begun = False
        self._has_stopped = False
        self.drops_headings = False

    @property
    def is_whole(self) -> bool:
        """Tell whether everything that was offered was taken, and is no more."""
        if self._has_stopped or self.drops_headings:
            return False
        return self._has_begun or self._words <= self._limit

    def take(self, nodes: Iterable[Node]) -> list[Node]:
        """Return as much of `nodes` as there is room for."""
        taken: list[Node] = []
        for blocks, group in groupby(nodes, key=is_block):
            if blocks:
                for node in group:
                    taken.extend(self._take_block(node))
                    if self._has_stopped:
                        return taken
            else:
                taken.extend(self._take_run(tuple(group)))
            if self._has_stopped:
                break
        return taken

    def _take_block(self, node: Node) -> tuple[Node, ...]:
        if not isinstance(node, Element) or node.tag in WHOLE_BLOCKS:
            return self._take_whole(node)
        if is_heading(node):
            return self._take_heading(node)
        children = self.take(node.children)
        if node.children and not children:
            return ()
        return (node.with_children(children),)

    def _take_heading(self, node: Element) -> tuple[Node, ...]:
        words = measure(flat((node,)))
        if self._has_begun and self._words + words > self._limit:
            self._has_stopped = True
            return ()
        self._words += words
        return (node,)

    def _take_whole(self, node: Node) -> tuple[Node, ...]:
        words, pictures = _weigh(node)
        self._begin(words)
        full = self._words + words > self._limit
        full = full or self._pictures + pictures > MOST_PICTURES
        if full and self._has_begun:
            self._has_stopped = True
            return ()
        self._words += words
        self._pictures += pictures
        self._has_begun = self._has_begun or not _is_rule(node)
        return (node,)

    def _take_run(self, nodes: tuple[Node, ...]) -> tuple[Node, ...]:
        """Take what reads on as one: the inside of a paragraph."""
        text = flat(nodes)
        if not text.strip():
            return nodes
        words = measure(text)
        self._begin(words)
        end = min(self._room_for(text, words), self._end_of_pictures(text))
        self._has_begun = True
        if end < len(text):
            self._has_stopped = True
            return cut_run(nodes, text[:end])
        self._words += words
        self._pictures += text.count(PICTURE)
        return nodes

    def _begin(self, words: int) -> None:
        """Let headings go that would leave no room for what comes first."""
        room = self._limit - self._words
        if not self._has_begun and self._words and room < min(words, self._limit // 3):
            self.drops_headings = True
            self._words = 0

    def _room_for(self, text: str, words: int) -> int:
        """Return how far `text` fits; nowhere, if the end is near enough already."""
        room = self._limit - self._words
        if words <= room:
            return len(text)
        if self._has_begun and self._words * 3 >= self._limit * 2:
            return 0
        return cut_at(text, room)

    def _end_of_pictures(self, text: str) -> int:
        end = -1
        for _ in range(MOST_PICTURES - self._pictures + 1):
            end = text.find(PICTURE, end + 1)
            if end < 0:
                return len(text)
        return end


def _weigh(node: Node) -> tuple[int, int]:
    """Return the words and the pictures of an atom; a picture has no words."""
    words = pictures = 0
    for inner in walk((node,)):
        if isinstance(inner, Text | Code):
            words += measure(inner.text)
        elif isinstance(inner, Element):
            pictures += inner.tag in ("img", "video", "audio")
        else:
            words += 1
    return words, pictures


def _is_rule(node: Node) -> bool:
    return isinstance(node, Element) and node.tag == "hr"
