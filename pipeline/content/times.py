"""When a post appeared, changed and ends, from all the fields that may say so."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from pipeline.content.dates import REMEDY, is_zero, read_date
from pipeline.content.fields import Matter, as_switch, as_text
from pipeline.content.frontmatter import MisreadError
from pipeline.content.location import Location

_WRITTEN = ("date", "created", "createdat", "datecreated", "createtime")
_APPEARED = ("publishdate", "pubdate", "published", "publishedat", "datepublished")
_CHANGED: tuple[str, ...] = ("lastmod", "updated", "modified", "lastmodifiedat")
_CHANGED += ("lastmodified", "updatedat", "datemodified", "dateupdated", "lastupdated")
_ENDS = ("expirydate", "unpublishdate", "expires", "expiry")

UNDATED_REMEDY = (
    "add `date: 2024-05-01`, name the file 2024-05-01-…, or let the site take it from "
    "git or the file's time: `undated: [git, mtime]`; `exclude` passes a page over"
)


@dataclass(frozen=True, slots=True)
class Times:
    """The times of one post, aware."""

    published: datetime
    updated: datetime
    expires: datetime | None


def read_times(
    matter: Matter,
    location: Location,
    zone: ZoneInfo,
    fallback: Callable[[], datetime | None],
) -> Times | None:
    """Return the times of a post, None for one that is dated nowhere.

    Its day is that of `date:`, else of its file's name, else that of its last
    change, else `fallback()`. A post is not out before its `publishDate`, whatever
    its `date`. Raises MisreadError for a date that cannot be read.
    """
    written = _first(matter, _WRITTEN, zone)
    appeared = _first(matter, _APPEARED, zone)
    changed = _first(matter, _CHANGED, zone)
    expires = _first(matter, _ENDS, zone)
    named = None if written or appeared else _from_name(location, zone)
    known = [time for time in (written, appeared) if time]
    published = max(known) if known else named or changed or fallback()
    if published is None:
        return None
    updated = max(published, changed) if changed else published
    return Times(published, updated, expires)


def _first(matter: Matter, names: tuple[str, ...], zone: ZoneInfo) -> datetime | None:
    for name in names:
        value = matter.find(name)
        text = as_text(value).strip() if value else ""
        # `published: false` is a switch, and Go writes no date as the year 1.
        if value is None or is_zero(text) or _is_switch(name, text):
            continue
        try:
            return read_date(text, zone)
        except ValueError as error:
            raise MisreadError(
                f"{name}: {error}", REMEDY, line=value.line, column=value.column
            ) from error
    return None


def _is_switch(name: str, text: str) -> bool:
    return name == "published" and as_switch(text) is not None


def _from_name(location: Location, zone: ZoneInfo) -> datetime | None:
    if not location.day:
        return None
    try:
        return read_date(location.day, zone)
    except ValueError as error:
        raise MisreadError(f"the file's name: {error}", REMEDY) from error
