"""The URL of a post: its own, else the site's permalink pattern filled in."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime

from pipeline.base.text import slugify
from pipeline.content.frontmatter import MisreadError
from pipeline.content.location import Location
from pipeline.content.urls import absolute, quote_part

# A `?` or `#` in a file's name or slug is no part of a URL's grammar.
_IN_VALUE = "/:@!$&'()*+,;=~%"
_FIELD = re.compile(r"\{(\w+)\}")
# What Jekyll and Hexo call the fields of a permalink in a post's own `permalink:`.
_PLACEHOLDER = re.compile(r":([a-z_]+)")
_PLACEHOLDERS = {
    "year": "year",
    "month": "month",
    "i_month": "i_month",
    "day": "day",
    "i_day": "i_day",
    "title": "slug",
    "slug": "slug",
    "name": "slug",
    "path": "path",
    "filename": "stem",
    "lang": "language",
    "category": "categories",
    "categories": "categories",
}


def permalink_fields(
    location: Location,
    *,
    slug: str,
    title: str,
    published: datetime,
    categories: tuple[str, ...] = (),
    language: str = "",
) -> Mapping[str, str]:
    """Return what each field of a permalink stands for in one post.

    `published` is in the zone of the site.
    """
    return {
        "slug": slug,
        "title": slugify(title) or slug,
        "year": f"{published.year:04}",
        "month": f"{published.month:02}",
        "day": f"{published.day:02}",
        "i_month": str(published.month),
        "i_day": str(published.day),
        "path": location.bare,
        "folder": location.folder,
        "stem": location.stem,
        "categories": "/".join(map(slugify, categories)),
        "language": language,
    }


def fill_pattern(pattern: str, fields: Mapping[str, str]) -> str:
    """Return the path that the site's `permalink` gives a post."""
    return _FIELD.sub(
        lambda field: quote_part(fields[field[1]], _IN_VALUE),
        pattern,
    )


def fill_placeholders(permalink: str, fields: Mapping[str, str]) -> str:
    """Return a post's own permalink with Jekyll's and Hexo's `:title` filled in."""

    def value(placeholder: re.Match[str]) -> str:
        name = _PLACEHOLDERS.get(placeholder[1])
        return quote_part(fields[name], _IN_VALUE) if name else placeholder[0]

    return _PLACEHOLDER.sub(value, permalink)


def place_on_site(path: str, site_url: str) -> str:
    """Return the URL of a path below `site_url`, percent-encoded (RFC 3987, 3.1).

    An absolute http(s) URL stays where it is. Raises MisreadError for what no
    browser could follow.
    """
    given = path.strip()
    if given.startswith(("http://", "https://")):
        url = absolute(given, site_url)
    else:
        url = absolute(site_url + _clean_path(given), site_url)
    if url is None:
        raise MisreadError(f"{path!r} is no address a post can have")
    return url


def own_id(text: str, site_url: str) -> str:
    """Return the id of a post that names one itself, as a URI (RFC 4287, 4.2.6).

    What has a scheme is kept, a UUID becomes `urn:uuid:`, any other word a fragment
    of the site's address.
    """
    if re.fullmatch(r"[A-Za-z][A-Za-z0-9+.-]*:\S+", text):
        return quote_part(text, "/:@!$&'()*+,;=~%?#[]")
    if re.fullmatch(r"[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}", text):
        return f"urn:uuid:{text.lower()}"
    return f"{site_url}#{quote_part(text, '')}"


def _clean_path(path: str) -> str:
    """Take out of a path what is empty, and steps that would leave the site."""
    place, mark, query = _partition(path)
    steps = place.replace("\\", "/").split("/")
    kept = [step for step in steps if step not in ("", ".", "..")]
    slash = "/" if kept and not steps[-1] else ""
    return "/".join(kept) + slash + mark + query


def _partition(path: str) -> tuple[str, str, str]:
    found = re.search(r"[?#]", path)
    if found is None:
        return path, "", ""
    return path[: found.start()], found[0], path[found.end() :]
