"""Finds by looking which form of front matter a post has, and where it ends.

---           Hugo, Jekyll, Hexo, Pelican, Obsidian: YAML up to `---` or `...`
+++           Hugo, Zola: TOML up to `+++`
{             Hugo: a JSON object
;;;           Hexo: JSON without its braces up to `;;;`; the first is optional
name: value   Hexo: YAML up to `---`; Pelican: fields up to the first blank line
<html>        Pelican: `<title>` and `<meta>` of a whole page
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from pipeline.base.errors import ContentError
from pipeline.content.frontmatter.html_head import read_head
from pipeline.content.frontmatter.json_form import read_bare_json, read_json
from pipeline.content.frontmatter.lines import (
    has_field,
    looks_like_pelican,
    looks_like_yaml,
    read_pelican,
)
from pipeline.content.frontmatter.toml_form import read_toml
from pipeline.content.frontmatter.values import (
    MAX_CHARACTERS,
    Dialect,
    Fields,
    FrontMatter,
    MisreadError,
)
from pipeline.content.frontmatter.yaml_form import read_yaml

_DASHES = re.compile(r"-{3,}\s*")
_SEMICOLONS = re.compile(r";{3,}\s*")
_PLUSES = re.compile(r"\+{3}\s*")
_LOST_FIELD = re.compile(r"(?:title|date)\b")
_OBJECT = re.compile(r'\{\s*["}]')
_MEMBER = re.compile(r'"[^"]+"\s*:')
_PAGE = re.compile(r"(?:<!doctype html|<html)[\s>]", re.IGNORECASE)

# Word processors leave control characters in titles; YAML refuses them, and takes
# the other three for the ends of lines.
_CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ufffe\uffff]")
_ODD_BREAKS = re.compile("[\x85\u2028\u2029]")


@dataclass(frozen=True, slots=True)
class _Source:
    """The lines of a post; `start` is the index of the first that is not blank."""

    lines: list[str]
    start: int

    @property
    def first(self) -> str:
        """Return the first line that says something."""
        return self.lines[self.start]

    @property
    def line(self) -> int:
        """Return its number in the file."""
        return self.start + 1

    def find(self, pattern: re.Pattern[str], start: int) -> int | None:
        """Return the index of the first line from `start` on that is `pattern`."""
        for index in range(start, len(self.lines)):
            if pattern.fullmatch(self.lines[index]):
                return index
        return None

    def block(self, start: int, end: int) -> str:
        """Return the lines from `start` up to, not with, `end`, fit to be parsed."""
        text = "\n".join(self.lines[start:end])
        if len(text) > MAX_CHARACTERS:
            raise MisreadError(
                f"the front matter has over {MAX_CHARACTERS:,} characters",
                "is the line that ends it missing?",
                line=start + 1,
            )
        return _ODD_BREAKS.sub(" ", _CONTROLS.sub("", text))

    def cut(self, dialect: Dialect, fields: Fields, end: int) -> FrontMatter:
        """Return the fields, and as body what begins with the line of index `end`."""
        body = "\n".join(self.lines[end:])
        return FrontMatter(dialect=dialect, fields=fields, body=body, body_line=end + 1)


def split(text: str, path: str = "") -> FrontMatter:
    """Cut a post into its fields and its body; lines end with `\\n` in the body.

    Raises ContentError with one fault of the file shown as `path`, when there is
    front matter and it cannot be read.
    """
    lines = re.sub(r"\r\n?", "\n", text.removeprefix("\ufeff")).split("\n")
    start = next((i for i, line in enumerate(lines) if line.strip()), None)
    if start is None:
        return _Source(lines, 0).cut(Dialect.NONE, Fields(), len(lines))
    source = _Source(lines, start)
    try:
        found = next(filter(None, (read(source) for read in _READERS)), None)
    except MisreadError as error:
        raise ContentError([error.fault(path)]) from error
    return found or source.cut(Dialect.NONE, Fields(), 0)


def _read_dashed(source: _Source) -> FrontMatter | None:
    if not _DASHES.fullmatch(source.first):
        return None
    fence = source.first.rstrip()
    after = source.start + 1
    end = source.find(re.compile(rf"(?:{fence}|\.\.\.)\s*"), after)
    if end is None:
        _refuse_unclosed(source, fence, source.lines[after : after + 1])
        return None
    inside = source.lines[after:end]
    if any(line.strip() for line in inside) and not has_field(inside):
        _refuse_lost_field(source, inside)
        return None
    fields = read_yaml(source.block(after, end), after + 1)
    return source.cut(Dialect.YAML, fields, end + 1)


def _refuse_unclosed(source: _Source, fence: str, below: Sequence[str]) -> None:
    """Refuse a fence that nothing closes; without a field below, it is a rule."""
    if has_field(below):
        raise MisreadError(
            f"the front matter opened with {fence} is never closed",
            f"put a line {fence} below its last field",
            line=source.line,
        )


def _refuse_lost_field(source: _Source, inside: Sequence[str]) -> None:
    """Refuse `title Hello` or `title=Hello`; other text stands between two rules."""
    if _LOST_FIELD.match(inside[0]):
        raise MisreadError(
            "front matter must be lines of `name: value`",
            "put a colon and a space between name and value",
            line=source.line + 1,
        )


def _read_pluses(source: _Source) -> FrontMatter | None:
    if not _PLUSES.fullmatch(source.first):
        return None
    after = source.start + 1
    end = source.find(_PLUSES, after)
    if end is None:
        raise MisreadError(
            "the front matter opened with +++ is never closed",
            "put a line +++ below its last field",
            line=source.line,
        )
    fields = read_toml(source.block(after, end), after + 1)
    return source.cut(Dialect.TOML, fields, end + 1)


def _read_object(source: _Source) -> FrontMatter | None:
    text = "\n".join(source.lines[source.start :])
    if not _OBJECT.match(text):
        return None
    fields, end = read_json(text, source.line)
    broken = text.count("\n", 0, end)
    rest = text[end:].split("\n", 1)[0]
    if rest.strip(" \t;"):
        raise MisreadError(
            "text goes on behind the `}` that ends the front matter",
            "put a line break behind it",
            line=source.line + broken,
        )
    return source.cut(Dialect.JSON, fields, source.line + broken)


def _read_semicolons(source: _Source) -> FrontMatter | None:
    """Read Hexo's JSON; its first `;;;` may be missing."""
    opened = bool(_SEMICOLONS.fullmatch(source.first))
    if not opened and not _MEMBER.match(source.first):
        return None
    after = source.start + opened
    end = source.find(_SEMICOLONS, after)
    if end is None:
        return None
    block = source.block(after, end)
    if block.lstrip().startswith("{"):
        fields, _ = read_json(block.lstrip(), after + 1)
    else:
        fields = read_bare_json(block, after + 1)
    return source.cut(Dialect.JSON, fields, end + 1)


def _read_unopened(source: _Source) -> FrontMatter | None:
    """Read Hexo's YAML that has only the `---` below it."""
    end = source.find(_DASHES, source.start + 1)
    if end is None or not looks_like_yaml(source.lines[source.start : end]):
        return None
    fields = read_yaml(source.block(source.start, end), source.line)
    return source.cut(Dialect.HEXO, fields, end + 1)


def _read_pelican(source: _Source) -> FrontMatter | None:
    end = source.find(re.compile(r"\s*"), source.start)
    end = len(source.lines) if end is None else end
    if not looks_like_pelican(source.lines[source.start : end]):
        return None
    block = source.block(source.start, end).split("\n")
    return source.cut(Dialect.PELICAN, read_pelican(block, source.line), end)


def _read_page(source: _Source) -> FrontMatter | None:
    if not _PAGE.match(source.first.lstrip()):
        return None
    text = "\n".join(source.lines)
    fields, start = read_head(text)
    inside = re.split(r"(?i)</body\s*>", text[start:])[0]
    line = text.count("\n", 0, start) + 1
    return FrontMatter(dialect=Dialect.HTML, fields=fields, body=inside, body_line=line)


_READERS: tuple[Callable[[_Source], FrontMatter | None], ...] = (
    _read_dashed,
    _read_pluses,
    _read_object,
    _read_semicolons,
    _read_unopened,
    _read_pelican,
    _read_page,
)
