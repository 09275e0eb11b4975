"""Sets Pressroom up beside a site: what `pressroom init` does.

    find the generator → pass over its pages → config.yaml → templates, outbox, key

The generator's files are read and never run; nothing that is there is overwritten.
"""

from __future__ import annotations

import glob
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import available_timezones

from pipeline.base.errors import ContentError, InputError
from pipeline.base.files import make_folder, write_whole
from pipeline.config.generators import FoundSite, Generator, find_generator
from pipeline.config.settings import Configuration, SiteSettings
from pipeline.config.starter import DEFAULT_URL, Answers, compose_config
from pipeline.content.read import read_post
from pipeline.content.scan import Found, read_bytes, scan_folder
from pipeline.runs.outgoing.keys import key_path, read_keys
from pipeline.runs.resources import read_templates

LOCAL_TIME = Path("/etc/localtime")
_ANY_DAY = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Surroundings:
    """A site as it lies there: its generator, how many posts, pages passed over."""

    generator: Generator
    posts: int
    pages: tuple[str, ...]


@dataclass(slots=True)
class Setup:
    """The files that were written, and those that were there and kept."""

    wrote: list[Path] = field(default_factory=list)
    kept: list[Path] = field(default_factory=list)

    def write(self, path: Path, data: bytes) -> None:
        """Write a file that is not there yet. Raises OutputError."""
        if path.exists():
            self.kept.append(path)
            return
        make_folder(path.parent)
        write_whole(path, data)
        self.wrote.append(path)


def machine_zone(environ: Mapping[str, str], local_time: Path = LOCAL_TIME) -> str:
    """Return the name of the machine's time zone, UTC where it has none."""
    named = environ.get("TZ", "").lstrip(":")
    _, _, linked = str(local_time.resolve()).partition("zoneinfo/")
    known = available_timezones()
    return next((zone for zone in (named, linked) if zone in known), "UTC")


def look_around(home: Path, zone: str) -> Surroundings:
    """Return what lies in the folder `home`.

    `zone` is the machine's time zone. Raises InputError when there is no such folder,
    ConfigError when the generator's configuration cannot be read.
    """
    if not home.is_dir():
        raise InputError(f"there is no folder {home}")
    generator = find_generator(home, zone)
    sites, posts, passed = list[FoundSite](), 0, list[str]()
    for found in generator.sites:
        site = (
            found if found.zone in available_timezones() else replace(found, zone=zone)
        )
        dated, pages = _sort_posts(_settings(home, site))
        posts += dated
        passed += pages
        sites.append(replace(site, exclude=(*site.exclude, *pages)))
    return Surroundings(replace(generator, sites=tuple(sites)), posts, tuple(passed))


def write_config(
    setup: Setup, path: Path, generator: Generator, answers: Answers
) -> None:
    """Write the configuration, where there is none yet. Raises OutputError."""
    setup.write(path, compose_config(generator, answers).encode())


def furnish(setup: Setup, home: Path, configuration: Configuration) -> None:
    """Write all that a configuration speaks of: templates, outbox, key, .gitignore.

    `home` is the site's folder, absolute, and that of the configuration.
    Raises OutputError, and StoreError for a key that is there and is none.
    """
    templates = configuration.mail.templates
    for name, text in read_templates(templates).items():
        setup.write(templates / name, text.encode())
    make_folder(configuration.outbox.folder)
    store = configuration.store.path
    key = key_path(store)
    (setup.kept if key.exists() else setup.wrote).append(key)
    read_keys(store)
    _ignore(setup, home, (store.parent, configuration.outbox.folder))


def _ignore(setup: Setup, home: Path, folders: Iterable[Path]) -> None:
    """Keep what is private or passes away out of git: add what .gitignore lacks."""
    path = home / ".gitignore"
    there = path.read_bytes() if path.exists() else b""
    wanted = [
        f"/{folder.relative_to(home).as_posix()}/".encode()
        for folder in folders
        if folder.is_relative_to(home)
    ]
    missing = [line for line in wanted if line not in there.splitlines()]
    if missing:
        broken = b"" if there.endswith(b"\n") or not there else b"\n"
        write_whole(path, there + broken + b"\n".join(missing) + b"\n")
        setup.wrote.append(path)


def _settings(home: Path, site: FoundSite) -> SiteSettings:
    return SiteSettings(
        folder=home / site.folder,
        url=site.url or DEFAULT_URL,
        title=site.title,
        language=site.language or "en",
        zone=site.zone,
        permalink=site.permalink,
        output=home / site.output,
        exclude=site.exclude,
        undated=site.undated,
    )


def _sort_posts(site: SiteSettings) -> tuple[int, list[str]]:
    """Return how many posts a site has, and the patterns of its pages.

    A page is what has no date and lies where no post with a date lies: `about.md` at
    the top, or all that is in `pages/`. An undated one among posts is a post whose
    date was forgotten; `check` tells of it.
    """
    scan = scan_folder(site.folder, exclude=site.exclude, max_bytes=site.max_post_bytes)
    if site.undated:
        return len(scan.posts), []
    undated = [found.path for found in scan.posts if _is_undated(site, found)]
    sections = {
        _section(found.path) for found in scan.posts if found.path not in undated
    }
    sections.discard("")
    pages = [path for path in undated if _section(path) not in sections]
    patterns = dict.fromkeys(f"/{glob.escape(_section(p) or p)}" for p in pages)
    return len(scan.posts) - len(pages), list(patterns)


def _section(path: str) -> str:
    """Return the top folder of a post; that of `about/index.md` is none of posts."""
    return path.partition("/")[0] if "/" in path else ""


def _is_undated(site: SiteSettings, found: Found) -> bool:
    try:
        data = read_bytes(site.folder, found.path)
    except ContentError:
        return False

    def is_read(date: datetime | None) -> bool:
        reading = read_post(
            found, data, site, fallback_date=lambda _: date, display_path=found.path
        )
        return reading.post is not None or not reading.faults

    return not is_read(None) and is_read(_ANY_DAY)
