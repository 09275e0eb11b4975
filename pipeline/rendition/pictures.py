"""The picture that stands for a post: which one it is, and a text without it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

from pipeline.base.text import fold_line
from pipeline.content.tree import Code, Element, Formula, Node, Text, walk
from pipeline.pictures.size import Size
from pipeline.rendition.targets import pixels
from pipeline.rendition.typeset import Typesets, typeset_text

# What is smaller, in pixels, is a badge or an emoji.
_SMALLEST = 64
_UNKNOWN = Size(0, 0)
_SHOWN_ALONE = frozenset({"audio", "img", "table", "video"})


@dataclass(frozen=True, slots=True)
class Picture:
    """The picture that stands for a post; sizes in pixels, 0 where not known."""

    url: str
    alt: str
    caption: str = ""
    width: int = 0
    height: int = 0


Sizes = Mapping[str, Size]
"""Sizes of pictures by their URL, as far as they are known."""
NO_SIZES: Sizes = MappingProxyType({})


def find_picture(
    image: str, nodes: Iterable[Node], typesets: Typesets, sizes: Sizes = NO_SIZES
) -> Picture | None:
    """Return the picture of a page: the one at URL `image`, else the first it shows.

    What mail cannot show, an SVG or a `data:` URL, does not stand for a post; nor
    does a badge. `image` may be empty.
    """
    pictures = [_picture(img, figure, typesets) for img, figure in _images(nodes, None)]
    if image:
        size = sizes.get(image, _UNKNOWN)
        alone = Picture(image, "", "", size.width, size.height)
        return next((found for found in pictures if found.url == image), alone)
    return next(filter(_stands_for_page, pictures), None)


def with_sizes(nodes: Iterable[Node], sizes: Sizes) -> tuple[Node, ...]:
    """Return the nodes with width and height in every image of `sizes`.

    A width or a height of the author's stays, and gets the other to go with it.
    """
    return tuple(_with_sizes(node, sizes) for node in nodes)


def _with_sizes(node: Node, sizes: Sizes) -> Node:
    if not isinstance(node, Element):
        return node
    if node.tag == "img" and (size := sizes.get(node.attribute("src") or "")):
        return _sized(node, size)
    return node.with_children(with_sizes(node.children, sizes))


def _sized(image: Element, size: Size) -> Element:
    width, height = pixels(image, "width"), pixels(image, "height")
    if width and not height:
        height = max(1, round(width * size.height / size.width))
    elif height and not width:
        width = max(1, round(height * size.width / size.height))
    elif not width:
        width, height = size.width, size.height
    sides = {"width": str(width), "height": str(height)}
    rest = ((key, value) for key, value in image.attributes if key not in sides)
    return replace(image, attributes=(*rest, *sides.items()))


def without_picture(nodes: tuple[Node, ...], picture: Picture) -> tuple[Node, ...]:
    """Return the nodes without the first figure or image that shows `picture`.

    Where that would leave nothing, the nodes come back as they are.
    """
    rest = _without(nodes, picture.url)
    return rest if has_content(rest) else nodes


def has_content(nodes: Iterable[Node]) -> bool:
    """Tell whether the nodes show anything."""
    return any(_is_shown(node) for node in walk(nodes))


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


def _picture(image: Element, figure: Element | None, typesets: Typesets) -> Picture:
    captions = (
        say_plainly(part.children, typesets)
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


def say_plainly(nodes: Iterable[Node], typesets: Typesets) -> str:
    """Return the words of the nodes as one line, formulas as Unicode."""
    words = (
        typeset_text(node, typesets) if isinstance(node, Formula) else node.text
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
