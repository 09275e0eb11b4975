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
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path

from pipeline.base.clock import from_ns, to_micros
from pipeline.base.errors import ContentError, InputError
from pipeline.base.faults import Fault, Severity
from pipeline.config.settings import SiteSettings
from pipeline.content.identity import Reconciled, reconcile
from pipeline.content.links import SiteIndex
from pipeline.content.post import Post
from pipeline.content.read import Reading, read_post
from pipeline.content.scan import Found, Scan, read_bytes, scan_folder
from pipeline.runs.report import Progress
from pipeline.runs.sites.assets import list_assets
from pipeline.runs.sites.dates import fallback_dates
from pipeline.runs.sites.memory import MOST_CHANGED, Memory, Standing
from pipeline.runs.sites.settling import rest_begins
from pipeline.store.database import Database, Transaction
from pipeline.store.posts import KeptPost, mark_absent, mark_live, put_post
from pipeline.store.sites import (
    begin_site,
    holds_posts_below,
    look_at,
    looked_at,
    rename_site,
    site_names,
)
from pipeline.store.sources import Source, forget_source, put_sources

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
    _live: dict[datetime, tuple[KeptPost, ...]] = field(default_factory=dict)

    def live(self, now: datetime) -> tuple[KeptPost, ...]:
        """Return the posts that are public at `now`; feeds and each newsletter ask."""
        if now not in self._live:
            self._live.clear()
            self._live[now] = tuple(k for k in self.posts if k.post.is_live(now))
        return self._live[now]

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
    database: Database,
    site: SiteSettings,
    now: datetime,
    progress: Progress,
    memory: Memory | None = None,
) -> Collected:
    """Bring the store up to date with the site's folder, and return its posts.

    `memory` is a daemon's. Raises InputError when the folder is missing, or empty
    where it had posts.
    """
    memory = memory or Memory()
    gathering = _gather(database, site, now, memory)
    scan, changed = gathering.scan, gathering.changed()
    readings = {
        found.path: _read(site, found)
        for found in progress.track("Reading posts", changed)
    }
    made: list[Source] = []
    standing = gathering.standing
    if changed or gathering.gone():
        made, standing = gathering.keep(database, readings)
    posts = tuple(standing.present.values())
    live = {k.post.id for k in posts if k.live_since is None and k.post.is_live(now)}
    with database.transaction() as tx:
        begun = begin_site(tx, site.name, now)
        look_at(tx, site.name, now)
        for post_id in live:
            mark_live(tx, post_id, now)
    memory.keep(site.name, standing.with_live(live, now))
    static, unseen = list_assets(site.assets)
    return Collected(
        site=site,
        posts=posts,
        begun=begun,
        index=_index(site, memory, posts, gathering.files(made), static),
        found=len(scan.posts),
        opened=len(changed),
        faults=(*scan.faults, *unseen, *gathering.told(made)),
    )


def _gather(
    database: Database, site: SiteSettings, now: datetime, memory: Memory
) -> _Gathering:
    """Look at the folder and at the store; refuse a folder that lost all its posts."""
    scan = scan_folder(
        site.folder, exclude=_excluded(site), max_bytes=site.max_post_bytes
    )
    standing = memory.take(database, site.name, now)
    with database.transaction() as tx:
        looked = looked_at(tx, site.name)
    gathering = _Gathering(
        site=site, now=now, scan=scan, standing=standing, looked=looked
    )
    if standing.present and not scan.posts:
        raise InputError(
            f"{site.folder} holds no post any more, where there were "
            f"{len(standing.present):,}: feeds and newsletters stay as they are. Is it "
            "mounted? If you took them all away, leave one there, a draft will do"
        )
    return gathering


@dataclass(frozen=True, slots=True, kw_only=True)
class _Gathering:
    """What the folder shows and what the store knows, before they meet."""

    site: SiteSettings
    now: datetime
    scan: Scan
    standing: Standing
    looked: datetime | None

    @property
    def sources(self) -> Mapping[str, Source]:
        """Every file as it was last read, by path."""
        return self.standing.sources

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

    def keep(
        self, database: Database, readings: dict[str, Reading]
    ) -> tuple[list[Source], Standing]:
        """Give the posts read their ids, and keep them and how their files look.

        Returns how those look, and how the site stands then.
        """
        new = [reading.post for reading in readings.values() if reading.post]
        faulty = {path for path, r in readings.items() if not r.post and r.faults}
        folder, rest = self.site.folder, self._rest(readings)
        reconciled = reconcile(
            tuple(self.standing.known.values()),
            new,
            unchanged=self._unchanged(readings),
            faulty=faulty | self._hidden(),
            show=lambda path: str(folder / path),
        )
        with database.transaction() as tx:
            held = {
                post.path: (self._held_elsewhere(post),)
                for post in reconciled.posts
                if post.path in readings and not put_post(tx, post, rest[post.path])
            }
            made = self._made(readings, reconciled, held)
            put_sources(tx, self.site.name, made)
            gone = sorted(self.gone())
            for path in gone:
                forget_source(tx, self.site.name, path)
            for post_id in reconciled.vanished:
                mark_absent(tx, post_id, self.now)
        if gone or held or reconciled.vanished or len(readings) > MOST_CHANGED:
            return made, Standing.read(database, self.site.name, self.now)
        posts = [post for post in reconciled.posts if post.path in readings]
        return made, self.standing.with_changes(database, made, posts)

    def _rest(self, readings: Mapping[str, Reading]) -> dict[str, datetime | None]:
        """Return since when the files read say what they say, by path."""
        return {
            found.path: rest_begins(self.looked, from_ns(found.stat.mtime_ns), self.now)
            for found in self.scan.posts
            if found.path in readings
        }

    def _unchanged(self, readings: dict[str, Reading]) -> list[Post]:
        there = {found.path for found in self.scan.posts} - readings.keys()
        present = self.standing.present
        return [kept.post for path, kept in present.items() if path in there]

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

    def files(self, made: Iterable[Source]) -> frozenset[str]:
        """Return the paths of all that can be linked to and is no post."""
        pages = {
            source.path
            for source in self._latest(made)
            if source.post is None and not source.faults
        }
        return self.scan.assets | pages

    def _latest(self, made: Iterable[Source]) -> list[Source]:
        """Return every file that is there as it was last read, by path."""
        latest = {**self.sources, **{source.path: source for source in made}}
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
    site: SiteSettings,
    memory: Memory,
    present: Iterable[KeptPost],
    files: frozenset[str],
    static: tuple[str, ...],
) -> SiteIndex:
    posts = tuple(kept.post for kept in present)

    def build() -> SiteIndex:
        return SiteIndex.build(site.url, posts, files, static)

    return memory.index(site.name, posts, files, static, build)


def place_faults(folder: Path, faults: Sequence[Fault]) -> tuple[Fault, ...]:
    """Return faults whose paths begin at the site's folder with whole paths."""
    return tuple(replace(fault, path=str(folder / fault.path)) for fault in faults)
