"""Reads what pages are made with: the owner's templates and our words in languages.

A template that the owner's folder lacks is taken from those that come with Pressroom.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from types import MappingProxyType

from pipeline.base.errors import ConfigError
from pipeline.base.faults import Fault
from pipeline.digest.catalogue import Catalogue
from pipeline.digest.environment import compile_template, make_environment
from pipeline.digest.ownerletter import FOLDER as OWNER

ENDINGS = (".html", ".txt", ".css")
PAGES = "web/"
"""Where the templates of the readers' pages lie, apart from those of mail."""


def read_templates(folder: Path) -> dict[str, str]:
    """Return every template of mail by its name below the folder: `parts/post.html`.

    Raises ConfigError when one is not UTF-8.
    """
    templates = _read_all(folder)
    apart = (PAGES, OWNER)
    return {n: text for n, text in templates.items() if not n.startswith(apart)}


def read_page_templates(folder: Path) -> dict[str, str]:
    """Return the templates of the readers' pages, and their style sheet, by name.

    An owner's own lie in `web/` of the folder. Raises ConfigError as above.
    """
    templates = _read_all(folder)
    return {n: text for n, text in templates.items() if n.startswith(PAGES)}


def read_owner_templates() -> dict[str, str]:
    """Return the templates of letters to the owner, and the style of all mail.

    They are ours alone, so that no slip in a template keeps its owner from being told.
    """
    templates = _own_templates().items()
    return {n: t for n, t in templates if n.startswith((OWNER, "parts/"))}


def _read_all(folder: Path) -> dict[str, str]:
    templates = dict(_own_templates())
    if _is_folder(folder, str(folder)):
        templates |= dict(_walk(folder))
    return templates


def check_templates(folder: Path) -> None:
    """Raise ConfigError with file and line of every template that is none.

    Names that a template does not know show only when a page is made of it.
    """
    templates = _read_all(folder)
    environment = make_environment(templates, read_catalogues()["en"])
    faults: list[Fault] = []
    for name in templates:
        if name.endswith(".css"):
            continue
        try:
            compile_template(environment, name)
        except ConfigError as error:
            faults += error.faults
    if faults:
        raise ConfigError(replace(f, path=str(folder / f.path)) for f in faults)


def default_templates() -> Traversable:
    """Return the folder of the templates that come with Pressroom.

    A wheel holds them in the package; a checkout has them beside it.
    """
    package = files("pipeline")
    inside = package / "templates"
    return inside if inside.is_dir() else package / ".." / "templates"


@cache
def _own_templates() -> Mapping[str, str]:
    """Return the templates that come with Pressroom, which are read once."""
    return MappingProxyType(dict(_walk(default_templates())))


def _walk(folder: Traversable, within: str = "") -> list[tuple[str, str]]:
    found = []
    for entry in _entries(folder, within):
        name = within + entry.name
        if _is_folder(entry, name):
            found += _walk(entry, f"{name}/")
        elif entry.name.endswith(ENDINGS):
            found.append((name, _text(entry, name)))
    return found


def _entries(folder: Traversable, name: str) -> list[Traversable]:
    """Return what lies in a folder, by name, without an editor's hidden files."""
    try:
        found = [entry for entry in folder.iterdir() if not entry.name.startswith(".")]
    except OSError as error:
        raise _unreadable(name or str(folder), error) from error
    return sorted(found, key=lambda entry: entry.name)


def _is_folder(entry: Traversable, name: str) -> bool:
    try:
        return entry.is_dir()
    except OSError as error:
        raise _unreadable(name, error) from error


def _unreadable(name: str, error: OSError) -> ConfigError:
    what = f"it cannot be read, where templates are: {error.strerror}"
    remedy = "remove it, or let Pressroom read it"
    return ConfigError([Fault(path=name, what=what, remedy=remedy)])


def _text(entry: Traversable, name: str) -> str:
    try:
        return entry.read_text(encoding="utf-8")
    except OSError as error:
        raise _unreadable(name, error) from error
    except UnicodeDecodeError as error:
        what = f"the template cannot be read: {error}"
        fault = Fault(path=name, what=what, remedy="save it as UTF-8")
        raise ConfigError([fault]) from error


@cache
def read_catalogues() -> Mapping[str, Catalogue]:
    """Return our words in each language there is, by BCP 47 tag (`en`, `zh-CN`).

    They are read once: compiling them takes longer than a run with nothing to do.
    """
    folder = files("pipeline") / "locale"
    catalogues = (
        Catalogue.from_po(
            (entry / "LC_MESSAGES" / "pressroom.po").read_text(encoding="utf-8"),
            entry.name,
        )
        for entry in folder.iterdir()
        if entry.is_dir()
    )
    return MappingProxyType({one.language: one for one in catalogues})
