"""Hugo's shortcodes: `{{< name … >}}` and `{{% name … %}}`."""

from __future__ import annotations

import re
from collections.abc import Mapping
from html import escape

from pipeline.content.tags.callouts import show_callout
from pipeline.content.tags.embeds import EMBEDS
from pipeline.content.tags.formulas import show_formula
from pipeline.content.tags.pieces import (
    MISSING,
    Legend,
    code_block,
    figure,
    in_place,
    inline_text,
    outside_url,
    picture,
    wrap,
)
from pipeline.content.tags.tag import Handler, Ledger, Tag

ESCAPED = re.compile(r"\{\{([<%])/\*((?:[^*\n{]|\*(?!/)|\{(?!\{))*+)\*/([>%])\}\}")
"""A shortcode that is to be printed: `{{</* name */>}}`."""

_IMAGE = ("src", "path", "url", "image_path")


def unescape(code: str) -> str:
    """Return `code` with the shortcodes printed in it as they are meant."""
    return ESCAPED.sub(r"{{\1\2\3}}", code)


def show_figure(tag: Tag, ledger: Ledger) -> str:
    """Hugo's figure, and the image tags of themes that speak alike."""
    source = tag.argument(*_IMAGE) or tag.word(0)
    if not source:
        ledger.warn(
            tag.place.at,
            f"{tag.source} names no picture, and was left out",
            'name one: src="picture.png"',
        )
        return ""
    inside = picture(
        source,
        tag.argument("alt", "caption", "title"),
        width=tag.argument("width"),
        height=tag.argument("height"),
    )
    if target := tag.argument("link"):
        inside = f'<a href="{escape(target)}">{inside}</a>'
    legend = Legend(
        title=tag.argument("title"),
        caption=tag.argument("caption"),
        credit=tag.argument("attr"),
        credit_url=outside_url(tag.argument("attrlink"), ledger)
        if tag.argument("attrlink")
        else "",
    )
    return figure(inside, legend, tag, ledger.markup)


def show_code(tag: Tag, ledger: Ledger) -> str:
    """`highlight`: code in the language that is its first word."""
    language = tag.argument("lang") or tag.word(0)
    return code_block(unescape(tag.inner or ""), language, tag, ledger.markup)


def point_to_post(tag: Tag, ledger: Ledger) -> str:
    """`ref` and `relref`: the URL of another post."""
    url = ledger.post_url(tag.argument("path") or tag.word(0))
    return in_place(url) if url else missing_post(tag, ledger)


def missing_post(tag: Tag, ledger: Ledger) -> str:
    """Tell that a tag names no post; a link to it is taken away, its text stays."""
    ledger.warn(
        tag.place.at,
        f"{tag.source} names a post that is not there",
        "name a post by its path, file name, slug or title",
    )
    return MISSING if tag.place.linked else ""


def keep(tag: Tag, ledger: Ledger) -> str:
    """A tag that only tells a theme to load something: what it wraps, unchanged."""
    return tag.inner or ""


def _details(tag: Tag, ledger: Ledger) -> str:
    summary = tag.argument("summary", "title") or tag.word(0)
    shown = f"<summary>{inline_text(summary, 'html')}</summary>" if summary else ""
    return wrap(f"<details>{shown}", tag.inner or "", "</details>", tag)


def _diagram(tag: Tag, ledger: Ledger) -> str:
    return code_block(tag.inner or "", tag.name, tag, ledger.markup)


SHORTCODES: Mapping[str, Handler] = {
    **EMBEDS,
    "figure": show_figure,
    "img": show_figure,
    "image": show_figure,
    "highlight": show_code,
    "ref": point_to_post,
    "relref": point_to_post,
    "details": _details,
    "admonition": show_callout,
    "callout": show_callout,
    "hint": show_callout,
    "note": show_callout,
    "notice": show_callout,
    "mermaid": _diagram,
    "katex": show_formula,
    "math": show_formula,
    "mathjax": show_formula,
    "rawhtml": keep,
    "raw": keep,
    "toc": keep,
}
"""What to do with each shortcode, by name."""

VERBATIM = frozenset(
    {"highlight", "mermaid", "katex", "math", "mathjax", "rawhtml", "raw"}
)
"""Those whose inside holds no tags."""
