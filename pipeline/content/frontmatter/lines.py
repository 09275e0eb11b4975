"""`Name: value` lines without any fence: Pelican's, and Hexo's without `---` above.

Both look like prose at a glance, so a block counts only where every line of it fits
and it names a field that generators know.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from pipeline.content.frontmatter.values import (
    Fields,
    Scalar,
    Value,
    add_field,
    plain_name,
)

_PAIR = re.compile(r"(?P<name>[^\W\d][\w-]*)[ ]?(?::(?:\s+|$)|：\s*)(?P<value>.*)")
# Between two fences even what is badly typed is a field; prose seldom looks so.
_LOOSE_PAIR = re.compile(r"""["']?[^\W\d][\w .-]{0,40}["']?\s*[:：]""")
_FURTHER = re.compile(r"\s+\S|-(?:\s|$)|#|$")

_DATES_AND_STATES = {"date", "modified", "updated", "published", "draft", "status"}
_PLACES = {"title", "slug", "permalink", "lang", "layout"}
_SUBJECTS = {"summary", "description", "series", "tags", "tag", "category"}
_NAMES = {"categories", "author", "authors"}
_KNOWN = frozenset(_DATES_AND_STATES | _PLACES | _SUBJECTS | _NAMES)


def looks_like_yaml(lines: Sequence[str]) -> bool:
    """Tell whether the lines above a `---` are fields, not a heading set off by it.

    One line alone is a heading, `Title: Subtitle`, unless it is `title: …` with a
    small letter, as no heading begins.
    """
    names = [pair["name"] for line in lines if (pair := _PAIR.match(line))]
    if len(names) == 1:
        return names[0] == "title" and len(lines) == 1
    return _is_known(names) and all(
        _PAIR.match(line) or _FURTHER.match(line) for line in lines
    )


def looks_like_pelican(lines: Sequence[str]) -> bool:
    """Tell whether the lines above the first blank one are fields, not prose.

    One line alone is prose, unless it is the title.
    """
    pairs = [_PAIR.match(line) for line in lines]
    names = [pair["name"] for pair in pairs if pair]
    known = _is_known(names) if len(names) > 1 else names in (["Title"], ["title"])
    return known and all(
        pair or (number and line.startswith((" ", "\t")))
        for number, (pair, line) in enumerate(zip(pairs, lines, strict=True))
    )


def has_field(lines: Sequence[str]) -> bool:
    """Tell whether any of the lines is a `name: value`."""
    return any(_LOOSE_PAIR.match(line) for line in lines)


def read_pelican(lines: Sequence[str], line: int) -> Fields:
    """Return the fields of `Name: value` lines that begin at `line` of their file.

    An indented line goes on with the value above it.
    """
    values: dict[str, Value] = {}
    ends = [index for index, typed in enumerate(lines) if _PAIR.match(typed)][1:]
    start = 0
    for end in (*ends, len(lines)):
        _add_pelican(values, lines[start:end], line + start)
        start = end
    return Fields(values, line)


def _add_pelican(values: dict[str, Value], lines: Sequence[str], line: int) -> None:
    name, colon, value = re.split("([:：])", lines[0], maxsplit=1)
    text = "\n".join([value, *lines[1:]])
    column = len(name + colon) + len(value) - len(value.lstrip()) + 1
    add_field(
        values, name, Scalar(re.sub(r"\s*\n\s*", "\n", text).strip(), line, column)
    )


def _is_known(names: Sequence[str]) -> bool:
    return not _KNOWN.isdisjoint(map(plain_name, names))
