"""Hugo: hugo.toml, config.toml or config/_default; posts below content/."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from pipeline.config.generators.files import (
    Mappings,
    PostFiles,
    group_in,
    is_on,
    list_of,
    read_mapping,
    text_of,
    web_address,
)
from pipeline.config.generators.found import FoundSite, Generator, Layout
from pipeline.config.generators.permalinks import (
    DATE_FIELDS,
    UntranslatableError,
    say_translated,
    say_untranslated,
    translate_colons,
)

_ENDINGS = (".toml", ".yaml", ".yml", ".json")
_CONFIG_FOLDER = Path("config/_default")
# Hugo would take our config.yaml for its own beside these.
_CLASHING = ("config.yaml", "config.yml", "config.json", "config/_default")


def find_hugo(home: Path, zone: str) -> Generator | None:
    """Return the Hugo site in `home`, None where there is none.

    `zone` is the machine's, and not asked for: Hugo's dates are in UTC if none is set.
    """
    source = _source(home)
    settings = _settings(home, source) if source else {}
    # A config.yaml without Hugo's base address may be anybody's.
    is_hugo = source.startswith("hugo.") or "baseurl" in settings
    if not source or not is_hugo:
        return None
    layout = Layout(config="pressroom.yaml" if source in _CLASHING else "config.yaml")
    notes = ["drafts are built by Hugo (buildDrafts), and kept out of feeds and mail"]
    return Generator(
        name="Hugo",
        source=source,
        sites=tuple(_sites(home, settings)),
        layout=layout,
        notes=tuple(notes if is_on(settings, "builddrafts") else ()),
    )


def _source(home: Path) -> str:
    names = [f"{stem}{ending}" for stem in ("hugo", "config") for ending in _ENDINGS]
    found = [name for name in names if (home / name).is_file()]
    folder = str(_CONFIG_FOLDER)
    return next(iter(found), folder if (home / folder).is_dir() else "")


def _settings(home: Path, source: str) -> dict[str, Any]:
    """Return Hugo's settings, names in lower case; files of parts put in place."""
    parts = sorted((home / _CONFIG_FOLDER).glob("*.*"))
    settings: dict[str, Any] = {}
    for path in [*parts, home / source]:
        if path.suffix not in _ENDINGS or not path.is_file():
            continue
        part = _lowered(read_mapping(path))
        whole = path.stem in ("hugo", "config")
        settings |= part if whole else _placed(path.stem.lower(), part)
    return settings


def _placed(stem: str, part: dict[str, Any]) -> dict[str, Any]:
    """Return a part below its name: `params.toml` holds what is in `[params]`."""
    name, _, language = stem.partition(".")
    return {} if language else {name: part}


def _lowered(value: Any) -> Any:
    """Return settings with names in lower case, as Hugo takes them."""
    if isinstance(value, Mapping):
        return {str(name).lower(): _lowered(inner) for name, inner in value.items()}
    return value


def _sites(home: Path, settings: Mappings) -> Iterator[FoundSite]:
    """Yield the main language's site, then those with a content folder of their own."""
    main = text_of(settings, "defaultcontentlanguage") or "en"
    languages = group_in(settings, "languages")
    own_folders = {
        name: folder
        for name in languages
        if (folder := text_of(group_in(languages, name), "contentdir"))
    }
    yield _site(home, settings, main, own_folders.pop(main, ""))
    for name, folder in own_folders.items():
        yield _site(home, settings, name, folder)


def _site(home: Path, settings: Mappings, name: str, folder: str) -> FoundSite:
    language = group_in(settings, "languages", name)
    params = group_in(settings, "params") | group_in(language, "params")
    main = name == (text_of(settings, "defaultcontentlanguage") or "en")
    inner = not main or is_on(settings, "defaultcontentlanguageinsubdir")
    below = f"{name.lower()}/" if inner else ""
    base = web_address(text_of(language, "baseurl") or text_of(settings, "baseurl"))
    folder = folder or text_of(settings, "contentdir") or "content"
    output = text_of(settings, "publishdir") or "public"
    permalink, note = _permalink(home / folder, settings)
    return FoundSite(
        name="site" if main else name.lower().replace("_", "-"),
        folder=folder,
        url=f"{base.rstrip('/')}/{below}" if base else "",
        title=text_of(language, "title") or text_of(settings, "title"),
        description=text_of(params, "description", "subtitle"),
        language=text_of(language, "languagecode", "locale")
        or (text_of(settings, "languagecode", "locale") if main else "")
        or name,
        author=_author(params) or _author(settings),
        zone=text_of(settings, "timezone") or "UTC",
        permalink=permalink,
        permalink_note=note,
        output=f"{output}/{below}".rstrip("/"),
        assets=_static(home, settings),
        undated=_undated(settings),
    )


def _author(params: Mappings) -> str:
    return text_of(params, "author") or text_of(group_in(params, "author"), "name")


def _static(home: Path, settings: Mappings) -> tuple[str, ...]:
    folders = list_of(settings.get("staticdir")) or ("static",)
    return tuple(folder for folder in folders if (home / folder).is_dir())


def _undated(settings: Mappings) -> tuple[str, ...]:
    """Return where Hugo is told to take the dates of posts without one from."""
    ways = {":git": "git", ":filemodtime": "mtime"}
    asked = list_of(group_in(settings, "frontmatter").get("date"))
    return tuple(ways[way.lower()] for way in asked if way.lower() in ways)


def _permalink(content: Path, settings: Mappings) -> tuple[str, str]:
    """Return the pattern of most posts, and what to know of it."""
    posts = PostFiles.below(content)
    name = "{slug}" if posts.name_slugs() or not posts.are_verbatim() else "{stem}"
    by_path = f"/{{folder}}/{name}/"
    patterns = group_in(settings, "permalinks")
    patterns = {**patterns, **group_in(patterns, "page")}
    section, pattern = _of_largest_section(content, patterns)
    if not pattern:
        return by_path, "Hugo publishes a post by its path"
    slug = "{slug}" if posts.name_slugs() else "{title}"
    fields = {
        **DATE_FIELDS,
        "slug": slug,
        "title": "{title}",
        "filename": "{stem}",
        "contentbasename": "{stem}",
        "slugorfilename": name,
        "slugorcontentbasename": name,
        "section": "{folder}",
        "sections": "{folder}",
    }
    try:
        found = translate_colons(pattern, fields)
    except UntranslatableError as error:
        return by_path, say_untranslated("Hugo", pattern, error)
    return found, f"{say_translated('Hugo', pattern)} in {section}/"


def _of_largest_section(content: Path, patterns: Mappings) -> tuple[str, str]:
    """Return section and pattern where most posts are, two empty texts for none."""
    found = [
        (len(PostFiles.below(content / section).stems), section, pattern)
        for section, pattern in patterns.items()
        if isinstance(pattern, str) and section.strip("/")
    ]
    count, section, pattern = max(found, default=(0, "", ""))
    return (section, pattern) if count else ("", "")
