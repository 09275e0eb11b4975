"""Each HTML element as the tree keeps it: fewer attributes, absolute URLs.

`refine` is given an element whose children are refined already, with attributes as
the sanitiser left them, and returns what stands in its place: itself, its children
alone (a `div` says nothing in a feed), another node, or nothing.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

from pipeline.content.markup import media
from pipeline.content.markup.addresses import Addresses
from pipeline.content.markup.attributes import kept_attributes, line_of
from pipeline.content.markup.blocks import as_blocks, is_block, paragraphs, trim
from pipeline.content.markup.code import code_of, highlighted_code, language_of
from pipeline.content.markup.figures import tidy_figure
from pipeline.content.tree import Code, Element, Node, Text

Nodes = tuple[Node, ...]

_RENAMED = {"strike": "del", "s": "del", "tt": "code"}
_VOID = frozenset({"br", "col", "hr", "wbr"})
_NO_BULLET = re.compile(r"list-style:\s*none\b")
_ALIGNMENT = re.compile(r"(?:text-align:\s*)?(left|right|center|justify|start|end)\b")


def refine(element: Element, addresses: Addresses) -> Nodes:
    """Return what stands for `element` in the tree."""
    rule = _RULES.get(element.tag)
    return rule(element, addresses) if rule else _phrase(element, addresses)


def _phrase(element: Element, addresses: Addresses) -> Nodes:
    """Keep an element of a line; what says nothing leaves its children."""
    attributes = kept_attributes(element, addresses)
    if element.tag in {"span", "data", "bdi"} and not attributes:
        return element.children
    if not element.children and not attributes and element.tag not in _VOID:
        return ()
    tag = _RENAMED.get(element.tag, element.tag)
    return _around(Element(tag, attributes, element.children))


def _around(element: Element) -> Nodes:
    """Return `element` with phrases in it only: blocks cannot stand in a line.

    Paragraphs and headings in it become their words, a figure its picture; around a
    list or table the element itself goes.
    """
    if not any(map(_is_block_here, element.children)):
        return (element,)
    phrases: list[Node] = []
    for child in element.children:
        if isinstance(child, Element) and child.tag in _OPENED:
            inside = (c for c in child.children if not _is(c, "figcaption"))
            phrases += (Text(" "), *inside) if phrases else inside
        elif _is_block_here(child):
            return element.children
        else:
            phrases.append(child)
    return (element.with_children(phrases),)


def _is_block_here(node: Node) -> bool:
    return isinstance(node, Element | Code) and is_block(node)


_OPENED = frozenset({"p", "figure", "h1", "h2", "h3", "h4", "h5", "h6"})


def _is(node: Node, tag: str) -> bool:
    return isinstance(node, Element) and node.tag == tag


def _line_of_words(element: Element, addresses: Addresses) -> Nodes:
    """Keep a heading or its like, trimmed; an empty one goes."""
    children = trim(element.children)
    if not children:
        return ()
    return _around(Element(element.tag, kept_attributes(element, addresses), children))


def _paragraph(element: Element, addresses: Addresses) -> Nodes:
    return tuple(paragraphs(element.children, kept_attributes(element, addresses)))


def _container(element: Element, addresses: Addresses) -> Nodes:
    """Open a `div` or its like, unless it is one we know by its class."""
    code = highlighted_code(element)
    if code:
        return (code,)
    language = language_of(element)
    children = tuple(
        replace(child, language=language)
        if isinstance(child, Code) and not child.language
        else child
        for child in element.children
    )
    attributes = kept_attributes(element, addresses)
    if any(name == "class" for name, _ in attributes):
        return (Element(element.tag, attributes, as_blocks(children)),)
    return as_blocks(children)


def _blocks(element: Element, addresses: Addresses) -> Nodes:
    attributes = kept_attributes(element, addresses)
    return (Element(element.tag, attributes, as_blocks(element.children)),)


def _quotation(element: Element, addresses: Addresses) -> Nodes:
    written = element.attribute("cite")
    cite = addresses.page(written) if written else None
    attributes = kept_attributes(element, addresses)
    if cite:
        attributes += (("cite", cite),)
    if element.tag == "q":
        return _around(Element("q", attributes, element.children))
    return (Element("blockquote", attributes, as_blocks(element.children)),)


def _item(element: Element, addresses: Addresses) -> Nodes:
    attributes = kept_attributes(element, addresses)
    if _NO_BULLET.match(element.attribute("style") or ""):
        attributes += (("style", "list-style:none"),)
    return (Element(element.tag, attributes, _inside(element)),)


def _inside(element: Element) -> Nodes:
    """Return what is in an item or cell, without the white space between blocks."""
    children = trim(element.children)
    if not any(map(is_block, children)):
        return children
    return tuple(filter(_is_no_space, children))


def _is_no_space(node: Node) -> bool:
    return not isinstance(node, Text) or bool(node.text.strip())


def _parts_only(element: Element, addresses: Addresses) -> Nodes:
    """Keep a list, table or row without the white space between its parts."""
    code = highlighted_code(element)
    if code:
        return (code,)
    parts = filter(_is_no_space, element.children)
    return (Element(element.tag, kept_attributes(element, addresses), tuple(parts)),)


def _cell(element: Element, addresses: Addresses) -> Nodes:
    wanted = element.attribute("style") or element.attribute("align") or ""
    match = _ALIGNMENT.match(wanted.strip().lower())
    attributes = kept_attributes(element, addresses)
    if match:
        attributes += (("style", f"text-align:{match[1]}"),)
    return (Element(element.tag, attributes, _inside(element)),)


def _link(element: Element, addresses: Addresses) -> Nodes:
    href, name = element.attribute("href"), element.attribute("name")
    url = addresses.link(href, line_of(element)) if href is not None else None
    attributes = kept_attributes(element, addresses)
    if name and element.attribute("id") is None:
        attributes = (("id", addresses.anchor(name)), *attributes)
    if url:
        attributes = (("href", url), *attributes)
    has_id = any(name == "id" for name, _ in attributes)
    if not has_id and not (url and element.children):
        return element.children
    return _around(Element("a", attributes, element.children))


def _preformatted(element: Element, addresses: Addresses) -> Nodes:
    return (code_of(element),)


def _figure(element: Element, addresses: Addresses) -> Nodes:
    code = highlighted_code(element)
    if code:
        return (code,)
    children = tidy_figure(element.children)
    attributes = kept_attributes(element, addresses)
    return (Element("figure", attributes, children),) if children else ()


def _rules() -> dict[str, Callable[[Element, Addresses], Nodes]]:
    by_tags: dict[str, Callable[[Element, Addresses], Nodes]] = {
        "p": _paragraph,
        "a": _link,
        "img": media.image,
        "picture": media.picture,
        "source": media.source,
        "video audio": media.recording,
        "pre": _preformatted,
        "figure": _figure,
        "blockquote q": _quotation,
        "details": _blocks,
        "td th": _cell,
        "li dd dt caption figcaption": _item,
        "h1 h2 h3 h4 h5 h6 summary": _line_of_words,
        "ul ol dl table thead tbody tfoot tr colgroup": _parts_only,
        "div section article aside main header footer nav center address hgroup": (
            _container
        ),
    }
    return {tag: rule for tags, rule in by_tags.items() for tag in tags.split()}


_RULES = _rules()
