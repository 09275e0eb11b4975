"""The heading a body opens with: the title of a post that names none."""

from __future__ import annotations

import re
from dataclasses import dataclass

from pipeline.base.text import fold_line

_ATX = re.compile(r"[ ]{0,3}#[ \t]+(?P<title>.+?)[ \t]*(?:[ \t]#+)?[ \t]*")
_ATTRIBUTES = re.compile(r"\s*\{[#.:][^{}]*\}\s*$")
_UNDERLINE = re.compile(r"[ ]{0,3}=+[ \t]*")


@dataclass(frozen=True, slots=True)
class Opening:
    """A body's heading of the first level, and the lines that it takes, from 0."""

    title: str
    end: int


def find_opening(body: str) -> Opening | None:
    """Return the heading that a Markdown body opens with, None where it does not."""
    lines = body.split("\n")
    first = next((i for i, line in enumerate(lines) if line.strip()), None)
    if first is None:
        return None
    atx = _ATX.fullmatch(lines[first])
    if atx:
        return _opening(atx["title"], first + 1)
    below = lines[first + 1 : first + 2]
    if below and _UNDERLINE.fullmatch(below[0]) and not lines[first].startswith("    "):
        return _opening(lines[first], first + 2)
    return None


def cut_opening(body: str, opening: Opening) -> str:
    """Return the body below its opening heading."""
    return "\n".join(body.split("\n")[opening.end :])


def _opening(title: str, end: int) -> Opening | None:
    title = fold_line(_ATTRIBUTES.sub("", title))
    return Opening(title, end) if title else None
