"""The documents as tests read them: their text, what is set in code, their examples."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
_FENCED = re.compile(r"^ *```.*?^ *```$", re.DOTALL | re.MULTILINE)
_EXAMPLE = re.compile(r"<!-- tested: (\S+) -->\n```\w*\n(.*?)```", re.DOTALL)


def document(path: str) -> str:
    """Return a document of the project by its path from the root."""
    return (ROOT / path).read_text("utf-8")


def prose(text: str) -> str:
    """Return a document without its blocks of code."""
    return _FENCED.sub("", text)


def spans(text: str) -> list[str]:
    """Return what a document sets in code within its lines."""
    return re.findall(r"`([^`]+)`", prose(text))


def examples(text: str) -> dict[str, str]:
    """Return the blocks that stand below `<!-- tested: NAME -->`, by name."""
    return dict(_EXAMPLE.findall(text))
