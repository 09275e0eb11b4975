"""The kinds of values that settings hold, each with its check. Knows no setting."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import timedelta
from functools import cache
from ipaddress import ip_network
from typing import Annotated, Literal
from zoneinfo import available_timezones

from pydantic import AfterValidator, BeforeValidator, Field, WithJsonSchema


@cache
def _zones() -> frozenset[str]:
    """Return the time zones there are: many hundred files, looked for once."""
    return frozenset(available_timezones())


def _zone(name: str) -> str:
    if name not in _zones():
        raise ValueError(f"no such time zone: {name!r} (one is 'Asia/Shanghai')")
    return name


def _base_url(url: str) -> str:
    if not url.startswith(("https://", "http://")) or url.count("/") < 2:
        raise ValueError("must begin with https:// or http://")
    return url if url.endswith("/") else url + "/"


PERMALINK_FIELDS: tuple[str, ...] = ("slug", "title", "year", "month", "day")
PERMALINK_FIELDS += ("i_month", "i_day", "path", "folder", "stem")
PERMALINK_FIELDS += ("categories", "language")
"""What `permalink` may hold in braces; `content.permalink` fills them in."""


def _permalink(pattern: str) -> str:
    unknown = set(re.findall(r"\{(.*?)\}", pattern)) - set(PERMALINK_FIELDS)
    if unknown:
        known = ", ".join(f"{{{name}}}" for name in PERMALINK_FIELDS)
        raise ValueError(f"there is no {{{min(unknown)}}} (there are {known})")
    return pattern


Zone = Annotated[str, AfterValidator(_zone)]
BaseUrl = Annotated[str, AfterValidator(_base_url)]
Name = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]{0,62}$")]
Choice = Literal["all"] | tuple[str, ...]
"""`all`, or the list of names wanted."""


def as_tuple(value: object) -> object:
    """Return one name as a list of one; anything else as it is."""
    return (value,) if isinstance(value, str) and value != "all" else value


Choices = Annotated[Choice, BeforeValidator(as_tuple)]
Names = Annotated[tuple[str, ...], BeforeValidator(as_tuple)]
Permalink = Annotated[str, AfterValidator(_permalink)]
OptionalUrl = Annotated[str, AfterValidator(lambda url: _base_url(url) if url else url)]


def _macros(macros: Mapping[str, str]) -> Mapping[str, str]:
    for name, definition in macros.items():
        if not re.fullmatch(r"[A-Za-z]+", name.removeprefix("\\")):
            raise ValueError(
                f"{name!r} is no name of a macro: letters only, as in `RR`"
            )
        if len(definition) > LONGEST_MACRO:
            raise ValueError(
                f"the macro {name!r} is longer than {LONGEST_MACRO:,} characters"
            )
    return dict(macros)


LONGEST_MACRO = 2_000
"""Characters of a macro's definition; the longest seen has 300."""


_UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}


def parse_duration(text: str) -> timedelta:
    """Return the time that `30m`, `1h`, `2d` or `0` stands for, up to a year.

    Raises ValueError for anything else.
    """
    if text == "0":
        return timedelta()
    found = re.fullmatch(r"(\d{1,9})\s*([smhd])", text)
    if not found:
        raise ValueError(f"{text!r} is no length of time; write 30m, 1h, 2d, or 0")
    length = timedelta(**{_UNITS[found[2]]: int(found[1])})
    if length > _LONGEST:
        raise ValueError(f"{text!r} is longer than a year")
    return length


_LONGEST = timedelta(days=366)


def _duration(text: str) -> str:
    parse_duration(text)
    return text


def _network(text: str) -> str:
    ip_network(text)
    return text


def _listen(text: str) -> str:
    if not re.fullmatch(r"(\[[0-9a-fA-F:.]+\]|[^:\s]+):\d{1,5}", text):
        raise ValueError("must be an address and a port, such as 127.0.0.1:8642")
    return text


Macros = Annotated[Mapping[str, str], AfterValidator(_macros)]
Network = Annotated[str, AfterValidator(_network)]
# An editor reads `0` as a number.
Duration = Annotated[
    str,
    AfterValidator(_duration),
    WithJsonSchema({"anyOf": [{"type": "string"}, {"const": 0}]}),
]
"""A length of time as it is written; `parse_duration` reads it."""
Listen = Annotated[str, AfterValidator(_listen)]
