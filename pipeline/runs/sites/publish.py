"""From the posts of a site to its feeds on disk.

    collected posts → the feeds they make → renditions, images → bytes → public/

A feed is rendered only when something that decides its bytes has changed or its file
is not as we left it, and written only when its bytes differ.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import product
from pathlib import Path

from pipeline.base.errors import OutputError
from pipeline.base.faults import Fault
from pipeline.base.files import make_folder, write_whole
from pipeline.config.settings import FeedSettings
from pipeline.feeds.document import FORMATS, Entry, render_feed
from pipeline.feeds.select import FeedSpec, select_feeds
from pipeline.runs.report import Progress
from pipeline.runs.sites.collect import Collected
from pipeline.runs.sites.composing import Compositor
from pipeline.runs.sites.images import publish_images
from pipeline.runs.sites.render import (
    Rendered,
    inputs_digest,
    load_rendition,
    render_posts,
)
from pipeline.store.database import Database
from pipeline.store.documents import Document, find_document, put_document
from pipeline.store.posts import KeptPost

FEED_VERSION = "2"
"""Raised when the same entries give other bytes than before."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Published:
    """The feeds of one site: paths written and kept, and what was wrong.

    `errors` has one for each file that could not be written.
    """

    written: tuple[Path, ...] = ()
    kept: tuple[Path, ...] = ()
    rendered: int = 0
    faults: tuple[Fault, ...] = ()
    errors: tuple[OutputError, ...] = ()


def publish(
    database: Database,
    collected: Collected,
    feeds: FeedSettings,
    compositor: Compositor,
    now: datetime,
    progress: Progress,
) -> Published:
    """Bring the site's feeds up to date, as far as the disk takes them.

    Images come before the feeds that show them, which wait where the disk takes none.
    Raises ConfigError where the font of the settings is none.
    """
    live = {kept.post.id: kept for kept in collected.live(now)}
    posts = [kept.post for kept in live.values()]
    specs = select_feeds(collected.site, feeds, posts)
    shown = {post_id for spec in specs for post_id in spec.post_ids}
    rendered = render_posts(
        database,
        collected,
        [live[post_id] for post_id in sorted(shown)],
        compositor,
        progress,
    )
    published = Published(rendered=rendered.made, faults=rendered.faults)
    try:
        publish_images(database, collected.site, sorted(shown))
    except OutputError as error:
        return replace(published, errors=(error,))
    press = _FeedPress(database, collected, feeds, live, rendered)
    targets = list(product(specs, feeds.formats))
    written, kept, errors = press.write_all(progress.track("Writing feeds", targets))
    press.remember()
    return replace(published, written=written, kept=kept, errors=errors)


@dataclass(slots=True)
class _FeedPress:
    """Writes one feed after another; entries are loaded only for those that changed.

    `looks` are the files written, as they look; `loaded` the entries of the last feed,
    for its other formats.
    """

    database: Database
    collected: Collected
    feeds: FeedSettings
    live: dict[str, KeptPost]
    rendered: Rendered
    looks: dict[Path, Document] = field(default_factory=dict)
    loaded: tuple[FeedSpec | None, list[Entry]] = (None, [])

    def write_all(
        self, targets: Iterable[tuple[FeedSpec, str]]
    ) -> tuple[tuple[Path, ...], tuple[Path, ...], tuple[OutputError, ...]]:
        """Return the paths written, those kept, and what the disk refused."""
        written: list[Path] = []
        kept: list[Path] = []
        errors: list[OutputError] = []
        for spec, name in targets:
            try:
                path, changed = self.write(spec, name)
            except OutputError as error:
                errors.append(error)
            else:
                (written if changed else kept).append(path)
        return tuple(written), tuple(kept), tuple(errors)

    def write(self, spec: FeedSpec, name: str) -> tuple[Path, bool]:
        """Bring one file up to date, by its format's name; tell if its bytes changed.

        Raises OutputError when the disk refuses.
        """
        folder = self.collected.site.output / spec.folder
        path = folder / FORMATS[name].filename
        inputs = self._inputs(name, spec)
        if self._is_current(path, inputs):
            return path, False
        data = render_feed(
            name, spec, self._entries(spec), self.collected.site, self.feeds
        )
        make_folder(folder)
        changed = write_whole(path, data)
        if look := look_at(path, inputs):
            self.looks[path] = look
        return path, changed

    def remember(self) -> None:
        """Keep how the files look. A crash before it has them made once more, equal."""
        with self.database.transaction() as tx:
            for path, look in self.looks.items():
                put_document(tx, str(path), look)

    def _inputs(self, name: str, spec: FeedSpec) -> str:
        """Return a digest of all that decides the feed's bytes."""
        entries = [
            (post_id, self.live[post_id].key, self.rendered.keys.get(post_id, ""))
            for post_id in spec.post_ids
        ]
        site = self.collected.site.model_dump_json(exclude={"folder", "output"})
        feeds = self.feeds.model_dump_json()
        return inputs_digest(FEED_VERSION, name, repr(spec), site, feeds, entries)

    def _entries(self, spec: FeedSpec) -> list[Entry]:
        if self.loaded[0] != spec:
            renditions = (
                (post_id, load_rendition(self.database, post_id))
                for post_id in spec.post_ids
            )
            entries = [
                Entry(self.live[post_id].post, rendition)
                for post_id, rendition in renditions
                if rendition is not None
            ]
            self.loaded = (spec, entries)
        return self.loaded[1]

    def _is_current(self, path: Path, inputs: str) -> bool:
        with self.database.transaction() as tx:
            document = find_document(tx, str(path))
        return document is not None and document == look_at(path, inputs)


def look_at(path: Path, inputs: str) -> Document | None:
    """Return the file at `path` as made from `inputs`, None where it is not there."""
    try:
        stat = path.stat()
    except OSError:
        return None
    return Document(inputs, stat.st_size, stat.st_mtime_ns)
