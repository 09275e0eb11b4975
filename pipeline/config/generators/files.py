"""Reads the files of a generator: its configuration, never run, and posts' names."""

from __future__ import annotations

import ast
import json
import re
import tomllib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from pipeline.base.errors import ConfigError
from pipeline.base.faults import Fault
from pipeline.base.text import fold_line

Mappings = Mapping[str, Any]

_POSTS = frozenset({".md", ".markdown", ".mdown", ".mkd", ".html"})
_SLUG = re.compile(rb"(?mi)^\s*[\"']?slug[\"']?\s*[:=]\s*\S")
_LOCAL = re.compile(r"https?://(?:localhost|127\.[\d.]+|0\.0\.0\.0|\[::1\])(?:[:/]|$)")
_DATED = re.compile(r"\d{4}-\d{1,2}-\d{1,2}-")
# Front matter over this many bytes hides its slug from us, which costs a guess.
_HEAD_BYTES = 4_000


def _read_yaml(text: str) -> object:
    # Plain strings: a title of `1984` stays one, and an unknown tag does no harm.
    return yaml.load(text, Loader=yaml.BaseLoader)


def _read_python(text: str) -> object:
    """Return the names a Python file sets to constants; nothing of it is run."""
    values: dict[str, object] = {}
    for statement in ast.parse(text).body:
        if not isinstance(statement, ast.Assign):
            continue
        names = [name.id for name in statement.targets if isinstance(name, ast.Name)]
        try:
            value = ast.literal_eval(statement.value)
        except ValueError:
            continue
        values.update(dict.fromkeys(names, value))
    return values


_READERS: Mapping[str, Callable[[str], object]] = {
    ".yaml": _read_yaml,
    ".yml": _read_yaml,
    ".toml": tomllib.loads,
    ".json": json.loads,
    ".py": _read_python,
}


def read_mapping(path: Path) -> dict[str, Any]:
    """Return what a YAML, TOML, JSON or Python file of settings says, {} for nothing.

    Raises ConfigError when it cannot be read.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
        found = _READERS[path.suffix](text)
    except (OSError, ValueError, SyntaxError, yaml.YAMLError) as error:
        what = f"cannot be read: {fold_line(str(error))}"
        fault = Fault(path=str(path), what=what, remedy="mend it, then run init again")
        raise ConfigError([fault]) from error
    return found if isinstance(found, dict) else {}


def text_of(mapping: Mappings, *names: str) -> str:
    """Return the first of the values called `names` that is text, on one line."""
    for name in names:
        value = mapping.get(name)
        if isinstance(value, str | int) and not isinstance(value, bool):
            text = fold_line(str(value))
            if text:
                return text
    return ""


def group_in(mapping: Mappings, *names: str) -> dict[str, Any]:
    """Return the group of values at the way `names`, {} where there is none."""
    found: Any = mapping
    for name in names:
        found = found.get(name) if isinstance(found, Mapping) else None
    return dict(found) if isinstance(found, Mapping) else {}


def list_of(value: object) -> tuple[str, ...]:
    """Return the texts of a value that may be one text, a list, or nothing."""
    values = value if isinstance(value, list | tuple) else [value]
    return tuple(entry for entry in values if isinstance(entry, str) and entry)


def is_on(mapping: Mappings, name: str) -> bool:
    """Tell whether a switch is on."""
    return str(mapping.get(name)).lower() == "true"


def is_off(mapping: Mappings, name: str) -> bool:
    """Tell whether a switch is there, and off."""
    return str(mapping.get(name)).lower() == "false"


def web_address(text: str) -> str:
    """Return `text` if readers could reach a site there, else nothing."""
    if not re.match(r"https?://[^/\s]+", text):
        return ""
    return "" if _LOCAL.match(text) else text


@dataclass(frozen=True, slots=True)
class PostFiles:
    """How the posts of a folder are called: file names without ending."""

    stems: tuple[str, ...]
    with_slug: int

    @classmethod
    def below(cls, folder: Path) -> PostFiles:
        """Look at the posts in `folder` and below; a bundle's stem is its folder's."""
        stems, with_slug = list[str](), 0
        for path in _posts(folder):
            bundled = path.stem.partition(".")[0] == "index"
            name = path.parent.name if bundled else path.stem
            stems.append(re.sub(r"\.[a-z]{2}(?:-[A-Za-z]{2,4})?$", "", name))
            with path.open("rb") as file:
                with_slug += bool(_SLUG.search(file.read(_HEAD_BYTES)))
        return cls(tuple(stems), with_slug)

    def name_slugs(self) -> bool:
        """Tell whether most posts name a slug of their own."""
        return self.with_slug * 2 > len(self.stems)

    def are_verbatim(self) -> bool:
        """Tell whether names hold what a slug of ours would lose: dates, `_`, `.`."""
        return any(_DATED.match(stem) or re.search("[_.]", stem) for stem in self.stems)


def _posts(folder: Path) -> Iterator[Path]:
    for path in sorted(folder.rglob("*")):
        page = path.name.startswith(("_index.", ".")) or (
            path.stem == "index" and path.parent == folder
        )
        if path.suffix.lower() in _POSTS and not page and path.is_file():
            yield path
