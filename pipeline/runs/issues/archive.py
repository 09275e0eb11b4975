"""From frozen issues to the archive on disk: a page for each, lists, and feeds.

    editions in the store → formulas' images → pages, lists, feeds → public/archive/

All of it is made of the store, so that what a site generator wiped or somebody deleted
comes back with the next run. A file is made only when what decides its bytes has
changed or it is not as we left it.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC
from functools import partial
from pathlib import Path

from pipeline.base.errors import OutputError
from pipeline.base.files import make_folder, try_writing, write_together, write_whole
from pipeline.digest.archive import (
    Archive,
    FeedLink,
    Shelf,
    Summary,
    archive_folder,
    archive_url,
    issue_folder,
    shelve,
)
from pipeline.digest.edition import Edition
from pipeline.feeds.channel import Channel, Item
from pipeline.feeds.document import FORMATS, MAX_BYTES
from pipeline.rendition.equation import IMAGES_FOLDER
from pipeline.runs.issues.newsroom import Newsroom
from pipeline.runs.report import Progress
from pipeline.runs.sites.publish import look_at
from pipeline.runs.sites.render import inputs_digest
from pipeline.store.archive import (
    KeptEdition,
    edition_images,
    find_edition,
    listed_editions,
)
from pipeline.store.database import Database
from pipeline.store.documents import Document, find_document, put_document
from pipeline.store.images import find_image

ARCHIVE_VERSION = "1"
"""Raised when the same editions give other bytes than before."""

PAGE = "index.html"
_FEED_TITLES = {"rss": "RSS", "atom": "Atom", "json": "JSON Feed"}


@dataclass(slots=True)
class Archived:
    """The files of one archive: written, kept, and what could not be written."""

    written: list[Path] = field(default_factory=list)
    kept: list[Path] = field(default_factory=list)
    errors: list[OutputError] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _File:
    """A file that the archive shall have; `inputs` stand for all that decides it."""

    path: Path
    inputs: str
    make: Callable[[], bytes]


def publish_archive(
    database: Database, newsroom: Newsroom, progress: Progress
) -> Archived:
    """Bring a newsletter's archive up to date, as far as the disk takes it.

    One without an issue yet, or that is to have none, gets no file. Raises ConfigError
    where a template of the archive is wrong.
    """
    archived = Archived()
    if not newsroom.settings.archive:
        return archived
    with database.transaction() as tx:
        editions = listed_editions(tx, newsroom.name)
    if not editions:
        return archived
    archived.errors += _publish_formulas(database, newsroom)
    files = list(_Plan(database, newsroom, editions).files())
    looks = dict[Path, Document]()
    for file in progress.track("Writing the archive", _stale(database, files)):
        try:
            make_folder(file.path.parent)
            changed = write_whole(file.path, file.make())
        except OutputError as error:
            archived.errors.append(error)
            continue
        if look := look_at(file.path, file.inputs):
            looks[file.path] = look
        if changed:
            archived.written.append(file.path)
    with database.transaction() as tx:
        for path, look in looks.items():
            put_document(tx, str(path), look)
    archived.kept = [f.path for f in files if f.path not in archived.written]
    return archived


def rehearse(newsroom: Newsroom, edition: Edition) -> None:
    """Try to write an issue's page where it will stand, and leave nothing of it.

    Mails are frozen with a link to the page before it may be seen: this tells whether
    there will be one. Raises OutputError where the disk refuses, ConfigError where a
    template is wrong.
    """
    folder = _folder(newsroom) / issue_folder(edition.number)
    page = open_archive(newsroom).issue_page(edition, None, None)
    make_folder(folder)
    try_writing(folder / PAGE, page.encode())


def archive_home(newsroom: Newsroom) -> str:
    """Return where the past issues are: the archive if it is there, else the site."""
    if newsroom.settings.archive and (_folder(newsroom) / PAGE).is_file():
        return archive_url(newsroom.site.url, newsroom.name)
    return newsroom.site.url


def open_archive(newsroom: Newsroom) -> Archive:
    """Return what makes the pages of a newsletter's archive."""
    archive = Archive(
        newsroom.settings,
        newsroom.site,
        newsroom.languages[0],
        newsroom.templates,
        newsroom.catalogues,
    )
    web = newsroom.configuration.web.public_url
    feeds = [
        FeedLink(
            _FEED_TITLES[name],
            FORMATS[name].media_type,
            archive.url + FORMATS[name].filename,
        )
        for name in newsroom.configuration.feeds.formats
    ]
    archive.offer(feeds, f"{web}subscribe" if web else "")
    return archive


class _Plan:
    """Which files an archive has, from its editions, the oldest first."""

    def __init__(
        self, database: Database, newsroom: Newsroom, editions: Sequence[KeptEdition]
    ) -> None:
        self._database = database
        self._newsroom = newsroom
        self._editions = editions
        self._archive = open_archive(newsroom)
        self._folder = _folder(newsroom)
        self._shared = _shared_inputs(newsroom)

    def files(self) -> Iterator[_File]:
        """Yield the pages of issues, then the lists, then the feeds."""
        yield from self._pages()
        for shelf in shelve([kept.summary for kept in self._editions]):
            yield self._list(shelf)
        yield from self._feeds()

    def _pages(self) -> Iterator[_File]:
        summaries = [kept.summary for kept in self._editions]
        older, newer = [None, *summaries], [*summaries[1:], None]
        for kept, *beside in zip(self._editions, newer, older, strict=False):
            yield _File(
                self._folder / issue_folder(kept.summary.number) / PAGE,
                inputs_digest(self._shared, kept.digest, repr(beside)),
                partial(self._page, kept, *beside),
            )

    def _page(
        self, kept: KeptEdition, newer: Summary | None, older: Summary | None
    ) -> bytes:
        return self._archive.issue_page(self._edition(kept), newer, older).encode()

    def _list(self, shelf: Shelf) -> _File:
        return _File(
            self._folder / shelf.folder / PAGE,
            inputs_digest(self._shared, repr(shelf)),
            lambda: self._archive.index_page(shelf).encode(),
        )

    def _feeds(self) -> Iterator[_File]:
        settings = self._newsroom.configuration.feeds
        newest = self._editions[: -settings.entries - 1 : -1]
        for name in settings.formats:
            yield _File(
                self._folder / FORMATS[name].filename,
                inputs_digest(self._shared, name, [kept.digest for kept in newest]),
                partial(self._feed, name, newest),
            )

    def _feed(self, name: str, newest: Sequence[KeptEdition]) -> bytes:
        """Return a feed's bytes; one too large for readers loses its oldest issues."""
        chosen, newsroom = FORMATS[name], self._newsroom
        channel = Channel(
            url=self._archive.url,
            home_url=self._archive.url,
            title=newsroom.settings.title,
            description=newsroom.settings.description or newsroom.settings.title,
            language=newsroom.languages[0],
            author=newsroom.sender.name or newsroom.settings.title,
            items=tuple(map(self._item, newest)),
        )
        while True:
            data = chosen.render(channel, channel.url + chosen.filename)
            if len(data) <= MAX_BYTES or len(channel.items) == 1:
                return data
            channel = replace(channel, items=channel.items[: len(channel.items) // 2])

    def _item(self, kept: KeptEdition) -> Item:
        edition = self._edition(kept)
        due = edition.due.astimezone(UTC).replace(microsecond=0)
        own = edition.language == self._newsroom.languages[0]
        return Item(
            id=edition.id,
            url=self._archive.issue_url(edition.number),
            title=edition.subject,
            published=due,
            updated=due,
            authors=(),
            tags=(),
            language="" if own else edition.language,
            summary=edition.preheader,
            html=self._archive.entry_html(edition),
            excerpt_html="",
            picture=None,
            enclosures=(),
        )

    def _edition(self, kept: KeptEdition) -> Edition:
        with self._database.transaction() as tx:
            edition = find_edition(tx, kept.issue_id)
        assert edition is not None  # editions are never deleted
        return edition


def _folder(newsroom: Newsroom) -> Path:
    return newsroom.site.output / archive_folder(newsroom.name)


def _shared_inputs(newsroom: Newsroom) -> str:
    """Return a digest of what decides every file of an archive."""
    templates = json.dumps(dict(newsroom.templates), sort_keys=True)
    return inputs_digest(
        ARCHIVE_VERSION,
        newsroom.settings.model_dump_json(),
        newsroom.site.model_dump_json(exclude={"folder", "output"}),
        newsroom.configuration.feeds.model_dump_json(),
        newsroom.configuration.web.public_url,
        hashlib.sha256(templates.encode()).hexdigest(),
    )


def _stale(database: Database, files: Sequence[_File]) -> list[_File]:
    with database.transaction() as tx:
        known = {file.path: find_document(tx, str(file.path)) for file in files}
    return [
        file
        for file in files
        if known[file.path] is None
        or known[file.path] != look_at(file.path, file.inputs)
    ]


def _publish_formulas(database: Database, newsroom: Newsroom) -> list[OutputError]:
    """Write the images of formulas that are not there; return what was refused."""
    folder = newsroom.site.output / IMAGES_FOLDER
    with database.transaction() as tx:
        names = {f"{d}.png": d for d in edition_images(tx, newsroom.name)}
        missing = [name for name in names if not (folder / name).is_file()]
        found = {name: find_image(tx, names[name]) for name in missing}
    if not found:
        return []
    try:
        make_folder(folder)
        write_together(folder, {n: data for n, data in found.items() if data})
    except OutputError as error:
        return [error]
    return []
