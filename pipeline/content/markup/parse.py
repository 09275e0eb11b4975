"""A post's text to its body: the pipe that this package is.

text ─tags→ text ─Markdown→ HTML ─sanitise→ HTML ─build→ tree
              └─ HTML ─prepare ─┘
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from itertools import count

from pipeline.base.errors import ContentError
from pipeline.base.faults import Fault, Severity
from pipeline.base.text import first_control, strip_controls
from pipeline.content.links import SiteIndex, absolute
from pipeline.content.markup.addresses import Addresses
from pipeline.content.markup.bounds import TooLargeError, check_text
from pipeline.content.markup.build import build_tree, ids_in
from pipeline.content.markup.markdown import markdown_to_html
from pipeline.content.markup.more import lift_more
from pipeline.content.markup.oneline import split_formulas
from pipeline.content.markup.rawhtml import RawHtml
from pipeline.content.markup.sanitise import sanitise
from pipeline.content.markup.sheet import Sheet
from pipeline.content.markup.shelf import without_marks
from pipeline.content.post import Post
from pipeline.content.tags.expand import expand
from pipeline.content.tags.tag import MOST_FAULTS, TagContext
from pipeline.content.tree import Body, Element, Formula, Node

# Front matter stands at the top; its values come without the lines of their own.
_FIRST_LINE = 1


def parse_body(post: Post, index: SiteIndex, *, hard_breaks: bool = False) -> Body:
    """Return the body of `post`: a safe tree in which every URL is absolute.

    Names of other posts and files are looked up in `index`. With `hard_breaks` each
    line break in a paragraph of Markdown shows as one. What had to be left out is
    told as warnings. Raises ContentError for a text too deep or too large to be
    shown anywhere.
    """
    context = TagContext(
        path=post.path, text_line=post.text_line, index=index, markup=post.markup
    )
    text = strip_controls(post.text).replace("\ufeff", "")
    try:
        check_text(text)
        expanded = expand(text, context)
        check_text(expanded.text)
    except TooLargeError as error:
        raise ContentError([_too_large(post, str(error))]) from error
    sheet = Sheet(
        post.path,
        post.text_line,
        absolute(post.url, index.site_url) or index.site_url,
        chinese=post.language.lower().startswith("zh"),
        hard_breaks=hard_breaks,
    )
    _tell_controls(post, sheet)
    try:
        nodes, references = _parse(post, without_marks(expanded.text), sheet, index)
    except TooLargeError as error:
        raise ContentError([_too_large(post, str(error))]) from error
    counter = count(1)
    title = split_formulas(post.title, _FIRST_LINE)
    summary = split_formulas(post.summary, _FIRST_LINE)
    return Body(
        title=_counted(title, counter),
        summary=_counted(summary, counter),
        nodes=_counted(nodes, counter),
        faults=_in_order((*expanded.faults, *sheet.faults)),
        picture_lines=tuple(sheet.picture_lines.items()),
        references=tuple({**dict(expanded.references), **references}.items()),
    )


def _parse(
    post: Post, text: str, sheet: Sheet, index: SiteIndex
) -> tuple[tuple[Node, ...], Mapping[str, str]]:
    if post.markup == "html":
        raw = RawHtml(sheet)
        prepared = raw.finish(raw.prepare(text, sheet.first_line))
    else:
        prepared = markdown_to_html(text, sheet)
    html = strip_controls(sanitise(prepared))
    addresses = Addresses(post, index, sheet, ids_in(html))
    nodes = lift_more(build_tree(html, sheet.shelf, addresses))
    return nodes, addresses.references


def _tell_controls(post: Post, sheet: Sheet) -> None:
    """Warn of characters that no feed can hold, once."""
    found = first_control(post.text)
    if found is not None:
        code = f"U+{ord(post.text[found]):04X}"
        sheet.warn(
            f"the text holds a control character ({code}), which is left out",
            "take it out, or save the text from your editor again",
            post.text_line + post.text.count("\n", 0, found),
        )


def _counted(nodes: Iterable[Node], counter: Iterator[int]) -> tuple[Node, ...]:
    """Return the nodes with their formulas numbered, in reading order."""
    return tuple(_counted_node(node, counter) for node in nodes)


def _counted_node(node: Node, counter: Iterator[int]) -> Node:
    match node:
        case Formula():
            return replace(node, n=next(counter))
        case Element(children=children) if children:
            return node.with_children(_counted(children, counter))
    return node


def _in_order(faults: Iterable[Fault]) -> tuple[Fault, ...]:
    """Return the faults as the lines go: the warnings first where there are many."""
    told = sorted(dict.fromkeys(faults), key=_is_advice)[:MOST_FAULTS]
    return tuple(sorted(told, key=lambda fault: fault.line or 0))


def _is_advice(fault: Fault) -> bool:
    return fault.severity is Severity.ADVICE


def _too_large(post: Post, what: str) -> Fault:
    return Fault(
        path=post.path,
        line=post.text_line,
        what=f"the text {what}",
        remedy="flatten its quotes, lists and HTML, close what is left open, or make "
        "several posts of it",
    )
