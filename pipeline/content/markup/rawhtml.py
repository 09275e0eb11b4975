"""HTML as an author wrote it, made ready for the sanitiser.

Formulas and read-more marks go onto the shelf, frames become links, tags with a URL
are given their line, and what the sanitiser will drop is told. Nothing here makes
HTML safe: that is `content.markup.sanitise`, which comes after.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from html import unescape

from pipeline.content.markup.embeds import embed_html
from pipeline.content.markup.formulas import FormulaFinder, Found
from pipeline.content.markup.sheet import Sheet
from pipeline.content.tree import More

_PIECE = re.compile(
    r"<!--.*?(?:-->|\Z)|<(/?)([a-zA-Z][a-zA-Z0-9]*)([^<>]*)>", re.DOTALL
)
_MORE = re.compile(
    r"<!--\s*(?:more(?:\s[^<>]*?)?|pelican_end_summary|truncate)\s*-->", re.IGNORECASE
)
_ATTRIBUTE = re.compile(
    r"([a-zA-Z][\w-]*)\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s\"'>]+))"
)
_FORMULA_START = re.compile(r"\\\\|\$|\\")

_VERBATIM = frozenset({"pre", "code", "kbd", "samp", "tt", "textarea"})
_DROPPED = frozenset({"script", "style", "svg", "math"})
_FRAMES = frozenset({"iframe", "embed"})
_WITH_URL = frozenset({"a", "img", "source", "video", "audio", "blockquote", "q"})
_URLS = ("href", "src", "poster", "cite")


class RawHtml:
    """Prepares the pieces of one text in turn; `<pre>` in one lasts into the next."""

    def __init__(self, sheet: Sheet) -> None:
        self._sheet = sheet
        self._inside: list[str] = []

    def prepare(self, html: str, line: int) -> str:
        """Return `html`, which begins on `line` of its file, ready to be sanitised."""
        return "".join(self._pieces(html, line))

    def _pieces(self, html: str, line: int) -> Iterator[str]:
        done = 0
        for piece in _PIECE.finditer(html) if "<" in html else ():
            yield self._text(html[done : piece.start()], line)
            line += html.count("\n", done, piece.start())
            yield self._markup(piece, line)
            line += piece[0].count("\n")
            done = piece.end()
        yield self._text(html[done:], line)

    def _markup(self, piece: re.Match[str], line: int) -> str:
        if piece[2] is None:
            is_more = _MORE.fullmatch(piece[0])
            return self._sheet.shelf.put(More(), piece[0]) if is_more else ""
        name = piece[2].lower()
        if name in _VERBATIM | _DROPPED:
            self._nest(name, closes=bool(piece[1]))
        if name in _FRAMES:
            return "" if piece[1] else self._frame(piece[3])
        if name in _DROPPED and not piece[1]:
            self._sheet.warn(
                f"<{name}> is left out: feeds and mail cannot show it",
                "use a picture, or text" if name in {"svg", "math"} else "",
                line,
            )
        if name in _WITH_URL and not piece[1]:
            return self._with_line(piece, line)
        return piece[0]

    def _nest(self, name: str, *, closes: bool) -> None:
        if not closes:
            self._inside.append(name)
        elif name in self._inside:
            del self._inside[self._inside.index(name) :]

    def _frame(self, attributes: str) -> str:
        values = _attributes(attributes)
        url = values.get("src") or values.get("data-src", "")
        return embed_html(url, values.get("title", "")) if url else ""

    def _with_line(self, piece: re.Match[str], line: int) -> str:
        values = _attributes(piece[3])
        lazy = values.get("data-src") or values.get("data-original")
        if lazy:
            values["src"] = lazy
        for name in _URLS:
            if name in values:
                self._sheet.check_url(values[name], line)
        return f'<{piece[2]} data-line="{line}"{piece[3]}>'

    def _text(self, text: str, line: int) -> str:
        if self._inside or not ("$" in text or "\\" in text):
            return text
        finder, pieces, done, position = FormulaFinder(text), list[str](), 0, 0
        while start := _FORMULA_START.search(text, position):
            found = finder.at(start.start())
            position = found.end if found else start.end()
            if found:
                line += text.count("\n", done, found.start)
                pieces += (text[done : found.start], self._formula(text, found, line))
                line += found.tex.count("\n")
                done = found.end
        return "".join(pieces) + text[done:]

    def _formula(self, text: str, found: Found, line: int) -> str:
        node = found.as_node(line)
        written = unescape(text[found.start : found.end])
        return self._sheet.shelf.put(replace(node, tex=unescape(node.tex)), written)


def _attributes(written: str) -> dict[str, str]:
    """Read the attributes of a tag; the first of a name counts, as in HTML."""
    values: dict[str, str] = {}
    for name, *quoted in _ATTRIBUTE.findall(written):
        values.setdefault(name.lower(), unescape(next(filter(None, quoted), "")))
    return values
