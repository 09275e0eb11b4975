"""TOML front matter (Hugo, Zola), by `tomllib`; places are those of its keys."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from datetime import date, datetime, time

from pipeline.content.frontmatter.values import (
    Fields,
    Items,
    MisreadError,
    Scalar,
    Value,
    add_field,
)

_TABLE = re.compile(r"\s*\[{1,2}\s*(?P<name>[^\[\]]+?)\s*\]{1,2}\s*(?:#.*)?")
_KEY = re.compile(r"""\s*(?P<name>[\w."' -]+?)\s*=\s*(?P<value>\S?)""")
_PLACE = re.compile(r"\s*\(at (?:line (\d+), column (\d+)|end of document)\)")

Places = Mapping[str, tuple[int, int]]
"""Line and column of each key's value, by dotted key."""


def read_toml(text: str, line: int) -> Fields:
    """Return the fields of a TOML block that begins at `line` of its file.

    Raises MisreadError with the place where it is no TOML.
    """
    try:
        # A float as typed: 1.10 is a version, not 1.1.
        table = tomllib.loads(text, parse_float=str)
        return _fields(table, "", (line, 1), _places(text, line))
    except ValueError as error:
        raise _misread(str(error), line, text.count("\n")) from error
    except RecursionError as error:
        raise MisreadError("front matter is nested too deeply", line=line) from error


def _misread(message: str, line: int, last: int) -> MisreadError:
    place = _PLACE.search(message)
    row, column = (place[1], place[2]) if place else (None, None)
    return MisreadError(
        f"the front matter is not valid TOML: {_PLACE.sub('', message)}",
        'write `name = "value"`, text in quotes, a date as 2024-05-01T09:30:00+08:00',
        line=line + (int(row) - 1 if row else last),
        column=int(column) if column else None,
    )


def _places(text: str, line: int) -> Places:
    places: dict[str, tuple[int, int]] = {}
    table = ""
    for number, typed in enumerate(text.split("\n"), line):
        if header := _TABLE.fullmatch(typed):
            table = _dotted(header["name"]) + "."
            places.setdefault(table[:-1], (number, 1))
        elif key := _KEY.match(typed):
            place = (number, key.start("value") + 1)
            places.setdefault(table + _dotted(key["name"]), place)
    return places


def _dotted(name: str) -> str:
    return re.sub(r"""["'\s]""", "", name)


def _value(value: object, key: str, place: tuple[int, int], places: Places) -> Value:
    place = places.get(key, place)
    if isinstance(value, dict):
        return _fields(value, key + ".", place, places)
    if isinstance(value, list):
        return Items(tuple(_value(one, key, place, places) for one in value), *place)
    return Scalar(_text(value), *place)


def _fields(
    table: Mapping[str, object], prefix: str, place: tuple[int, int], places: Places
) -> Fields:
    values: dict[str, Value] = {}
    for name, value in table.items():
        add_field(values, name, _value(value, prefix + name, place, places))
    return Fields(values, *place)


def _text(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    return str(value)
