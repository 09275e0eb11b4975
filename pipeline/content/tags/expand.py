"""The generators' own tags in a post's text become Markdown and HTML, in one pass.

Which generator wrote the text is not asked: every tag is known by its form. Code is
left as it is, and so is whatever only looks like a tag. Lines are kept, but where a
block of HTML needs a blank line after it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial

from pipeline.base.errors import ContentError
from pipeline.base.faults import Fault
from pipeline.content.tags import destinations, hexo, hugo, jekyll, obsidian, zola
from pipeline.content.tags.arguments import (
    CALL,
    LIQUID,
    SHORTCODE,
    split_parameters,
    split_words,
)
from pipeline.content.tags.code_spans import OPENING, OPENING_IN_HTML, CodeSpans
from pipeline.content.tags.indented_code import IndentedCode
from pipeline.content.tags.nesting import Closings
from pipeline.content.tags.pieces import Block, inline_text, lay_out, unlink
from pipeline.content.tags.places import Places
from pipeline.content.tags.tag import (
    Expanded,
    Handler,
    Ledger,
    Tag,
    TagContext,
    abridged,
)
from pipeline.content.tags.writer import (
    MAX_WRITTEN_CHARACTERS,
    OvergrownError,
    Writer,
)

_SIGN = re.compile(
    r"\{\{|\{%|\[\[|%%|==|\^[\w-]+[ \t]*$|@/"
    r"|[{|](?:filename|attach|static|tag|category|author|index)[|}]",
    re.MULTILINE,
)
_TAGS = rf"""
    (?P<shortcode>\{{\{{[<%]) | (?P<value>\{{\{{) | (?P<liquid>\{{%)
  | {destinations.OPENING}
"""
_MARKDOWN = re.compile(f"{OPENING} | {obsidian.OPENING} | {_TAGS}", re.X | re.M)
_HTML = re.compile(f"{OPENING_IN_HTML} | {_TAGS}", re.X | re.M)

_LIQUID = {**hexo.TAGS, **jekyll.TAGS}
_VERBATIM = {f"<{name}" for name in hugo.VERBATIM} | {
    f"%{name}" for name in jekyll.VERBATIM | hexo.VERBATIM
}
_PARAGRAPH_ENDS = re.compile(r"\Z|\n[ \t>]*(?:\n|\Z|[-*+][ \t]|\d{1,9}[.)][ \t])")
_LINE_ENDS = re.compile(r"[ \t]*(?:\n|\Z)")
_URL_FOLLOWS = re.compile(
    r"(?:\{\{-?\s*site\.\w+\s*-?\}\}){0,2}\{%-?\s*(?:post_url|link)\b"
)


def expand(text: str, context: TagContext) -> Expanded:
    """Replace every tag in `text`, which is Markdown or HTML as `context` says.

    An unknown tag is left out, its inside kept, and told as a warning. Raises
    ContentError where tags make a text far larger than any post.
    """
    if not _SIGN.search(text):
        return Expanded(text=text)
    ledger = Ledger(text, context)
    try:
        expanded = unlink(_Pass(text, ledger).run())
    except OvergrownError as error:
        raise ContentError([_overgrown(context)]) from error
    return Expanded(text=expanded, faults=ledger.faults, references=ledger.references)


def _overgrown(context: TagContext) -> Fault:
    return Fault(
        path=context.path,
        line=context.text_line,
        what=f"its tags print more than {MAX_WRITTEN_CHARACTERS:,} characters",
        remedy="take some of them out, or make several posts of it",
    )


class _Pass:
    """One reading of one text from left to right.

    Each `_read_…` deals with one form of tag: it writes what the tag shows and
    returns where it ends, or None where it turns out to be none.
    """

    def __init__(self, text: str, ledger: Ledger) -> None:
        markdown = ledger.markup == "markdown"
        self._text = text
        self._ledger = ledger
        self._pattern = _MARKDOWN if markdown else _HTML
        self._spans = CodeSpans(text)
        self._indented = IndentedCode(text if markdown else "")
        self._places = Places(text)
        self._closings = Closings(text)
        self._writer = Writer(text)

    def run(self) -> str:
        """Return the text without its tags."""
        search = 0
        while opening := self._pattern.search(self._text, search):
            search = self._step(opening)
        return self._writer.finish()

    def _step(self, opening: re.Match[str]) -> int:
        """Deal with what opens here; return where to look on."""
        start = opening.start()
        end = self._indented.end(start)
        if end is not None:
            return self._write_code(start, end)
        if self._writer.is_promised(start):
            return opening.end()
        read = _READERS.get(opening.lastgroup or "")
        if read is not None:
            end = read(self, opening)
        elif (end := self._spans.end(opening)) is not None:
            end = self._write_code(start, end)
        if end is not None:
            return end
        return start + 1 if self._text[start] in "{[!" else opening.end()

    def _write_code(self, start: int, end: int) -> int:
        code = self._text[start:end]
        if "/*" in code:
            self._writer.replace(start, end, hugo.unescape(code))
        return end

    def _read_shortcode(self, opening: re.Match[str]) -> int | None:
        start = opening.start()
        escaped = hugo.ESCAPED.match(self._text, start)
        if escaped:
            shown = inline_text(hugo.unescape(escaped[0]), self._ledger.markup)
            return self._writer.replace(start, escaped.end(), shown)
        found = SHORTCODE.match(self._text, start)
        if found is None:
            return None
        kind = f"<{found['name']}"
        if found["slash"]:
            return self._close(kind, found)
        words, named = split_words(found["words"])
        tag = self._tag(found, words, named)
        handler = hugo.SHORTCODES.get(tag.name, _leave_out)
        return self._open("" if found["single"] else kind, found, tag, handler)

    def _read_liquid(self, opening: re.Match[str]) -> int | None:
        found = LIQUID.match(self._text, opening.start())
        if found is None:
            return None
        name, written = found["name"], found["words"].strip().removesuffix("-")
        if name.startswith("end"):
            return self._close(f"%{name[3:]}", found)
        if written.startswith("("):
            tag = self._tag(found, (), split_parameters(written))
            return self._open("%", found, tag, zola.TAGS.get(name, _leave_out))
        tag = self._tag(found, *split_words(written))
        return self._open(f"%{name}", found, tag, _LIQUID.get(name, _leave_out))

    def _read_value(self, opening: re.Match[str]) -> int | None:
        call = CALL.match(self._text, opening.start())
        if call:
            tag = self._tag(call, (), split_parameters(call["words"]))
            return self._open("", call, tag, zola.TAGS.get(tag.name, _leave_out))
        found = jekyll.VALUE.match(self._text, opening.start())
        if found is None or not jekyll.is_value(found):
            return None
        if _URL_FOLLOWS.match(self._text, found.end()):
            self._places.put_off(*found.span())
            return self._writer.replace(*found.span(), "")
        tag = Tag(
            name=found["value"],
            source=abridged(found[0]),
            place=self._places.at(found.start()),
            words=(found["value"], found["filters"]),
        )
        return self._open("", found, tag, jekyll.print_value)

    def _read_destination(self, opening: re.Match[str]) -> int | None:
        url, end = destinations.read_destination(opening, self._ledger)
        return self._writer.replace(opening.start(), end, url)

    def _read_wiki(self, opening: re.Match[str]) -> int | None:
        read = obsidian.read_wiki(opening, self._ledger)
        if read is None:
            return None
        shown, end = read
        tag = self._tag(opening, (), {})
        return self._writer.replace(
            opening.start(), end, self._laid_out(shown, tag, end)
        )

    def _read_remark(self, opening: re.Match[str]) -> int | None:
        start, inside = opening.span()
        alone = self._places.at(start).leads and _LINE_ENDS.match(self._text, inside)
        limit = len(self._text) if alone else self._spans.end_of_paragraph(inside)
        end = self._spans.after("%%", inside, limit)
        if end is None:
            return None
        return self._writer.replace(
            start, end, "\n" * self._text.count("\n", start, end)
        )

    def _read_mark(self, opening: re.Match[str]) -> int | None:
        closing = obsidian.end_of_mark(opening)
        if closing is None:
            return None
        self._writer.replace(*opening.span(), "<mark>")
        self._writer.promise(closing, closing + 2, "</mark>")
        return opening.end()

    def _read_block_id(self, opening: re.Match[str]) -> int | None:
        if not _PARAGRAPH_ENDS.match(self._text, opening.end()):
            return None
        return self._writer.replace(*opening.span(), "")

    def _tag(
        self, found: re.Match[str], words: tuple[str, ...], named: Mapping[str, str]
    ) -> Tag:
        return Tag(
            name=found.groupdict().get("name") or "",
            source=abridged(found[0]),
            place=self._places.at(found.start()),
            words=words,
            named=named,
        )

    def _open(self, kind: str, found: re.Match[str], tag: Tag, handler: Handler) -> int:
        """Write `tag`, or wait for the closing of its `kind`, if there is one."""
        start, end = found.span()
        show = partial(self._show, tag, handler)
        closing = self._closings.after(kind, end)
        if closing is None:
            return self._writer.replace(start, end, show(None, end))
        if kind in _VERBATIM:
            inner = self._text[end : closing[0]]
            return self._writer.replace(start, closing[1], show(inner, closing[1]))
        return self._writer.open(kind, start, end, show)

    def _close(self, kind: str, found: re.Match[str]) -> int:
        if not self._writer.close(kind, *found.span()):
            self._ledger.warn(
                found.start(),
                f"{abridged(found[0])} closes nothing, and was left out",
                "take it out, or open its tag before it",
            )
        return found.end()

    def _show(self, tag: Tag, handler: Handler, inner: str | None, end: int) -> str:
        shown = handler(replace(tag, inner=inner), self._ledger)
        return self._laid_out(shown, tag, end)

    def _laid_out(self, shown: str, tag: Tag, end: int) -> str:
        """Put a block, or a picture that leads its line, on lines of its own."""
        picture = shown.startswith("<img ") and tag.place.leads
        if self._ledger.markup == "html" or not (picture or isinstance(shown, Block)):
            return shown
        return lay_out(shown, tag.place, self._text, end)


_READERS: Mapping[str, Callable[[_Pass, re.Match[str]], int | None]] = {
    "shortcode": _Pass._read_shortcode,
    "liquid": _Pass._read_liquid,
    "value": _Pass._read_value,
    "destination": _Pass._read_destination,
    "wiki": _Pass._read_wiki,
    "remark": _Pass._read_remark,
    "mark": _Pass._read_mark,
    "block_id": _Pass._read_block_id,
}


def _leave_out(tag: Tag, ledger: Ledger) -> str:
    """Leave an unknown tag out; what it wraps stays."""
    left = "its inside was kept" if (tag.inner or "").strip() else "it was left out"
    ledger.warn(
        tag.place.at,
        f"{tag.source} is a tag Pressroom does not know; {left}",
        "write what it shows as Markdown or HTML, or as `code` if it is to be read",
    )
    return tag.inner or ""
