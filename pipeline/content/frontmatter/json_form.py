"""JSON front matter: Hugo's object, and Hexo's object without its braces."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

from pipeline.content.frontmatter.values import (
    Fields,
    Items,
    MisreadError,
    Scalar,
    Value,
    add_field,
)

_STRING = re.compile(r'"(?:[^"\\]|\\.)*"(?P<key>\s*:\s*)?', re.DOTALL)

Pairs = list[tuple[str, object]]
"""An object as written: a name may come twice."""


class _Object:
    """A JSON object whose names are not yet looked at."""

    def __init__(self, pairs: Pairs) -> None:
        self.pairs = pairs


# Not strict: Hexo's users indent with tabs and break texts over lines.
_DECODER = json.JSONDecoder(
    object_pairs_hook=_Object, parse_float=str, parse_int=str, strict=False
)


def read_json(text: str, line: int) -> tuple[Fields, int]:
    """Return the fields of the object that `text` begins with, and where it ends.

    `text` begins with `{`, at `line` of its file. Raises MisreadError with the place.
    """
    try:
        value, end = _DECODER.raw_decode(text)
        return _fields(value, (line, 1), iter(_key_places(text[:end], line))), end
    except json.JSONDecodeError as error:
        raise _misread(error, line) from error
    except RecursionError as error:
        raise MisreadError("front matter is nested too deeply", line=line) from error


def read_bare_json(text: str, line: int) -> Fields:
    """Return the fields of an object written without its braces, as Hexo has it."""
    # In the place of a line break, so that lines and columns stay what they are.
    return read_json("{\n" + text.rstrip().rstrip(",") + "\n}", line - 1)[0]


def _misread(error: json.JSONDecodeError, line: int) -> MisreadError:
    return MisreadError(
        f"the front matter is not valid JSON: {error.msg}",
        'write `"name": "value"`, with a comma between two and none after the last',
        line=line + error.lineno - 1,
        column=error.colno,
    )


def _key_places(text: str, line: int) -> list[tuple[int, int]]:
    """Return line and column of each key's value, in the order of the text."""
    places, counted, number = list[tuple[int, int]](), 0, line
    for string in _STRING.finditer(text):
        if string["key"] is not None:
            end = string.end()
            number += text.count("\n", counted, end)
            counted = end
            places.append((number, end - text.rfind("\n", 0, end)))
    return places


def _value(
    value: object, place: tuple[int, int], places: Iterator[tuple[int, int]]
) -> Value:
    if isinstance(value, _Object):
        return _fields(value, place, places)
    if isinstance(value, list):
        return Items(tuple(_value(one, place, places) for one in value), *place)
    return Scalar(_text(value), *place)


def _fields(
    value: _Object, place: tuple[int, int], places: Iterator[tuple[int, int]]
) -> Fields:
    values: dict[str, Value] = {}
    for name, inner in value.pairs:
        add_field(values, name, _value(inner, next(places), places))
    return Fields(values, *place)


def _text(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return "" if value is None else str(value)
