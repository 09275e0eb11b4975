"""From a site's folder to its posts in the store.

    scan → changed files → read → reconcile with the known → keep

A file is opened only when its stat key changed, when it was touched after the last
scan began or just before, when the site's settings changed, or when it was faulty last
time.
"""

from __future__ import annotations

import glob
import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from pipeline.base.clock import to_micros
from pipeline.base.errors import ContentError, InputError
from pipeline.base.faults import Fault, Severity
from pipeline.config.settings import SiteSettings
from pipeline.content.identity import Known, Reconciled, reconcile
from pipeline.content.links import SiteIndex
from pipeline.content.post import Post
from pipeline.content.read import Reading, read_post
from pipeline.content.scan import Found, Scan, read_bytes, scan_folder
from pipeline.runs.dates import fallback_dates
from pipeline.runs.report import Progress
from pipeline.store.database import Database, Transaction
from pipeline.store.posts import (
    KeptPost,
    known_posts,
    mark_absent,
    mark_live,
    present_posts,
    put_post,
)
from pipeline.store.sites import (
    begin_site,
    holds_posts_below,
    rename_site,
    site_names,
)
from pipeline.store.sources import Source, forget_source, put_sources, read_sources

READING_VERSION = "2"
"""Raised when reading changes what it makes of the same file."""

TICK_NS = 2_000_000_000
"""How far a file's time may be behind the clock: 2 s with FAT, 10 ms with Linux."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Collected:
    """A site as this run found it: its posts, its index, and what was wrong.

    `found` counts the files of posts, `opened` those that were read in this run;
    `begun` is when the site was read for the first time.
    """

    site: SiteSettings
    posts: tuple[KeptPost, ...]
    begun: datetime
    index: SiteIndex
    found: int
    opened: int
    faults: tuple[Fault, ...]

    def live(self, now: datetime) -> tuple[KeptPost, ...]:
        """Return the posts that are public at `now`."""
        return tuple(kept for kept in self.posts if kept.post.is_live(now))

    def next_turn(self, now: datetime) -> list[datetime]:
        """Return when a post next becomes public or expires; empty if none does."""
        turns = (
            time
            for kept in self.posts
            for time in (kept.post.published, kept.post.expires)
            if time and time > now and not kept.post.draft
        )
        return sorted(turns)[:1]


def collect(
    database: Database, site: SiteSettings, now: datetime, progress: Progress
) -> Collected:
    """Bring the store up to date with the site's folder, and return its posts.

    Raises InputError when the folder is missing, or empty where it had posts.
    """
    gathering = _gather(database, site, now)
    scan, changed = gathering.scan, gathering.changed()
    readings = {
        found.path: _read(site, found)
        for found in progress.track("Reading posts", changed)
    }
    made: list[Source] = []
    if changed or gathering.gone():
        made = gathering.keep(database, readings)
    with database.transaction() as tx:
        begun = begin_site(tx, site.name, now)
        posts = tuple(present_posts(tx, site.name))
        for kept in posts:
            if kept.live_since is None and kept.post.is_live(now):
                mark_live(tx, kept.post.id, now)
    return Collected(
        site=site,
        posts=posts,
        begun=begun,
        index=_index(site, (kept.post for kept in posts), gathering.files(made)),
        found=len(scan.posts),
        opened=len(changed),
        faults=(*scan.faults, *gathering.told(made)),
    )


def _gather(database: Database, site: SiteSettings, now: datetime) -> _Gathering:
    """Look at the folder and at the store; refuse a folder that lost all its posts."""
    scan = scan_folder(
        site.folder, exclude=_excluded(site), max_bytes=site.max_post_bytes
    )
    with database.transaction() as tx:
        gathering = _Gathering(
            site=site,
            now=now,
            scan=scan,
            sources=read_sources(tx, site.name),
            known=tuple(known_posts(tx, site.name, now)),
            kept=tuple(present_posts(tx, site.name)),
        )
    if gathering.kept and not scan.posts:
        raise InputError(
            f"{site.folder} holds no post any more, where there were "
            f"{len(gathering.kept):,}: feeds and newsletters stay as they are. Is it "
            "mounted? If you took them all away, leave one there, a draft will do"
        )
    return gathering


@dataclass(frozen=True, slots=True, kw_only=True)
class _Gathering:
    """What the folder shows and what the store knows, before they meet."""

    site: SiteSettings
    now: datetime
    scan: Scan
    sources: dict[str, Source]
    known: tuple[Known, ...]
    kept: tuple[KeptPost, ...]

    def changed(self) -> list[Found]:
        """Return the files that must be opened."""
        reading = _reading_key(self.site)
        return [
            found
            for found in self.scan.posts
            if _changed(found, self.sources.get(found.path), reading)
        ]

    def gone(self) -> set[str]:
        """Return the paths that were read once and are no longer in the folder."""
        return set(self.sources) - {f.path for f in self.scan.posts} - self._hidden()

    def _hidden(self) -> set[str]:
        """Return known paths that cannot be looked at now, which are not gone."""
        prefix = f"{self.site.folder}/"
        faulty = [fault.path.removeprefix(prefix) for fault in self.scan.faults]
        return {
            path
            for path in self.sources
            if any(path == one or path.startswith(f"{one}/") for one in faulty)
        }

    def keep(self, database: Database, readings: dict[str, Reading]) -> list[Source]:
        """Give the posts read their ids, and keep them and how their files look."""
        new = [reading.post for reading in readings.values() if reading.post]
        old = self._unchanged(readings)
        faulty = {path for path, r in readings.items() if not r.post and r.faults}
        folder = self.site.folder
        reconciled = reconcile(
            self.known,
            [*old, *new],
            faulty=faulty | self._hidden(),
            show=lambda path: str(folder / path),
        )
        with database.transaction() as tx:
            held = {
                post.path: (self._held_elsewhere(post),)
                for post in reconciled.posts
                if post.path in readings and not put_post(tx, post)
            }
            made = self._made(readings, reconciled, held)
            put_sources(tx, self.site.name, made)
            for path in sorted(self.gone()):
                forget_source(tx, self.site.name, path)
            for post_id in reconciled.vanished:
                mark_absent(tx, post_id, self.now)
        return made

    def _unchanged(self, readings: dict[str, Reading]) -> list[Post]:
        there = {found.path for found in self.scan.posts} - readings.keys()
        return [kept.post for kept in self.kept if kept.post.path in there]

    def _held_elsewhere(self, post: Post) -> Fault:
        return Fault(
            path=str(self.site.folder / post.path),
            what=f"a post of another site has the id {post.id}",
            remedy="give one of them an `id` of its own",
        )

    def _made(
        self,
        readings: dict[str, Reading],
        reconciled: Reconciled,
        held: Mapping[str, tuple[Fault, ...]],
    ) -> list[Source]:
        """Return how the files read look, each with its post and its faults."""
        ids = {p.path: p.id for p in reconciled.posts if p.path not in held}
        reading = _reading_key(self.site)
        doubles: dict[str, list[Fault]] = {}
        for fault in reconciled.faults:
            doubles.setdefault(fault.path, []).append(fault)
        return [
            Source(
                path=found.path,
                stat=found.stat,
                scanned_ns=to_micros(self.now) * 1_000,
                reading=reading,
                post=ids.get(found.path),
                faults=(
                    *readings[found.path].faults,
                    *doubles.get(str(self.site.folder / found.path), ()),
                    *held.get(found.path, ()),
                ),
            )
            for found in self.scan.posts
            if found.path in readings
        ]

    def told(self, made: Iterable[Source]) -> list[Fault]:
        """Return the faults of every file that is there, read now or before."""
        return [fault for source in self._latest(made) for fault in source.faults]

    def files(self, made: Iterable[Source]) -> set[str]:
        """Return the paths of all that can be linked to and is no post."""
        pages = {
            source.path
            for source in self._latest(made)
            if source.post is None and not source.faults
        }
        return pages | self.scan.assets

    def _latest(self, made: Iterable[Source]) -> list[Source]:
        """Return every file that is there as it was last read, by path."""
        latest = self.sources | {source.path: source for source in made}
        return [latest[f.path] for f in self.scan.posts if f.path in latest]


def _excluded(site: SiteSettings) -> tuple[str, ...]:
    """Return the patterns to pass over: the owner's, and our own output."""
    if not site.output.is_relative_to(site.folder):
        return site.exclude
    return (*site.exclude, output_pattern(site))


def output_pattern(site: SiteSettings) -> str:
    """Return the pattern that passes over the output, below the folder of posts."""
    return "/" + glob.escape(site.output.relative_to(site.folder).as_posix())


def rename_sites(tx: Transaction, sites: Sequence[SiteSettings]) -> None:
    """Follow a site to its new name, so that its posts are not new ones.

    A name that was never read takes over from the one that left config.yaml, if that
    one's posts were at the site's address.
    """
    known = site_names(tx)
    names = {site.name for site in sites}
    for site in sites:
        left = [
            name
            for name in known
            if name not in names and holds_posts_below(tx, name, site.url)
        ]
        if site.name not in known and len(left) == 1:
            rename_site(tx, left[0], site.name)
            known.remove(left[0])


def _reading_key(site: SiteSettings) -> str:
    """Return what, beside the file, decides how a post is read, as a digest."""
    settings = site.model_dump_json(exclude={"folder", "output", "exclude", "assets"})
    return hashlib.sha256(f"{READING_VERSION}{settings}".encode()).hexdigest()


def _changed(found: Found, source: Source | None, reading: str) -> bool:
    if source is None or source.stat != found.stat or source.reading != reading:
        return True
    if any(fault.severity is Severity.FAULT for fault in source.faults):
        return True
    # Saved again within a tick of the last scan, all of the stat key may be equal.
    return found.stat.mtime_ns >= source.scanned_ns - TICK_NS


def _read(site: SiteSettings, found: Found) -> Reading:
    shown = str(site.folder / found.path)
    try:
        data = read_bytes(site.folder, found.path)
    except ContentError as error:
        return Reading(None, place_faults(site.folder, error.faults))
    dates = fallback_dates(site.folder, site.undated)
    return read_post(found, data, site, fallback_date=dates, display_path=shown)


def _index(
    site: SiteSettings, posts: Iterable[Post], files: Iterable[str]
) -> SiteIndex:
    static = [
        path.relative_to(folder).as_posix()
        for folder in site.assets
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    ]
    return SiteIndex.build(site.url, posts, files, static)


def place_faults(folder: Path, faults: Sequence[Fault]) -> tuple[Fault, ...]:
    """Return faults whose paths begin at the site's folder with whole paths."""
    return tuple(replace(fault, path=str(folder / fault.path)) for fault in faults)
