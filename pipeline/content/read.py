"""From the bytes of one file to a Post: the pipe, and nothing but the pipe.

bytes ─charset→ text ─frontmatter→ fields + body ─┬─ location  what its path says
                                                  ├─ times     when
                                                  ├─ permalink where
                                                  ├─ fields    who, about what
                                                  └─ heading   title, if it must
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from pipeline.base.errors import ContentError
from pipeline.base.faults import Fault, Severity
from pipeline.base.text import fold_line
from pipeline.config.settings import SiteSettings
from pipeline.content.charset import Decoded, UndecodableError, decode
from pipeline.content.fields import (
    MOST_NAMES,
    Matter,
    is_kept_back,
    read_authors,
    read_categories,
    read_mail,
    read_series,
    read_tags,
)
from pipeline.content.frontmatter import Dialect, FrontMatter, MisreadError, split
from pipeline.content.heading import cut_opening, find_opening
from pipeline.content.language import language_tag
from pipeline.content.location import locate, readable
from pipeline.content.media import read_enclosures, read_image
from pipeline.content.permalink import (
    fill_pattern,
    fill_placeholders,
    own_id,
    permalink_fields,
    place_on_site,
)
from pipeline.content.post import Post
from pipeline.content.scan import Found
from pipeline.content.times import UNDATED_REMEDY, Times, read_times

FallbackDate = Callable[[str], datetime | None]
"""Gives the date of the post at a path, from git or the file's time; or None."""

# The longest title known is that of a paper, of 460 characters.
MAX_TITLE_CHARACTERS = 1_000
# A draft needs no date; one that has none is shown with the first there is.
_DATE_OF_DRAFTS = datetime(1970, 1, 1, tzinfo=UTC)
_TAG_FIELDS = ("tags", "categories", "tag", "category")


@dataclass(frozen=True, slots=True)
class Reading:
    """What came of a file.

    Warnings ride along with a post. With neither post nor faults the file is a page
    that is no post: an HTML file without front matter, or a `layout: page` without
    date.
    """

    post: Post | None
    faults: tuple[Fault, ...] = ()


def read_post(
    found: Found,
    data: bytes,
    site: SiteSettings,
    *,
    fallback_date: FallbackDate,
    display_path: str,
) -> Reading:
    """Read one file of `site`; whatever is wrong with it is a fault, never raised.

    `fallback_date` is asked with `found.path` for a post that has no date;
    `display_path` is how faults name the file.
    """
    try:
        decoded = decode(data, site.charset)
        front = split(decoded.text, display_path)
        source = _Source(found.path, front, site)
        post = source.post(fallback_date, hashlib.sha256(data).hexdigest())
    except UndecodableError as error:
        return Reading(None, (_undecodable(error, display_path),))
    except MisreadError as error:
        return Reading(None, (error.fault(display_path),))
    except ContentError as error:
        return Reading(None, error.faults)
    warnings = (*_warnings(decoded, display_path), *source.warnings(display_path))
    return Reading(post, warnings if post else ())


class _Source:
    """One file cut in two, and what of it several fields need."""

    def __init__(self, path: str, front: FrontMatter, site: SiteSettings) -> None:
        self._path, self._front, self._site = path, front, site
        self._matter = Matter(front.fields)
        self._location = locate(path, site.language)
        self._zone = ZoneInfo(site.zone)
        self._cut: list[MisreadError] = []

    def warnings(self, display_path: str) -> Iterator[Fault]:
        """Yield what `post` had to leave out, as warnings."""
        for cut in self._cut:
            yield replace(cut.fault(display_path), severity=Severity.WARNING)

    def post(self, fallback_date: FallbackDate, digest: str) -> Post | None:
        """Return the post, None for a page; raise MisreadError."""
        matter, location, site = self._matter, self._location, self._site
        if self._is_asset():
            return None
        draft = location.is_draft or is_kept_back(matter)
        times = self._times(fallback_date, draft)
        if times is None:
            return None
        title, body, body_line = self._title_and_body()
        slug = matter.text("slug").strip("/") or location.slug or location.stem
        language = self._language()
        url = self._url(title, slug, times, language)
        own = matter.text("id", "guid", "uuid")
        return Post(
            id=own_id(own, site.url) if own else url,
            site=site.name,
            path=self._path,
            url=url,
            title=title,
            published=times.published,
            updated=times.updated,
            expires=times.expires,
            draft=draft,
            slug=slug,
            authors=self._most(read_authors(matter, site.author), "authors", "author"),
            tags=self._most(
                read_tags(matter, by_space=self._is_jekyll()), *_TAG_FIELDS
            ),
            series=read_series(matter),
            language=language,
            translation=matter.text("translationkey", "ref") or location.bare,
            summary=matter.text("summary", "description", "excerpt", "abstract"),
            image=read_image(matter, post_url=url, site_url=site.url),
            enclosures=read_enclosures(matter, post_url=url, site_url=site.url),
            mail=read_mail(matter),
            markup=location.markup,
            text=body,
            text_line=body_line,
            digest=digest,
        )

    def _is_asset(self) -> bool:
        """Tell a demonstration or a verification page from a post in HTML.

        Every generator copies HTML without front matter as it is; Pelican reads a
        page as a post that gives a date in its head.
        """
        location, dialect = self._location, self._front.dialect
        if location.markup != "html" or location.day or location.is_post:
            return False
        if dialect == Dialect.HTML:
            return self._matter.find("date") is None
        return dialect == Dialect.NONE

    def _times(self, fallback_date: FallbackDate, draft: bool) -> Times | None:
        is_page = self._is_page()

        def fallback() -> datetime | None:
            return None if is_page else fallback_date(self._path)

        times = read_times(self._matter, self._location, self._zone, fallback)
        if times is None and draft:
            return Times(_DATE_OF_DRAFTS, _DATE_OF_DRAFTS, None)
        if times is None and not is_page:
            raise MisreadError("the post has no date", UNDATED_REMEDY)
        return times

    def _most(self, names: tuple[str, ...], *fields: str) -> tuple[str, ...]:
        """Return the names, of far too many the first; `fields` name where they are."""
        if len(names) > MOST_NAMES:
            value = self._matter.find(*fields)
            what = f"has {len(names):,} {fields[0]}; the first {MOST_NAMES} were taken"
            line = value.line if value else None
            self._cut.append(MisreadError(what, "take some out", line=line))
        return names[:MOST_NAMES]

    def _is_jekyll(self) -> bool:
        return self._location.is_post and bool(self._location.day)

    def _is_page(self) -> bool:
        if self._location.is_post:
            return False
        kinds = (self._matter.text(name).lower() for name in ("layout", "type"))
        return "page" in kinds

    def _title_and_body(self) -> tuple[str, str, int]:
        """Return title, body and its line; a heading that is the title is cut out."""
        title = self._given_title()
        body, line = self._front.body.removeprefix("\ufeff"), self._front.body_line
        markdown = self._location.markup == "markdown"
        opening = find_opening(body) if markdown else None
        if opening is None or title not in ("", opening.title):
            return title or fold_line(readable(self._location.stem)), body, line
        below = line + opening.end
        _refuse_long_title(opening.title, below - 1)
        return opening.title, cut_opening(body, opening), below

    def _given_title(self) -> str:
        title, value = self._matter.text("title"), self._matter.find("title")
        _refuse_long_title(title, value.line if value else None)
        return title

    def _language(self) -> str:
        given = self._matter.text("lang", "language", "languagecode", "locale")
        return language_tag(given) or self._location.language or self._site.language

    def _url(self, title: str, slug: str, times: Times, language: str) -> str:
        matter, site = self._matter, self._site
        fields = permalink_fields(
            self._location,
            slug=slug,
            title=title,
            published=times.published.astimezone(self._zone),
            categories=read_categories(matter),
            language=language.lower(),
        )
        given = matter.text("url", "permalink", "path", "saveas")
        if given:
            return place_on_site(fill_placeholders(given, fields), site.url)
        path = fill_pattern(site.permalink, fields)
        return place_on_site(self._language_folder() + path, site.url)

    def _language_folder(self) -> str:
        """Return where Hugo and Zola put `post.fr.md` on a site that is not French."""
        suffix = self._location.language
        if "{language}" in self._site.permalink or not suffix:
            return ""
        return "" if _is_default(suffix, self._site.language) else f"{suffix.lower()}/"


def _refuse_long_title(title: str, line: int | None) -> None:
    if len(title) > MAX_TITLE_CHARACTERS:
        raise MisreadError(
            f"the title has over {MAX_TITLE_CHARACTERS:,} characters",
            "shorten it; a quote that nothing closes makes a title of what follows",
            line=line,
        )


def _is_default(suffix: str, site_language: str) -> bool:
    """Tell whether a file's language, `zh`, is its site's, `zh-CN`."""
    site_language = site_language.lower()
    return suffix.lower() in (site_language, site_language.partition("-")[0])


def _undecodable(error: UndecodableError, path: str) -> Fault:
    return Fault(
        path=path,
        line=error.line,
        what=f"the text cannot be read: {error}",
        remedy="save the file as UTF-8, or name its charset: `charset: gb18030`",
    )


def _warnings(decoded: Decoded, path: str) -> Iterator[Fault]:
    if decoded.guessed:
        yield Fault(
            path=path,
            what=f"is not UTF-8; read as {decoded.charset}, which is a guess",
            remedy="save it as UTF-8, or set the site's `charset`",
            severity=Severity.WARNING,
        )
