"""Pictures and recordings: their URLs, sizes and the little else that is kept.

Each function is given an element as `elements.refine` is, and answers alike.
"""

from __future__ import annotations

from collections.abc import Iterator

from pipeline.content.markup.addresses import Addresses
from pipeline.content.markup.attributes import kept_attributes, line_of
from pipeline.content.markup.blocks import trim
from pipeline.content.markup.sizes import sizes
from pipeline.content.tree import Element, Node

Nodes = tuple[Node, ...]


def image(element: Element, addresses: Addresses) -> Nodes:
    """Keep a picture; where a page loads it lazily, the picture it means to load."""
    line = line_of(element)
    lazy = element.attribute("data-src") or element.attribute("data-original")
    written = lazy or element.attribute("src")
    url = addresses.media(written, line) if written else None
    if not url:
        return ()
    alt = element.attribute("alt") or ""
    addresses.see_picture(url, alt, line)
    attributes = [("src", url), ("alt", alt)]
    srcset = addresses.candidates(element.attribute("srcset") or "", line)
    if srcset:
        attributes.append(("srcset", srcset))
    attributes += (*_size(element), *kept_attributes(element, addresses))
    return (Element("img", tuple(attributes)),)


def source(element: Element, addresses: Addresses) -> Nodes:
    """Keep one of the files of a picture or recording."""
    line, attributes = line_of(element), kept_attributes(element, addresses)
    if src := element.attribute("src"):
        url = addresses.media(src, line, "file")
        return (Element("source", (("src", url), *attributes)),) if url else ()
    srcset = addresses.candidates(element.attribute("srcset") or "", line)
    return (Element("source", (("srcset", srcset), *attributes)),) if srcset else ()


def recording(element: Element, addresses: Addresses) -> Nodes:
    """Keep a video or audio, always with controls; without a file, what is in it."""
    line = line_of(element)
    urls = {
        name: addresses.media(written, line, kind)
        for name, kind in (("src", "file"), ("poster", "picture"))
        if (written := element.attribute(name))
    }
    children = trim(element.children)
    if not urls.get("src") and not any(_is(child, "source") for child in children):
        return children
    attributes = [("controls", "")]
    attributes += ((name, url) for name, url in urls.items() if url)
    attributes += (*_size(element), *kept_attributes(element, addresses))
    return (Element(element.tag, tuple(attributes), children),)


def picture(element: Element, addresses: Addresses) -> Nodes:
    """Keep a picture of several files, if one is an `img`, which all programs show."""
    children = tuple(child for child in element.children if isinstance(child, Element))
    if not any(_is(child, "img") for child in children):
        return ()
    return (Element("picture", kept_attributes(element, addresses), children),)


def _size(element: Element) -> Iterator[tuple[str, str]]:
    written = {name: element.attribute(name) or "" for name in ("width", "height")}
    yield from sizes(written).items()


def _is(node: Node, tag: str) -> bool:
    return isinstance(node, Element) and node.tag == tag
