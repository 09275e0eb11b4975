"""Markdown to HTML: markdown-it with the plugins and rules of our own.

CommonMark 0.31.2, and of GFM tables, strikethrough, task lists and bare URLs; of
others footnotes, definition lists, attribute lists; and formulas. No typographer:
a text keeps its own quotes.
"""

from __future__ import annotations

from functools import cache
from typing import Any

from markdown_it import MarkdownIt
from mdit_py_plugins.deflist import deflist_plugin
from mdit_py_plugins.footnote import footnote_plugin

from pipeline.content.markup.attribute_lists import add_attribute_lists
from pipeline.content.markup.bare_urls import add_bare_urls
from pipeline.content.markup.bounds import TooLargeError
from pipeline.content.markup.callouts import add_callouts
from pipeline.content.markup.formula_rules import add_formulas
from pipeline.content.markup.indices import add_indices
from pipeline.content.markup.inline import InlineParser
from pipeline.content.markup.lines import number_lines
from pipeline.content.markup.markdown_in_html import add_markdown_in_html
from pipeline.content.markup.rawhtml import RawHtml
from pipeline.content.markup.renderer import Renderer
from pipeline.content.markup.sheet import Sheet
from pipeline.content.markup.sized_pictures import add_sized_pictures
from pipeline.content.markup.tables import add_tables
from pipeline.content.markup.tasks import add_tasks
from pipeline.content.markup.toc import add_toc

# A quote is a level, a list two; markdown-it drops what lies deeper. At the worst
# (pictures in pictures) it goes 400 frames deep, of the 1,000 that Python has.
MAX_LEVELS = 100


def markdown_to_html(text: str, sheet: Sheet) -> str:
    """Return `text` as HTML, not yet sanitised, with marks of `sheet.shelf` in it.

    Raises bounds.TooLargeError for what is nested too deep.
    """
    raw = RawHtml(sheet)
    env: dict[str, Any] = {"sheet": sheet, "raw": raw}
    md = _markdown()
    tokens = md.parse(text, env)
    if any(token.level >= MAX_LEVELS - 1 for token in tokens):
        raise TooLargeError(f"is nested more than {MAX_LEVELS} levels deep")
    return raw.finish(md.renderer.render(tokens, md.options, env))


@cache
def _markdown() -> MarkdownIt:
    """Build the parser, once: a text leaves nothing in it."""
    md = MarkdownIt()
    md.inline = InlineParser()
    md.configure("commonmark", {"maxNesting": MAX_LEVELS})
    md.enable("strikethrough")
    add_tables(md)
    md.use(footnote_plugin)
    md.use(deflist_plugin)
    add_callouts(md)
    add_toc(md)
    add_tasks(md)
    add_markdown_in_html(md)
    add_indices(md)
    add_attribute_lists(md)
    add_sized_pictures(md)
    add_bare_urls(md)
    add_formulas(md)
    md.core.ruler.push("number_lines", number_lines)
    md.renderer = Renderer(md)  # last: plugins put rules of theirs into the first
    md.validateLink = _every_link  # type: ignore[method-assign]
    return md


def _every_link(url: str) -> bool:
    """Let every link be one: the sheet tells of bad ones, the sanitiser drops them."""
    return True
