"""An Obsidian vault, and a folder of Markdown files without any generator."""

from __future__ import annotations

from pathlib import Path

from pipeline.config.generators.files import Mappings, is_on, read_mapping, text_of
from pipeline.config.generators.found import FoundSite, Generator, Layout

# Where notes lie that are meant to be published, if a vault has such a folder.
_PUBLISHED = ("posts", "blog", "publish", "published", "博客", "文章")
_POST_FOLDERS = ("content", "posts", "_posts")
_ABOUT_THE_FOLDER = ("README", "CHANGELOG", "CONTRIBUTING", "LICENSE")
_OBSIDIAN_LAYOUT = Layout(templates="mail-templates")


def find_obsidian(home: Path, zone: str) -> Generator | None:
    """Return the vault in `home`. Without a date of its own no note is published."""
    if not (home / ".obsidian").is_dir():
        return None
    folders = {e.name.casefold(): e.name for e in home.iterdir() if e.is_dir()}
    folder = next((folders[n] for n in _PUBLISHED if n in folders), ".")
    note = (
        "every note with a date becomes a post: set `folder` to those you publish, "
        "or write `publish: false` into the others"
    )
    site = FoundSite(
        folder=folder,
        zone=zone,
        permalink="/{path}/",
        exclude=(*_private(home), *_OBSIDIAN_LAYOUT.folders()) if folder == "." else (),
        hard_breaks=not is_on(_own_settings(home, "app"), "strictLineBreaks"),
    )
    return Generator(
        name="Obsidian",
        source=".obsidian",
        sites=(site,),
        layout=_OBSIDIAN_LAYOUT,
        notes=(note,),
    )


def _private(home: Path) -> tuple[str, ...]:
    """Return the folders of templates and daily notes, as Obsidian's plugins have."""
    plugins = ("templates", "daily-notes")
    found = [text_of(_own_settings(home, plugin), "folder") for plugin in plugins]
    return tuple(f"/{folder.strip('/')}" for folder in found if folder.strip("/"))


def _own_settings(home: Path, name: str) -> Mappings:
    path = home / ".obsidian" / f"{name}.json"
    return read_mapping(path) if path.is_file() else {}


def find_folder(home: Path, zone: str) -> Generator:
    """Return `home` as a site of Markdown files, in `content` or `posts` if there."""
    folders = (name for name in _POST_FOLDERS if (home / name).is_dir())
    folder = next(folders, ".")
    files = (f"{name}.md" for name in _ABOUT_THE_FOLDER)
    about = [f"/{name}" for name in files if (home / name).exists()]
    site = FoundSite(
        folder=folder,
        zone=zone,
        exclude=(*about, *Layout().folders()) if folder == "." else (),
        undated=("git", "mtime"),
    )
    return Generator(name="", source="", sites=(site,))
