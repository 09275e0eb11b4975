"""HTML as an author wrote it, made ready for the sanitiser.

Formulas and read-more marks go onto the shelf, frames become links, tags with a URL
are given their line, a `<` that begins no tag becomes text. Nothing here makes HTML
safe: that is `content.markup.sanitise`, which comes after.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from html import escape, unescape

from pipeline.content.markup.embeds import embed_html
from pipeline.content.markup.formulas import FormulaFinder, Found
from pipeline.content.markup.html_tags import (
    ATTRIBUTES,
    NAME,
    is_element,
    read_attributes,
    write_attributes,
)
from pipeline.content.markup.left_out import EMPTIED, leave_out
from pipeline.content.markup.sheet import Sheet
from pipeline.content.markup.sizes import sizes
from pipeline.content.markup.typeset_html import lift_formulas
from pipeline.content.tree import More

# The last form is that of a tag whose quotes are not in order; its end is a guess.
_PIECE = re.compile(
    r"<!--(?:-?>|.*?(?P<end>-->|\Z))|<[!?][^<>]*+>"
    rf"|<(?P<slash>/?)(?P<name>{NAME})(?:(?P<attributes>{ATTRIBUTES})"
    r"|(?P<disordered>[^<>]*+))>",
    re.DOTALL,
)
_MORE = re.compile(
    r"<!--\s*(?:more(?:\s[^<>]*?)?|pelican_end_summary|truncate)\s*-->", re.IGNORECASE
)
_FORMULA_START = re.compile(r"\\\\|\$|\\")
# A type's name in prose, `List<Object>`: as the tags of HTML are not written.
_TYPE_NAME = re.compile(r"(?!(?:Br|Hr|Wbr)$)[A-Z][a-z]+|A")

_VERBATIM = frozenset({"pre", "code", "kbd", "samp", "tt", "textarea"})
_HIDING = frozenset({"script", "style", "svg", "math"})
_FRAMES = frozenset({"iframe", "embed"})
# What stands in them is for programs that cannot show the thing itself.
_WITH_FALLBACK = frozenset({"object", "applet", "noembed", "noframes"})
_WITH_URL = frozenset({"a", "img", "source", "video", "audio", "blockquote", "q"})
_URLS = ("href", "src", "poster", "cite")


class RawHtml:
    """Prepares the pieces of one text in turn; `<pre>` in one lasts into the next."""

    def __init__(self, sheet: Sheet) -> None:
        self._sheet = sheet
        self._inside: list[str] = []
        self._leaves_out = False

    def prepare(self, html: str, line: int, before: str = "") -> str:
        """Return `html`, which begins on `line` of its file, ready to be sanitised.

        `before` is the text it follows on its line, where it is but a tag.
        """
        lifted = lift_formulas(html, line, self._sheet.shelf)
        return "".join(self._pieces(lifted, line, before))

    def finish(self, html: str) -> str:
        """Return the whole text without what cannot be shown, which is told."""
        return leave_out(html, self._sheet) if self._leaves_out else html

    def _pieces(self, html: str, line: int, before: str) -> Iterator[str]:
        done = 0
        for piece in _PIECE.finditer(html) if "<" in html else ():
            between = html[done : piece.start()]
            yield self._text(between, line)
            line += between.count("\n")
            yield self._markup(piece, line, between or before)
            line += piece[0].count("\n")
            done, before = piece.end(), ""
        yield self._text(html[done:], line)

    def _markup(self, piece: re.Match[str], line: int, before: str) -> str:
        if piece["name"] is None:
            return self._comment(piece, line)
        name = piece["name"].lower()
        if _names_type(piece, before):
            return escape(piece[0])
        if name in _VERBATIM | _HIDING:
            self._nest(name, closes=bool(piece["slash"]))
        if name in _FRAMES:
            return "" if piece["slash"] else self._frame(piece, line)
        if name in _WITH_FALLBACK:
            return "" if piece["slash"] else self._fallback(name, line)
        return self._tag(piece, name, line)

    def _comment(self, comment: re.Match[str], line: int) -> str:
        if _MORE.fullmatch(comment[0]):
            return self._sheet.shelf.put(More(), comment[0])
        if comment["end"] == "":
            self._sheet.warn(
                "nothing closes the <!-- here: all that follows it is left out",
                "close it with -->",
                line,
            )
        return ""

    def _nest(self, name: str, *, closes: bool) -> None:
        if not closes:
            self._inside.append(name)
        elif name in self._inside:
            del self._inside[self._inside.index(name) :]

    def _frame(self, frame: re.Match[str], line: int) -> str:
        values = _values(frame)
        url = values.get("src") or values.get("data-src", "")
        if not url:
            self._sheet.warn(
                f"<{frame['name'].lower()}> names no page, and is left out",
                "write what it shows into the post, or a link to it",
                line,
            )
        return embed_html(url, values.get("title", "")) if url else ""

    def _fallback(self, name: str, line: int) -> str:
        if not name.startswith("no"):
            self._sheet.warn(
                f"<{name}> is left out: feeds and mail cannot show it; "
                "what stands in its place is kept",
                "use a picture, or a link",
                line,
            )
        return ""

    def _tag(self, tag: re.Match[str], name: str, line: int) -> str:
        leaves_out = name in EMPTIED or not is_element(name)
        self._leaves_out |= leaves_out
        written = tag["attributes"]
        if written is None:
            written = write_attributes(_values(tag))
        if not tag["slash"] and (leaves_out or name in _WITH_URL):
            values = read_attributes(written)
            self._check_urls(values, line)
            written = f' data-line="{line}"{written}{_sizes(name, values)}'
        return f"<{tag['slash']}{tag['name']}{written}>"

    def _check_urls(self, values: dict[str, str], line: int) -> None:
        lazy = values.get("data-src") or values.get("data-original")
        if lazy:
            values = {**values, "src": lazy}
        for name in _URLS:
            if name in values:
                self._sheet.check_url(values[name], line)

    def _text(self, text: str, line: int) -> str:
        if self._inside or not ("$" in text or "\\" in text):
            return _as_text(text)
        finder, pieces, done, position = FormulaFinder(text), list[str](), 0, 0
        while start := _FORMULA_START.search(text, position):
            found = finder.at(start.start())
            position = found.end if found else start.end()
            if found:
                line += text.count("\n", done, found.start)
                pieces.append(_as_text(text[done : found.start]))
                pieces.append(self._formula(text, found, line))
                line += found.tex.count("\n")
                done = found.end
        return "".join(pieces) + _as_text(text[done:])

    def _formula(self, text: str, found: Found, line: int) -> str:
        node = found.as_node(line)
        written = unescape(text[found.start : found.end])
        return self._sheet.shelf.put(replace(node, tex=unescape(node.tex)), written)


def _as_text(text: str) -> str:
    """Return what stands between tags: a `<` in it begins none."""
    return text.replace("<", "&lt;")


def _values(tag: re.Match[str]) -> dict[str, str]:
    return read_attributes(tag["attributes"] or tag["disordered"] or "")


def _names_type(tag: re.Match[str], before: str) -> bool:
    """Tell whether a tag is the parameter of a type in prose, as in `List<Object>`."""
    is_bare = not (tag["slash"] or tag["attributes"] or tag["disordered"])
    follows_word = before[-1:].isalnum() and before[-1:].isascii()
    is_type = bool(_TYPE_NAME.fullmatch(tag["name"]))
    return is_bare and follows_word and is_type


def _sizes(name: str, values: dict[str, str]) -> str:
    """Return the sizes that a picture's style tells, as attributes."""
    if name != "img" or "style" not in values:
        return ""
    return write_attributes(sizes({"style": values["style"]}))
