"""What front matter holds: text, lists and groups, each with its place in the file.

Every value is text as its author typed it: `no` is no boolean, `1.10` no number and
`2024-01-02` no date, until a field that wants one reads it (`content.fields`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from pipeline.base.faults import Fault

MAX_DEPTH = 16
"""How deep lists and groups may nest; no generator's theme needs over five."""

MAX_CHARACTERS = 200_000
"""Longest front matter; the longest seen in the wild had 9,000 characters."""


class Dialect(StrEnum):
    """The form in which front matter was written."""

    YAML = "yaml"
    TOML = "toml"
    JSON = "json"
    HEXO = "hexo"
    PELICAN = "pelican"
    HTML = "html"
    NONE = "none"


class MisreadError(ValueError):
    """What is wrong at a place of a file, and what to do.

    `final` where no lenient reading may be tried instead.
    """

    def __init__(
        self,
        what: str,
        remedy: str = "",
        *,
        line: int | None = None,
        column: int | None = None,
        final: bool = False,
    ) -> None:
        self.what, self.remedy = what, remedy
        self.line, self.column, self.final = line, column, final
        super().__init__(what)

    def fault(self, path: str) -> Fault:
        """Return it as a fault of the file that is shown as `path`."""
        return Fault(
            path=path,
            what=self.what,
            remedy=self.remedy,
            line=self.line,
            column=self.column,
        )


@dataclass(frozen=True, slots=True)
class Scalar:
    """A text; empty where the field has no value. Lines and columns begin at 1."""

    text: str
    line: int
    column: int


@dataclass(frozen=True, slots=True)
class Items:
    """A list. `source` is how it was written where that is on one line: `[a, b]`."""

    values: tuple[Value, ...]
    line: int
    column: int
    source: str = ""


@dataclass(frozen=True, slots=True)
class Fields:
    """Named values. `source` is how a group was written where it is on one line.

    Names are kept as `plain_name` has them, in the order of the file.
    """

    values: Mapping[str, Value] = field(default_factory=dict)
    line: int = 1
    column: int = 1
    source: str = ""

    def get(self, name: str) -> Value | None:
        """Return the value called `name` in plain form, or None."""
        return self.values.get(name)

    def pick(self, *names: str) -> list[Value]:
        """Return the values of those of `names` that are there."""
        return [self.values[name] for name in names if name in self.values]


Value = Scalar | Items | Fields


@dataclass(frozen=True, slots=True, kw_only=True)
class FrontMatter:
    """A post cut in two: its fields, and a body that begins at line `body_line`."""

    dialect: Dialect
    fields: Fields
    body: str
    body_line: int


def plain_name(name: str) -> str:
    """Return a field's name so that `publishDate` and `publish_date` are the same."""
    return name.strip().casefold().replace("_", "").replace("-", "").replace(" ", "")


def add_field(values: dict[str, Value], name: str, value: Value) -> None:
    """Put `value` under `name`; raise MisreadError where the name is taken."""
    plain = plain_name(name)
    if plain in values:
        raise MisreadError(
            f"{name!r} is given twice, first in line {values[plain].line}",
            "keep one of them",
            line=value.line,
            column=value.column,
            final=True,
        )
    values[plain] = value
