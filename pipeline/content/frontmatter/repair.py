"""Mends YAML that generators or their users let pass: one top-level entry at a time.

An entry that YAML reads is left to YAML. Of the others, tabs become spaces, and an
entry on one line is taken at its word: `title: A: B`, `title: [转载] x`, `title：x`.
What could mean two things is refused.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from pipeline.content.frontmatter.values import (
    Fields,
    MisreadError,
    Scalar,
    Value,
    add_field,
)

ReadStrictly = Callable[[str, int], Fields]
"""Reads YAML that begins at a line of its file; raises MisreadError."""

# A full-width colon needs no space after it; the other is forgiven for plain names.
_ENTRY = re.compile(
    r"""(?P<quote>["']?)(?P<name>[^\W\d][\w .-]*?)(?P=quote)
    \s*(?::(?=\s|$)|：|(?<=[A-Za-z]):(?!//))[ \t]*(?P<value>.*)""",
    re.VERBOSE,
)
_INDENTED = re.compile(r"(?:[ \t]|-(?:\s|$)|[\]}]\s*,?\s*$)")
_LEADING_TABS = re.compile(r"(?m)^[ ]*\t[ \t]*")
_CLOSERS = {"[": "]", "{": "}"}


@dataclass(frozen=True, slots=True)
class _Entry:
    """A top-level field: its header, and the lines below that belong to it."""

    name: str
    value: str
    rest: tuple[str, ...]
    line: int
    column: int

    def text(self) -> str:
        """Return the entry as YAML would have it."""
        return "\n".join((f"{self.name}: {self.value}", *self.rest))


def mend(text: str, line: int, read_strictly: ReadStrictly) -> Fields:
    """Return the fields of a YAML block that `read_strictly` has refused.

    Raises MisreadError with the place where nothing plain can be meant.
    """
    values: dict[str, Value] = {}
    for entry in _entries(text.split("\n"), line):
        add_field(values, entry.name, _read_entry(entry, read_strictly))
    return Fields(values, line)


def without_escapes(text: str) -> str:
    r"""Return a double-quoted text as typed: only `\"` and `\\` are escapes."""
    return re.sub(r'\\(["\\])', r"\1", text)


def _entries(lines: list[str], line: int) -> Iterator[_Entry]:
    telling = [at for at, typed in enumerate(lines) if _says_something(typed)]
    starts = telling[:1] + [at for at in telling[1:] if not _INDENTED.match(lines[at])]
    for start, end in zip(starts, [*starts[1:], len(lines)], strict=True):
        header = _ENTRY.match(lines[start])
        if header is None:
            raise MisreadError(
                "this line of the front matter is no `name: value`",
                "give it a name, or indent it if it goes on from the line above",
                line=line + start,
                column=1,
            )
        yield _Entry(
            name=header["name"],
            value=header["value"].rstrip(),
            rest=tuple(lines[start + 1 : end]),
            line=line + start,
            column=header.start("value") + 1,
        )


def _says_something(line: str) -> bool:
    return bool(line.strip()) and not line.startswith("#")


def _read_entry(entry: _Entry, read_strictly: ReadStrictly) -> Value:
    try:
        return _read_part(entry, read_strictly)
    except MisreadError as error:
        if error.final:
            raise
        untabbed = _without_tabs(entry)
        if untabbed != entry:
            return _read_entry(untabbed, read_strictly)
        if any(map(_says_something, entry.rest)):
            raise
        return _literal(entry)


def _read_part(entry: _Entry, read_strictly: ReadStrictly) -> Value:
    (value,) = read_strictly(entry.text(), entry.line).values.values()
    if value.line == entry.line:
        return replace(value, column=entry.column)
    return value


def _without_tabs(entry: _Entry) -> _Entry:
    rest = (
        _LEADING_TABS.sub(lambda tabs: tabs[0].replace("\t", "  "), line)
        for line in entry.rest
    )
    return replace(entry, rest=tuple(rest))


def _literal(entry: _Entry) -> Scalar:
    """Return the value of a one-line entry as the text it is."""
    value = entry.value
    opener = value[:1]
    closer = _CLOSERS.get(opener)
    if closer and (closer not in value or _encloses(opener, closer, value)):
        raise _unfinished(entry, f"the list or group opened with `{opener}`")
    if opener in ('"', "'"):
        if opener not in value[1:]:
            raise _unfinished(entry, f"the quote opened with `{opener}`")
        value = _unquoted(value)
    return Scalar(value, entry.line, entry.column)


def _encloses(opener: str, closer: str, value: str) -> bool:
    """Tell a broken list such as `['a' 'b']` from a text such as `[转载] x`."""
    return value.endswith(closer) and value.count(opener) == 1


def _unfinished(entry: _Entry, what: str) -> MisreadError:
    return MisreadError(
        f"{what} is not closed, or is broken inside",
        "mend it, or put the whole value in quotes",
        line=entry.line,
        column=entry.column,
    )


def _unquoted(value: str) -> str:
    r"""Take the quotes off `"$\lambda$"` and `'It's'`, not off `"引用"的"艺术"`."""
    quote, inner = value[0], value[1:-1]
    if not value.endswith(quote):
        return value
    if quote == "'":
        apostrophes_only = re.sub(r"(?<=\w)'(?=\w)", "", inner)
        return value if "'" in apostrophes_only else inner
    return value if re.search(r'(?<!\\)"', inner) else without_escapes(inner)
