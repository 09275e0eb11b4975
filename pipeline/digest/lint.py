"""What a mail template may not hold, since no mail client shows it or a filter bites.

Looks at the templates as written, so that a fault has a line.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache

from jinja2.meta import find_referenced_templates

from pipeline.base.errors import ConfigError
from pipeline.base.faults import Fault
from pipeline.digest.environment import parse

_STYLE = "write the rules into a <style> of the template"
_REFUSED = (
    (
        r"<link\b[^>]*\brel\s*=\s*[\"']?[^\"'>]*stylesheet",
        "a linked stylesheet",
        _STYLE,
    ),
    (r"@import\b", "@import", _STYLE),
    (r"<script\b", "a script", "no mail client runs one: leave it out"),
    (r"<form\b", "a form", "link to a page that holds it"),
    (r"<iframe\b", "an iframe", "link to what it shows"),
    (r"<(?:object|embed|applet)\b", "an embedded object", "link to what it shows"),
)
_COMMENT = re.compile(r"\{#.*?#\}", re.DOTALL)


def check_templates(sources: Mapping[str, str], names: tuple[str, ...]) -> None:
    """Raise ConfigError with all that is refused in `names` and what they include."""
    faults = [
        fault
        for name in sorted(_reachable(sources, names))
        for fault in _refusals(name, sources[name])
    ]
    if faults:
        raise ConfigError(faults)


def _reachable(sources: Mapping[str, str], names: tuple[str, ...]) -> set[str]:
    waiting, seen = list(names), set[str]()
    while waiting:
        name = waiting.pop()
        if name in sources and name not in seen:
            seen.add(name)
            waiting.extend(_references(name, sources[name]))
    return seen


@lru_cache(maxsize=128)
def _references(name: str, source: str) -> tuple[str, ...]:
    """Return which templates one names; every page asks it of the same ones."""
    # None stands for a name worked out while rendering: nothing can be said of it.
    return tuple(one for one in find_referenced_templates(parse(name, source)) if one)


def _refusals(name: str, source: str) -> Iterator[Fault]:
    seen = _COMMENT.sub(lambda match: "\n" * match[0].count("\n"), source)
    for pattern, what, remedy in _REFUSED:
        for match in re.finditer(pattern, seen, re.IGNORECASE):
            line = seen.count("\n", 0, match.start()) + 1
            what_is_wrong = f"{what} does not work in mail"
            yield Fault(path=name, line=line, what=what_is_wrong, remedy=remedy)
