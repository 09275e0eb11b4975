"""Jekyll: _config.yml, and posts in folders called _posts."""

from __future__ import annotations

from pathlib import Path

from pipeline.config.generators.files import (
    Mappings,
    group_in,
    is_on,
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

# Jekyll copies into the site whatever does not begin with `_` or `.`: the store, its
# key and the readers' addresses must not be among it.
_LAYOUT = Layout(
    templates="_pressroom/templates",
    outbox="_pressroom/outbox",
    store="_pressroom/var/pressroom.db",
)

# https://jekyllrb.com/docs/permalinks/#built-in-formats
_STYLES = {
    "date": "/:categories/:year/:month/:day/:title:output_ext",
    "pretty": "/:categories/:year/:month/:day/:title/",
    "ordinal": "/:categories/:year/:y_day/:title:output_ext",
    "weekdate": "/:categories/:year/W:week/:short_day/:title:output_ext",
    "none": "/:categories/:title:output_ext",
}
_FIELDS = {
    **DATE_FIELDS,
    "title": "{slug}",
    "slug": "{slug}",
    "categories": "{categories}",
    "slugified_categories": "{categories}",
    "output_ext": ".html",
}


def find_jekyll(home: Path, zone: str) -> Generator | None:
    """Return the Jekyll site in `home`; `zone` is the machine's, and its default."""
    names = ("_config.yml", "_config.yaml", "_config.toml")
    source = next((name for name in names if (home / name).is_file()), "")
    settings = read_mapping(home / source) if source else {}
    folder = text_of(settings, "source") or "."
    if not source or not _has_posts(home / folder, settings):
        return None
    notes = [
        "Jekyll copies config.yaml into the site; add it to `exclude` in _config.yml",
        "Jekyll empties its output, and mail that is out shows images there; write "
        "`keep_files: [.git, math, images]` into _config.yml",
    ]
    if is_on(settings, "show_drafts"):
        notes.append("Jekyll shows drafts; they are kept out of feeds and mail")
    return Generator(
        name="Jekyll",
        source=source,
        sites=(_site(settings, folder, zone),),
        layout=_LAYOUT,
        notes=tuple(notes),
    )


def _has_posts(folder: Path, settings: Mappings) -> bool:
    within = folder / (text_of(settings, "collections_dir") or ".")
    return any(
        path.is_dir() for path in (*within.glob("_posts"), *folder.glob("*/_posts"))
    )


def _site(settings: Mappings, folder: str, zone: str) -> FoundSite:
    permalink, note = _permalink(_own_pattern(settings))
    base = web_address(text_of(settings, "url"))
    below = text_of(settings, "baseurl").strip("/")
    author = text_of(settings, "author")
    return FoundSite(
        folder=folder,
        url=f"{base.rstrip('/')}/{below}" if base else "",
        title=text_of(settings, "title", "name"),
        description=text_of(settings, "description", "tagline"),
        language=text_of(settings, "lang", "locale", "language"),
        author=author or text_of(group_in(settings, "author"), "name"),
        zone=text_of(settings, "timezone") or zone,
        permalink=permalink,
        permalink_note=note,
        output=text_of(settings, "destination") or "_site",
        exclude=("_pressroom", "vendor"),
    )


def _own_pattern(settings: Mappings) -> str:
    """Return the pattern for posts, wherever Jekyll lets one set it."""
    scopes = settings.get("defaults")
    for entry in scopes if isinstance(scopes, list) else []:
        about = group_in({"entry": entry}, "entry")
        if text_of(group_in(about, "scope"), "type") in ("posts", ""):
            found = text_of(group_in(about, "values"), "permalink")
            if found:
                return found
    posts = group_in(settings, "collections", "posts")
    return text_of(posts, "permalink") or text_of(settings, "permalink") or "date"


def _permalink(pattern: str) -> tuple[str, str]:
    try:
        found = translate_colons(_STYLES.get(pattern, pattern), _FIELDS)
    except UntranslatableError as error:
        default = translate_colons(_STYLES["date"], _FIELDS)
        return default, say_untranslated("Jekyll", pattern, error)
    return found, say_translated("Jekyll", pattern)
