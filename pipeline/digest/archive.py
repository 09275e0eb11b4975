"""The pages of a newsletter's archive: one for each issue, and the lists of them.

Which files there are and what they say; nothing of any reader, so no slots. Writes
none (`runs.archive` does), and knows no feeds but their links.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from markupsafe import Markup

from pipeline.config.settings import NewsletterSettings, SiteSettings
from pipeline.digest.catalogue import Catalogue, match_language
from pipeline.digest.edition import Edition
from pipeline.digest.environment import Sandbox, make_environment, render
from pipeline.digest.view import IssueView, NewsletterView, SiteView

ARCHIVE_FOLDER = "archive"
"""Where a site has the archives of its newsletters, below its address."""

SHELF_SIZE = 50
"""Issues on a page of older ones. The first page has up to 99, so that the others stay
as they are for 50 issues."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """What a list says of an issue: `titles` are those of its posts."""

    number: int
    date: datetime.date
    subject: str
    titles: tuple[str, ...]


def summary_of(edition: Edition) -> Summary:
    """Return what a list says of the edition."""
    return Summary(
        number=edition.number,
        date=edition.date,
        subject=edition.subject,
        titles=tuple(post.title for post in edition.posts),
    )


def archive_folder(newsletter: str) -> str:
    """Return the folder of a newsletter's archive below its site's output."""
    return f"{ARCHIVE_FOLDER}/{newsletter}"


def archive_url(site_url: str, newsletter: str) -> str:
    """Return where a newsletter's archive is read; `site_url` ends in `/`."""
    return f"{site_url}{archive_folder(newsletter)}/"


def issue_folder(number: int) -> str:
    """Return the folder of an issue below that of the archive."""
    return str(number)


def issue_url(site_url: str, newsletter: str, number: int) -> str:
    """Return where an issue is read; `site_url` ends in `/`."""
    return f"{archive_url(site_url, newsletter)}{issue_folder(number)}/"


@dataclass(frozen=True, slots=True, kw_only=True)
class Shelf:
    """One list of issues, the newest first; `folder` is empty for the first one.

    `newer` and `older` are the folders of the lists beside it, None at the ends.
    """

    folder: str
    issues: tuple[Summary, ...]
    newer: str | None = None
    older: str | None = None


def shelve(issues: Sequence[Summary]) -> tuple[Shelf, ...]:
    """Put issues, the oldest first, onto shelves, the newest shelf first.

    Shelves are counted from the oldest, so that an issue never moves but once.
    """
    full = max(len(issues) // SHELF_SIZE - 1, 0)
    folders = ["", *(f"page/{n}" for n in range(full, 0, -1))]
    shelves = []
    for place, folder in enumerate(folders):
        start = (full - place) * SHELF_SIZE
        end = start + SHELF_SIZE if folder else len(issues)
        shelf = Shelf(
            folder=folder,
            issues=tuple(reversed(issues[start:end])),
            newer=folders[place - 1] if place else None,
            older=next(iter(folders[place + 1 :]), None),
        )
        shelves.append(shelf)
    return tuple(shelves)


@dataclass(frozen=True, slots=True)
class FeedLink:
    """A feed of the archive: the name of its format, its media type and its URL."""

    title: str
    media_type: str
    url: str


@dataclass(frozen=True, slots=True)
class IssueLink:
    """An issue as a list or its neighbour shows it."""

    number: int
    date: datetime.date
    subject: str
    titles: tuple[str, ...]
    url: str


class Archive:
    """The archive of one newsletter: what all its pages share, and what makes them.

    `language` is that of its lists; `subscribe_url` may be empty. Every page raises
    ConfigError where its template is wrong.
    """

    def __init__(
        self,
        newsletter: NewsletterSettings,
        site: SiteSettings,
        language: str,
        templates: Mapping[str, str],
        catalogues: Mapping[str, Catalogue],
    ) -> None:
        self.url = archive_url(site.url, newsletter.name)
        self._language = language
        self._environments = {
            tag: make_environment(templates, catalogue)
            for tag, catalogue in catalogues.items()
        }
        self._shared: dict[str, Any] = {
            "newsletter": NewsletterView.of(newsletter),
            "site": SiteView(title=site.title, url=site.url),
            "index_url": self.url,
            "subscribe_url": "",
            "feeds": (),
        }

    def offer(self, feeds: Sequence[FeedLink], subscribe_url: str) -> None:
        """Let every page lead to these feeds, and to the form to subscribe by."""
        self._shared |= {"feeds": tuple(feeds), "subscribe_url": subscribe_url}

    def issue_url(self, number: int) -> str:
        """Return where an issue can be read."""
        return f"{self.url}{issue_folder(number)}/"

    def issue_page(
        self, edition: Edition, newer: Summary | None, older: Summary | None
    ) -> str:
        """Return the page of one issue; `newer` and `older` are those beside it."""
        return self._render(
            "archive/issue.html",
            edition.language,
            _edition_values(edition)
            | {
                "archive_url": self.issue_url(edition.number),
                "newer": self._link(newer) if newer else None,
                "older": self._link(older) if older else None,
            },
        )

    def index_page(self, shelf: Shelf) -> str:
        """Return one list of issues."""
        return self._render(
            "archive/index.html",
            self._language,
            {
                "archive_url": self._shelf_url(shelf.folder),
                "issues": tuple(map(self._link, shelf.issues)),
                "newer_url": self._shelf_url(shelf.newer),
                "older_url": self._shelf_url(shelf.older),
            },
        )

    def entry_html(self, edition: Edition) -> str:
        """Return the issue as an entry of a feed holds it."""
        values = _edition_values(edition)
        return self._render("archive/entry.html", edition.language, values)

    def _link(self, issue: Summary) -> IssueLink:
        return IssueLink(
            number=issue.number,
            date=issue.date,
            subject=issue.subject,
            titles=issue.titles,
            url=self.issue_url(issue.number),
        )

    def _shelf_url(self, folder: str | None) -> str:
        if folder is None:
            return ""
        return f"{self.url}{folder}/" if folder else self.url

    def _render(self, name: str, language: str, values: Mapping[str, Any]) -> str:
        environment = self._environment(language)
        return render(
            environment, name, {**self._shared, **values, "language": language}
        )

    def _environment(self, language: str) -> Sandbox:
        known = match_language(language, self._environments)
        return self._environments[known or next(iter(self._environments))]


def _edition_values(edition: Edition) -> dict[str, Any]:
    return {
        "issue": IssueView(number=edition.number, kind="regular", date=edition.date),
        "subject": edition.subject,
        "preheader": edition.preheader,
        "intro": edition.intro,
        "posts": tuple(replace(p, html=Markup(p.html)) for p in edition.posts),
    }
