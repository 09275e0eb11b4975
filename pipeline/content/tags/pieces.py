"""What tags turn into: links, pictures, figures, code, wrappers. All is escaped.

Links and marks are written as HTML, which Markdown lets through, so that both
markups share them. A `Block` wants lines of its own, which `lay_out` gives it. A
picture's name may stand for a file: whoever parses the text looks it up.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from html import escape

from pipeline.content.tags.tag import Ledger, Markup, Place, Tag
from pipeline.content.urls import absolute

MISSING = "\ufdd0"
"""A link's destination that is not there; `unlink` takes such links away. It is a
noncharacter, which no text holds."""

_PUNCTUATION = re.compile(r"""([\\`*_\[\]<>&$~=^|#!{}"'])""")
_MARKED_UP = re.compile(r"[*_`\[$\\<]")
_LINE_BREAKS = re.compile(r"\s*\n\s*")
_MISSING_LINK = re.compile(rf"\[([^\[\]]*)\]\(<?{MISSING}[^()\s]*(?:[ ][^()\n]*)?\)")
_MISSING_ANCHOR = re.compile(rf"<a\b[^<>{MISSING}]*{MISSING}[^<>]*>")
_REST = re.compile(r"[ \t]*+(?:\n|\Z)(?P<blank>[ \t>]*+(?:\n|\Z))?")
_DIMENSION = re.compile(r"(\d+)(?:px)?")


class Block(str):
    """Text that is a block of its own in Markdown."""

    __slots__ = ()


def inline_text(text: str, markup: Markup) -> str:
    """Return `text` so that it shows as it is, inside a line."""
    text = _on_one_line(text)
    if markup == "html":
        return escape(text)
    return _PUNCTUATION.sub(r"\\\1", text)


def link(text: str, url: str, markup: Markup) -> str:
    """Return a link with a plain text; the bare text where `url` is empty."""
    shown = inline_text(text, markup)
    return f'<a href="{escape(url)}">{shown}</a>' if url else shown


def outside_url(url: str, ledger: Ledger) -> str:
    """Return `url` made absolute, empty where it is not safe to follow."""
    return absolute(url, ledger.site_url) or ""


def picture(source: str, alt: str = "", **attributes: str) -> str:
    """Return an `img`; of `attributes` those that are empty are left out.

    `width` and `height` are kept where they are whole pixels.
    """
    given = {"src": source, "alt": alt}
    for name, value in attributes.items():
        if name in ("width", "height"):
            pixels = _DIMENSION.fullmatch(value)
            value = pixels[1] if pixels else ""
        if value:
            given[name] = value
    written = " ".join(f'{name}="{_attribute(given[name])}"' for name in given)
    return f"<img {written}>"


@dataclass(frozen=True, slots=True, kw_only=True)
class Legend:
    """What stands below a picture; only `caption` may hold markup of its own."""

    title: str = ""
    caption: str = ""
    credit: str = ""
    credit_url: str = ""


def figure(inside: str, legend: Legend, tag: Tag, markup: Markup) -> Block:
    """Return a figure as a block around `inside`, which is HTML."""
    plain = markup == "html" or not _MARKED_UP.search(legend.caption)
    inner: Markup = "html" if plain else "markdown"
    parts = (
        f"<strong>{inline_text(legend.title, inner)}</strong>" if legend.title else "",
        escape(legend.caption) if plain else legend.caption,
        link(legend.credit, legend.credit_url, inner),
    )
    caption = " ".join(part for part in parts if part)
    if not caption:
        return Block(f"<figure>{inside}</figure>")
    opening, closing = f"<figure>{inside}<figcaption>", "</figcaption></figure>"
    if plain:
        return Block(f"{opening}{_on_one_line(caption)}{closing}")
    return wrap(opening, caption, closing, tag)


def code_block(code: str, language: str, tag: Tag, markup: Markup) -> Block:
    """Return code as a block, whatever marks it holds itself."""
    code = code.strip("\n").rstrip()
    language = "".join(re.findall(r"[\w+#.-]", language))
    if markup == "html":
        named = f' class="language-{escape(language)}"' if language else ""
        return Block(f"<pre><code{named}>{escape(code)}</code></pre>")
    longest = max((len(run) for run in re.findall(r"`+", code)), default=0)
    fence = "`" * max(3, longest + 1)
    return Block(f"{fence}{language}\n{code}\n{tag.place.prefix}{fence}")


def wrap(opening: str, inside: str, closing: str, tag: Tag) -> Block:
    """Return a block of HTML around Markdown: blank lines keep them apart."""
    line = f"\n{tag.place.prefix}"
    blank = line.rstrip(" ")
    lead = "" if inside.startswith("\n") else line
    inside = inside.rstrip().removesuffix(blank)
    return Block(f"{opening}{blank}{lead}{inside}{blank}{line}{closing}")


def lay_out(block: str, place: Place, text: str, end: int) -> str:
    """Return `block` on lines of its own, for what ends at `end` of `text`.

    An HTML block lasts until a blank line (CommonMark 0.31, 4.6), so that one is
    put after it where there is none. A fence ends itself.
    """
    blank = f"\n{place.prefix}".rstrip(" ")
    if not place.leads:
        block = f"{blank}\n{place.prefix}{block}"
    rest = _REST.match(text, end)
    if rest is None:
        return f"{block}{blank}\n{place.prefix}"
    ends = rest["blank"] is not None or block.endswith("`")
    return block if ends else block + blank


def in_place(url: str) -> str:
    """Return `url` fit for any destination: in brackets, or in either quotes."""
    return url.replace("(", "%28").replace(")", "%29").replace("'", "%27")


def unlink(text: str) -> str:
    """Take away the links whose destination is `MISSING`; their text stays."""
    if MISSING not in text:
        return text
    text = _MISSING_LINK.sub(r"\1", text)
    text = _MISSING_ANCHOR.sub("<a>", text)
    return text.replace(MISSING, "#")


def _attribute(value: str) -> str:
    return escape(_on_one_line(value))


def _on_one_line(text: str) -> str:
    return _LINE_BREAKS.sub(" ", text)
