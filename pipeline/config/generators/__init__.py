"""Which generator made the site in a folder, found by looking at its files.

Nothing of it is run. Each generator has a module that knows its configuration, its
folders and its permalinks; `found` holds what they say in our words.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from pipeline.config.generators.found import FoundSite, Generator, Layout
from pipeline.config.generators.hexo import find_hexo
from pipeline.config.generators.hugo import find_hugo
from pipeline.config.generators.jekyll import find_jekyll
from pipeline.config.generators.pelican import find_pelican
from pipeline.config.generators.plain import find_folder, find_obsidian
from pipeline.config.generators.zola import find_zola

__all__ = ["FoundSite", "Generator", "Layout", "find_generator"]

# Zola goes before Hugo, since both have a config.toml; a vault may hold a site.
_FINDERS: tuple[Callable[[Path, str], Generator | None], ...] = (
    find_zola,
    find_hugo,
    find_hexo,
    find_jekyll,
    find_pelican,
    find_obsidian,
)


def find_generator(home: Path, zone: str) -> Generator:
    """Return the generator whose files lie in `home`; a plain folder has no name.

    `zone` is the machine's time zone, which some take where none is set. Raises
    ConfigError when a generator's configuration cannot be read.
    """
    found = (find(home, zone) for find in _FINDERS)
    return next(filter(None, found), None) or find_folder(home, zone)
