"""What is found of a site made by a generator: records, and nothing that looks."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundSite:
    """One site as its generator has it; empty where nothing was found.

    Paths are relative to the generator's folder. `permalink` is in our fields, and
    `permalink_note` says what the owner should know of it; `hard_breaks`, whether a
    line break in a paragraph shows as one.
    """

    name: str = "site"
    folder: str
    url: str = ""
    title: str = ""
    description: str = ""
    language: str = ""
    author: str = ""
    zone: str = "UTC"
    permalink: str = "/{slug}/"
    permalink_note: str = ""
    output: str = "public"
    assets: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    undated: tuple[str, ...] = ()
    hard_breaks: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """Where Pressroom's own files go so that they are in no generator's way."""

    config: str = "config.yaml"
    templates: str = "templates"
    outbox: str = "outbox"
    store: str = "var/pressroom.db"

    def folders(self) -> tuple[str, ...]:
        """Return the top folders, each once."""
        paths = (self.templates, self.outbox, self.store)
        return tuple(dict.fromkeys(path.split("/")[0] for path in paths))


@dataclass(frozen=True, slots=True, kw_only=True)
class Generator:
    """A generator found in a folder, and its sites, the main one first.

    `source` is the file that told, empty for a plain folder; `notes` are sentences
    for the owner.
    """

    name: str
    source: str
    sites: tuple[FoundSite, ...]
    layout: Layout = field(default_factory=Layout)
    notes: tuple[str, ...] = ()
