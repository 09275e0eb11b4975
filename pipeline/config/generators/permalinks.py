"""The generators' permalink patterns, said in the fields of ours."""

from __future__ import annotations

import re
from collections.abc import Mapping

_COLON_FIELD = re.compile(r":([a-z_]+(?:\[[^\]]*\])?)")
_BRACE_FIELD = re.compile(r"\{([a-z_]+)(?::([^}]*))?\}")
_DIRECTIVE = re.compile(r"%-?[A-Za-z]")

DATE_FIELDS: Mapping[str, str] = {
    name: f"{{{name}}}" for name in ("year", "month", "day", "i_month", "i_day")
}
_STRFTIME = {
    "%Y": "{year}",
    "%m": "{month}",
    "%d": "{day}",
    "%-m": "{i_month}",
    "%-d": "{i_day}",
}


class UntranslatableError(ValueError):
    """A pattern asks for what our patterns do not have; says which field."""


def say_translated(generator: str, pattern: str) -> str:
    """Return what the owner reads above a pattern that was translated."""
    return f"{generator}'s permalink is {pattern}"


def say_untranslated(generator: str, pattern: str, lacking: object) -> str:
    """Return what the owner reads above the default that stands in for a pattern."""
    return (
        f"{generator}'s permalink is {pattern}, but {lacking} has no counterpart here; "
        f"this is {generator}'s default:"
    )


def translate_colons(pattern: str, fields: Mapping[str, str]) -> str:
    """Return a pattern of `:name`s (Hugo, Jekyll, Hexo) in our fields.

    `fields` maps names to what stands for them. Raises UntranslatableError.
    """

    def field(found: re.Match[str]) -> str:
        if found[1] not in fields:
            raise UntranslatableError(found[0])
        return fields[found[1]]

    return _rooted(_COLON_FIELD.sub(field, pattern))


def translate_braces(pattern: str, fields: Mapping[str, str]) -> str:
    """Return a pattern of `{name}`s and `{date:%Y}`s (Pelican) in our fields.

    Raises UntranslatableError.
    """

    def field(found: re.Match[str]) -> str:
        if found[1] == "date" and found[2]:
            return _DIRECTIVE.sub(directive, found[2])
        if found[1] not in fields or found[2]:
            raise UntranslatableError(found[0])
        return fields[found[1]]

    def directive(found: re.Match[str]) -> str:
        if found[0] not in _STRFTIME:
            raise UntranslatableError(found[0])
        return _STRFTIME[found[0]]

    return _rooted(_BRACE_FIELD.sub(field, pattern))


def _rooted(pattern: str) -> str:
    return "/" + pattern.strip().lstrip("/")
