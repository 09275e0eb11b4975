"""Pictures that stand alone become figures; their title, with formulas, the caption."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from pipeline.content.markup.oneline import split_formulas
from pipeline.content.tree import Element, Node, Text

_EMPHASIS = frozenset({"em", "i"})
_MEDIA = frozenset({"img", "picture", "video", "audio"})
_NO_LINE = 0


def as_figures(children: Sequence[Node]) -> tuple[Node, ...]:
    """Return a figure for each picture, nothing where there are other things too.

    Emphasis alone after the last of them is its caption, as in `![](a.png)` and
    `*a caption*` on the next line.
    """
    shown = [child for child in children if not _is_gap(child)]
    caption: tuple[Node, ...] = ()
    if (
        len(shown) > 1
        and isinstance(last := shown[-1], Element)
        and last.tag in _EMPHASIS
    ):
        caption = last.children
        shown.pop()
    pictures = [child for child in shown if isinstance(child, Element)]
    if len(pictures) < len(shown) or not all(map(_is_picture, pictures)):
        return ()
    figures = [_figure(picture) for picture in pictures]
    if caption:
        figures[-1] = _with_caption(pictures[-1], caption)
    return tuple(figures)


def tidy_figure(children: Iterable[Node]) -> tuple[Node, ...]:
    """Return what a figure holds, without gaps and without figures in it."""
    tidy: list[Node] = []
    for child in children:
        if isinstance(child, Element) and child.tag == "figure":
            tidy.extend(child.children)
        elif not _is_gap(child) and not _is_empty_caption(child):
            tidy.append(child)
    return tuple(tidy)


def _figure(picture: Element) -> Element:
    captioned = picture.children[0] if picture.tag == "a" else picture
    title = captioned.attribute("title") if isinstance(captioned, Element) else None
    if not title:
        return Element("figure", (), (picture,))
    return _with_caption(_without_title(picture), split_formulas(title, _NO_LINE))


def _with_caption(picture: Element, words: tuple[Node, ...]) -> Element:
    return Element("figure", (), (picture, Element("figcaption", (), words)))


def _without_title(element: Element) -> Element:
    attributes = tuple(pair for pair in element.attributes if pair[0] != "title")
    children = (
        _without_title(child) if isinstance(child, Element) else child
        for child in element.children
    )
    return Element(element.tag, attributes, tuple(children))


def _is_picture(element: Element) -> bool:
    if element.tag != "a":
        return element.tag in _MEDIA
    return len(element.children) == 1 and all(
        isinstance(child, Element) and child.tag in _MEDIA for child in element.children
    )


def _is_empty_caption(node: Node) -> bool:
    return node == Element("figcaption")


def _is_gap(node: Node) -> bool:
    if isinstance(node, Text):
        return not node.text.strip()
    return isinstance(node, Element) and node.tag == "br"
