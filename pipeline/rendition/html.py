"""A tree as HTML: escaped, deterministic, well-formed enough to stand inside XML.

What differs between a feed and a mail is decided in `targets`; this only writes.
"""

from __future__ import annotations

from collections.abc import Iterable
from html import escape

from pipeline.base.text import strip_controls
from pipeline.content.tree import Code, Element, Formula, Node, Text
from pipeline.rendition.code import highlight
from pipeline.rendition.punctuation import keep_together
from pipeline.rendition.targets import Target, adapt
from pipeline.rendition.typeset import UNTYPESET, Typesets, stand_apart, typeset_html

_VOID = frozenset({"br", "col", "hr", "img", "source", "track", "wbr"})


def render_html(
    nodes: Iterable[Node],
    target: Target,
    typesets: Typesets = UNTYPESET,
    *,
    page_url: str = "",
) -> str:
    """Return the nodes as HTML for `target`.

    Void elements are closed (`<br/>`), every attribute is quoted, and no named
    entity is used but those of XML. In mail, a link to an id of these same nodes on
    the page `page_url` becomes one within the mail. A paragraph of formulas that
    only define commands is left out.
    """
    adapted = adapt(stand_apart(nodes), target, page_url)
    adapted = keep_together(adapted, typesets)
    return strip_controls("".join(_write(node, typesets, target) for node in adapted))


def _write(node: Node, typesets: Typesets, target: Target) -> str:
    match node:
        case Text(text):
            return escape(text, quote=False)
        case Formula():
            return typeset_html(node, typesets, target)
        case Code(text, language):
            return highlight(text, language, wraps=target is Target.MAIL)
        case Element():
            return _write_element(node, typesets, target)
    return ""


def _write_element(element: Element, typesets: Typesets, target: Target) -> str:
    tag = element.tag
    attributes = "".join(_attribute(*pair) for pair in element.attributes)
    if tag in _VOID:
        return f"<{tag}{attributes}/>"
    inside = "".join(_write(child, typesets, target) for child in element.children)
    if tag == "p" and not inside.strip() and _has_formula(element):
        return ""
    return f"<{tag}{attributes}>{inside}</{tag}>"


def _has_formula(element: Element) -> bool:
    return any(isinstance(child, Formula) for child in element.children)


def _attribute(name: str, value: str) -> str:
    quoted = escape(value).replace("\n", "&#10;").replace("\t", "&#9;")
    return f' {name}="{quoted}"'
