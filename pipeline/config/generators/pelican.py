"""Pelican: pelicanconf.py and publishconf.py, read but not run; posts in content/."""

from __future__ import annotations

from pathlib import Path

from pipeline.config.generators.files import (
    Mappings,
    PostFiles,
    list_of,
    read_mapping,
    text_of,
    web_address,
)
from pipeline.config.generators.found import FoundSite, Generator
from pipeline.config.generators.permalinks import (
    DATE_FIELDS,
    UntranslatableError,
    say_translated,
    say_untranslated,
    translate_braces,
)

_SOURCE = "pelicanconf.py"
# What the site has in public: an address, which the other file often leaves empty.
_PUBLISHED = "publishconf.py"
_DEFAULT = "{slug}.html"


def find_pelican(home: Path, zone: str) -> Generator | None:
    """Return the Pelican site in `home`; `zone` is not asked for: its own is UTC."""
    if not (home / _SOURCE).is_file():
        return None
    settings = read_mapping(home / _SOURCE)
    if (home / _PUBLISHED).is_file():
        settings |= read_mapping(home / _PUBLISHED)
    folder = text_of(settings, "PATH") or "content"
    permalink, note = _permalink(home / folder, settings)
    site = FoundSite(
        folder=folder,
        url=web_address(text_of(settings, "SITEURL")),
        title=text_of(settings, "SITENAME"),
        description=text_of(settings, "SITESUBTITLE"),
        language=text_of(settings, "DEFAULT_LANG"),
        author=text_of(settings, "AUTHOR"),
        zone=text_of(settings, "TIMEZONE") or "UTC",
        permalink=permalink,
        permalink_note=note,
        output=text_of(settings, "OUTPUT_PATH") or "output",
        exclude=list_of(settings.get("PAGE_PATHS")) or ("pages",),
        undated=("mtime",) if text_of(settings, "DEFAULT_DATE") == "fs" else (),
    )
    return Generator(name="Pelican", source=_SOURCE, sites=(site,))


def _permalink(content: Path, settings: Mappings) -> tuple[str, str]:
    pattern = text_of(settings, "ARTICLE_URL") or _DEFAULT
    by_name = text_of(settings, "SLUGIFY_SOURCE") == "basename"
    slug = by_name or PostFiles.below(content).name_slugs()
    fields = {**DATE_FIELDS, "slug": "{slug}" if slug else "{title}"}
    fields["lang"] = "{language}"
    try:
        found = translate_braces(pattern, fields)
    except UntranslatableError as error:
        default = translate_braces(_DEFAULT, fields)
        return default, say_untranslated("Pelican", pattern, error)
    return found, say_translated("Pelican", pattern)
