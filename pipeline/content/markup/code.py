"""Code blocks out of HTML, also out of what highlighters made of them.

Hexo, rouge and Chroma put a block into a table whose first column holds the numbers
of its lines, and every word into a `span`: only the text and the language stay.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from pipeline.content.tree import Code, Element, Node, Text

_LANGUAGE = re.compile(r"(?:language|lang|highlight-source|brush:)[-\s]*([\w+#-]+)")
_GUTTER = re.compile(r"\b(?:gutter|lineno|linenos|ln)\b")
_HIGHLIGHTERS = frozenset(
    {"highlight", "rouge-table", "highlighttable", "lntable", "hljs-ln"}
)
_NUMBERS = re.compile(r"[\d\s]*")


def code_of(pre: Element) -> Code:
    """Return the code in a `pre` element, whose children are as they came."""
    text = "".join(_text(pre.children)).rstrip("\n")
    inner = (child for child in pre.children if isinstance(child, Element))
    named = (language_of(element) for element in (pre, *inner))
    return Code(text, next(filter(None, named), ""))


def language_of(element: Element) -> str:
    """Return the language an element names, empty for none."""
    match = _LANGUAGE.search(element.attribute("class") or "")
    name = match[1] if match else element.attribute("data-lang") or ""
    return name.lower()


def highlighted_code(element: Element) -> Code | None:
    """Return the one block of code in what a highlighter wrote, else None."""
    classes = (element.attribute("class") or "").split()
    if _HIGHLIGHTERS.isdisjoint(classes):
        return None
    blocks = [
        block for block in _code_blocks(element) if not _NUMBERS.fullmatch(block.text)
    ]
    if len(blocks) != 1:
        return None
    named = (name for name in classes if name not in _HIGHLIGHTERS | {"hljs"})
    language = blocks[0].language or language_of(element)
    if not language and element.tag == "figure":
        language = next(named, "")
    return Code(blocks[0].text, language)


def _code_blocks(element: Element) -> Iterator[Code]:
    stack: list[Node] = [element]
    while stack:
        node = stack.pop()
        if isinstance(node, Code):
            yield node
        elif isinstance(node, Element):
            stack.extend(reversed(node.children))


def _text(nodes: Iterable[Node]) -> Iterator[str]:
    """Yield the text, with the line breaks that a browser would show."""
    stack, begun = list(nodes)[::-1], False
    while stack:
        node = stack.pop()
        if not isinstance(node, Element):
            yield node.text if isinstance(node, Text) else ""
            begun = True
        else:
            if node.tag == "br" or (begun and node.tag in {"div", "tr", "p", "li"}):
                yield "\n"
            if not _GUTTER.search(node.attribute("class") or ""):
                stack.extend(reversed(node.children))
