"""What is wrong with a template, in words its owner can act on.

Runs no template; turns what Jinja raised into a ConfigError with name and line.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from difflib import get_close_matches
from traceback import extract_tb
from typing import Any

from jinja2 import StrictUndefined
from jinja2.exceptions import (
    SecurityError,
    TemplateError,
    TemplateNotFound,
    TemplateRuntimeError,
    TemplateSyntaxError,
    UndefinedError,
)
from jinja2.utils import missing

from pipeline.base.errors import ConfigError
from pipeline.base.faults import Fault
from pipeline.digest.slots import SlotMisuse

# What an expression in a template can raise besides Jinja's own.
_MISHAPS = (
    TemplateError,
    SlotMisuse,
    TypeError,
    ValueError,
    ArithmeticError,
    LookupError,
    AttributeError,
    RecursionError,
)
_REMEDIES: Mapping[type[Exception], str] = {
    SlotMisuse: "print it as it is, without a filter or an `if`",
    SecurityError: "templates run in a sandbox; say it more simply",
    TemplateSyntaxError: "https://jinja.palletsprojects.com/templates/ has the rules",
}


class Missing(StrictUndefined):
    """A name that is not there; whatever is done with it says so, and what is."""

    __slots__ = ()

    def __init__(
        self,
        hint: str | None = None,
        obj: Any = missing,
        name: str | None = None,
        exc: type[TemplateRuntimeError] = UndefinedError,
    ) -> None:
        if hint is None and obj is not missing:
            kind = type(obj).__name__.removesuffix("View").lower()
            there = [key for key in dir(obj) if not key.startswith("_")]
            hint = f"{kind} has no '{name}'{_suggest(str(name), there)}"
        super().__init__(hint, obj, name, exc)


@contextmanager
def told_to_owner(name: str, vocabulary: Iterable[str]) -> Iterator[None]:
    """Turn whatever the template `name` raises within into a ConfigError.

    `vocabulary` is what a misspelt name is compared with.
    """
    try:
        yield
    except _MISHAPS as mishap:
        raise ConfigError([_fault(mishap, name, vocabulary)]) from mishap


def _fault(mishap: Exception, name: str, vocabulary: Iterable[str]) -> Fault:
    if isinstance(mishap, TemplateNotFound):
        what = f"there is no template '{mishap.name}'"
        remedy = "put it into the folder `mail.templates` names"
        return Fault(path=name, what=what, remedy=remedy)
    path, line = _place(mishap, name)
    what, remedy = _words(mishap, vocabulary)
    return Fault(path=path, line=line, what=what, remedy=remedy)


def _place(mishap: Exception, name: str) -> tuple[str, int | None]:
    if isinstance(mishap, TemplateSyntaxError):
        return mishap.filename or name, mishap.lineno
    # Jinja rewrites the frames of templates; code of ours and Jinja's lies in .py.
    frames = [
        frame
        for frame in extract_tb(mishap.__traceback__)
        if not frame.filename.endswith(".py")
    ]
    return (frames[-1].filename, frames[-1].lineno) if frames else (name, None)


def _words(mishap: Exception, vocabulary: Iterable[str]) -> tuple[str, str]:
    what = str(mishap) or type(mishap).__name__
    remedy = next((_REMEDIES[k] for k in _REMEDIES if isinstance(mishap, k)), "")
    unknown = re.fullmatch(r"'(\w+)' is undefined", what)
    if unknown:
        close = _suggest(unknown[1], vocabulary)
        return f"no such name: '{unknown[1]}'{close}", remedy
    return what, remedy


def _suggest(name: str, known: Iterable[str]) -> str:
    close = get_close_matches(name, known, n=1)
    return f"; did you mean '{close[0]}'?" if close else ""
