"""The picture that stands for a post: which one it is, and a text without it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from pipeline.base.text import fold_line
from pipeline.content.tree import Code, Element, Formula, Node, Text, walk
from pipeline.content.urls import absolute

# What is smaller, in pixels, is a badge or an emoji.
_SMALLEST = 64
_SHOWN_ALONE = frozenset({"audio", "img", "table", "video"})


@dataclass(frozen=True, slots=True)
class Picture:
    """The picture that stands for a post; sizes in pixels, 0 where not known."""

    url: str
    alt: str
    caption: str = ""
    width: int = 0
    height: int = 0


def find_picture(image: str, page_url: str, nodes: Iterable[Node]) -> Picture | None:
    """Return the picture of the page: its own `image`, else the first it shows.

    `image` may be relative to `page_url`, or empty. What mail cannot show, an SVG or
    a `data:` URL, does not stand for a post; nor does a badge.
    """
    pictures = [_picture(img, figure) for img, figure in _images(nodes, None)]
    if url := absolute(image, page_url) if image else None:
        return next((found for found in pictures if found.url == url), Picture(url, ""))
    return next(filter(_stands_for_page, pictures), None)


def without_picture(nodes: tuple[Node, ...], picture: Picture) -> tuple[Node, ...]:
    """Return the nodes without the first figure or image that shows `picture`.

    Where that would leave nothing, the nodes come back as they are.
    """
    rest = _without(nodes, picture.url)
    return rest if has_content(rest) else nodes


def has_content(nodes: Iterable[Node]) -> bool:
    """Tell whether the nodes show anything."""
    return any(_is_shown(node) for node in walk(nodes))


def pixels(image: Element, name: str) -> int:
    """Return the `width` or `height` an image says it has, 0 where it does not."""
    value = image.attribute(name) or ""
    return int(value) if value.isdecimal() else 0


def _is_shown(node: Node) -> bool:
    match node:
        case Text(text):
            return bool(text.strip())
        case Element(tag):
            return tag in _SHOWN_ALONE
    return isinstance(node, Code | Formula)


def _images(
    nodes: Iterable[Node], figure: Element | None
) -> Iterator[tuple[Element, Element | None]]:
    """Yield each image with the figure it stands in."""
    for node in nodes:
        if isinstance(node, Element):
            if node.tag == "img":
                yield node, figure
            yield from _images(node.children, node if node.tag == "figure" else figure)


def _picture(image: Element, figure: Element | None) -> Picture:
    captions = (
        _plain(part.children)
        for part in (figure.children if figure else ())
        if isinstance(part, Element) and part.tag == "figcaption"
    )
    return Picture(
        url=image.attribute("src") or "",
        alt=fold_line(image.attribute("alt") or ""),
        caption=next(captions, ""),
        width=pixels(image, "width"),
        height=pixels(image, "height"),
    )


def _plain(nodes: Iterable[Node]) -> str:
    words = (
        node.tex if isinstance(node, Formula) else node.text
        for node in walk(nodes)
        if isinstance(node, Text | Formula)
    )
    return fold_line("".join(words))


def _stands_for_page(picture: Picture) -> bool:
    path = picture.url.partition("?")[0].lower()
    known = [size for size in (picture.width, picture.height) if size]
    return (
        path.startswith(("http:", "https:"))
        and not path.endswith(".svg")
        and min(known, default=_SMALLEST) >= _SMALLEST
    )


def _without(nodes: tuple[Node, ...], url: str) -> tuple[Node, ...]:
    for at, node in enumerate(nodes):
        if isinstance(node, Element) and _shows(node, url):
            rest = _cut_out(node, url)
            return nodes[:at] + ((rest,) if rest else ()) + nodes[at + 1 :]
    return nodes


def _shows(element: Element, url: str) -> bool:
    images = (image for image, _ in _images((element,), None))
    return any(image.attribute("src") == url for image in images)


def _cut_out(element: Element, url: str) -> Element | None:
    """Return what is left of an element: of a figure with one image, nothing."""
    alone = sum(1 for _ in _images((element,), None)) == 1
    if element.tag == "img" or (element.tag == "figure" and alone):
        return None
    rest = _without(element.children, url)
    return element.with_children(rest) if has_content(rest) else None
