"""Hexo: _config.yml, and posts in source/_posts."""

from __future__ import annotations

from pathlib import Path

from pipeline.config.generators.files import (
    Mappings,
    group_in,
    is_off,
    is_on,
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
    translate_colons,
)

_SOURCES = ("_config.yml", "_config.yaml", "_config.json")
# Where Hexo's renderers of Markdown are told to take line breaks for spaces.
_MARKDOWN = (("marked",), ("markdown",), ("markdown", "render"))
_DEFAULT = ":year/:month/:day/:title/"


def find_hexo(home: Path, zone: str) -> Generator | None:
    """Return the Hexo site in `home`; `zone` is the machine's, and its default."""
    source = next((name for name in _SOURCES if (home / name).is_file()), "")
    settings = read_mapping(home / source) if source else {}
    folder = text_of(settings, "source_dir") or "source"
    if not source or not (home / folder / "_posts").is_dir():
        return None
    drafts = "Hexo renders drafts; they are kept out of feeds and mail"
    return Generator(
        name="Hexo",
        source=source,
        sites=(_site(settings, folder, zone),),
        notes=(drafts,) if is_on(settings, "render_drafts") else (),
    )


def _site(settings: Mappings, folder: str, zone: str) -> FoundSite:
    permalink, note = _permalink(settings)
    languages = (*list_of(settings.get("language")), "")
    return FoundSite(
        folder=folder,
        url=web_address(text_of(settings, "url")),
        title=text_of(settings, "title"),
        description=text_of(settings, "description", "subtitle"),
        language="" if languages[0] == "default" else languages[0],
        author=text_of(settings, "author"),
        zone=text_of(settings, "timezone") or zone,
        permalink=permalink,
        permalink_note=note,
        output=text_of(settings, "public_dir") or "public",
        undated=("git", "mtime"),
        hard_breaks=not any(
            is_off(group_in(settings, *at), "breaks") for at in _MARKDOWN
        ),
    )


def _permalink(settings: Mappings) -> tuple[str, str]:
    pattern = text_of(settings, "permalink") or _DEFAULT
    # With the date in `new_post_name`, Hexo takes it out of the file's name.
    dated = ":day" in text_of(settings, "new_post_name")
    fields = {
        **DATE_FIELDS,
        "title": "{folder}/{slug}" if dated else "{path}",
        "name": "{slug}" if dated else "{stem}",
        "post_title": "{title}",
        "category": "{categories}",
        "lang": "{language}",
    }
    try:
        found = translate_colons(pattern, fields)
    except UntranslatableError as error:
        default = translate_colons(_DEFAULT, fields)
        return default, say_untranslated("Hexo", pattern, error)
    return found, say_translated("Hexo", pattern)
