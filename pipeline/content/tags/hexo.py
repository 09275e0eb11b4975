"""Hexo's tags: `{% name … %}`. Where Jekyll has one of that name, it is Jekyll's."""

from __future__ import annotations

import re
from collections.abc import Mapping

from pipeline.content.tags.arguments import split_words
from pipeline.content.tags.callouts import show_callout
from pipeline.content.tags.formulas import show_formula
from pipeline.content.tags.hugo import keep, missing_post
from pipeline.content.tags.jekyll import link_path
from pipeline.content.tags.pieces import (
    Block,
    code_block,
    in_place,
    inline_text,
    link,
    outside_url,
    picture,
    wrap,
)
from pipeline.content.tags.tag import Handler, Ledger, Tag
from pipeline.content.urls import quote_part

_PICTURE = re.compile(r"/|\.(?:png|jpe?g|gif|webp|svg|avif|bmp|ico)$", re.IGNORECASE)
_OPTION = re.compile(
    r"(?:lang|line_number|highlight|first_line|mark|wrap|language_attr):"
)
_ADDRESS = re.compile(r"https?://")


def _asset_img(tag: Tag, ledger: Ledger) -> str:
    """`img` and `asset_img`: [classes] file [width] [height] ["title"] ["alt"]."""
    words = list(tag.words)
    while len(words) > 1 and not _PICTURE.search(words[0]):
        words.pop(0)
    source, rest = (words[0] if words else ""), words[1:]
    sizes: list[str] = []
    while rest and rest[0].removesuffix("px").isdigit() and len(sizes) < 2:
        sizes.append(rest.pop(0))
    texts = [text for word in rest for text in _unquote(word)]
    width, height = (*sizes, "", "")[:2]
    title, alt = (*texts, "", "")[:2]
    return picture(source, alt or title, title=title, width=width, height=height)


def _unquote(word: str) -> tuple[str, ...]:
    """Split `'"title" "alt"'`, which Hexo's documentation shows, into its two."""
    return split_words(word)[0] if '"' in word else (word,)


def _asset_path(tag: Tag, ledger: Ledger) -> str:
    return in_place(quote_part(tag.word(0)))


def _asset_link(tag: Tag, ledger: Ledger) -> str:
    name = tag.word(0)
    return link(tag.word(1) or name, quote_part(name), ledger.markup)


def _post_link(tag: Tag, ledger: Ledger) -> str:
    """`post_link` name [title]: a link whose text is the post's title."""
    name = tag.word(0)
    url = ledger.post_url(name)
    if not url:
        missing_post(tag, ledger)
    text = " ".join(tag.words[1:]).removesuffix(" false").removesuffix(" true")
    return link(text or ledger.post_title(name) or name, url, ledger.markup)


def _post_path(tag: Tag, ledger: Ledger) -> str:
    url = ledger.post_url(tag.word(0))
    return in_place(url) if url else missing_post(tag, ledger)


def _link(tag: Tag, ledger: Ledger) -> str:
    """`link` text url [external] [title], or Jekyll's `link path`."""
    if len(tag.words) < 2:
        return link_path(tag, ledger)
    at = next((n for n, word in enumerate(tag.words) if _ADDRESS.match(word)), 1)
    text = " ".join(tag.words[:at]) or tag.words[at]
    return link(text, outside_url(tag.words[at], ledger), ledger.markup)


def _codeblock(tag: Tag, ledger: Ledger) -> str:
    """`codeblock` [title] [lang:name] [url] [link text]; `code` is the same."""
    language = next(
        (word[5:] for word in tag.words if word.startswith("lang:")), ""
    ) or tag.argument("lang")
    words = [word for word in tag.words if not _OPTION.match(word)]
    block = code_block(tag.inner or "", language, tag, ledger.markup)
    heading = _heading(words, ledger)
    return Block(f"{heading}\n{tag.place.prefix}{block}") if heading else block


def _heading(words: list[str], ledger: Ledger) -> str:
    at = next((n for n, word in enumerate(words) if _ADDRESS.match(word)), len(words))
    title = inline_text(" ".join(words[:at]), ledger.markup)
    if at < len(words):
        text = " ".join(words[at + 1 :]) or words[at]
        title += " " + link(text, outside_url(words[at], ledger), ledger.markup)
    return f"<strong>{title.strip()}</strong>" if title else ""


def _blockquote(tag: Tag, ledger: Ledger) -> str:
    """`blockquote` author[, source] [link] [link title]; Zola's author=, source=."""
    words = tag.words
    at = next((n for n, word in enumerate(words) if _ADDRESS.match(word)), len(words))
    author = tag.argument("author") or " ".join(words[:at])
    source = " ".join(words[at + 1 :]) or tag.argument("source", "title")
    url = words[at] if at < len(words) else tag.argument("url", "link")
    url = outside_url(url, ledger) if url else ""
    credit = [
        inline_text(author, ledger.markup),
        link(source or (url and "↗"), url, ledger.markup),
    ]
    inner = (tag.inner or "").rstrip()
    shown = ", ".join(part for part in credit if part)
    if shown:
        blank = f"\n{tag.place.prefix}".rstrip(" ")
        inner = f"{inner}{blank}\n{tag.place.prefix}<cite>— {shown}</cite>"
    return wrap("<blockquote>", inner, "</blockquote>", tag)


def _pullquote(tag: Tag, ledger: Ledger) -> str:
    return wrap("<blockquote>", tag.inner or "", "</blockquote>", tag)


TAGS: Mapping[str, Handler] = {
    "asset_img": _asset_img,
    "img": _asset_img,
    "asset_path": _asset_path,
    "asset_link": _asset_link,
    "post_link": _post_link,
    "post_path": _post_path,
    "link": _link,
    "codeblock": _codeblock,
    "code": _codeblock,
    "blockquote": _blockquote,
    "quote": _blockquote,
    "pullquote": _pullquote,
    "note": show_callout,
    "katex": show_formula,
    "katexmm": keep,
    "math": show_formula,
    "mathjax": show_formula,
    "raw": keep,
}
"""What to do with each tag, by name."""

VERBATIM = frozenset({"codeblock", "code", "katex", "math", "mathjax"})
"""Those whose inside holds no tags."""
