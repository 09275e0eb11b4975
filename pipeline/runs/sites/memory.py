"""What a daemon remembers of its sites from one pass to the next, to read less.

Nothing is decided by it: a pass without memory reads the same from the store. It holds
as long as nobody else writes there, which Works (runs/once.py) looks after.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from pipeline.content.identity import Known, digest_of_text
from pipeline.content.links import SiteIndex
from pipeline.content.post import Post
from pipeline.store.database import Database
from pipeline.store.posts import KeptPost, find_kept, known_posts, present_posts
from pipeline.store.sources import Source, read_sources

MOST_CHANGED = 200
"""Of more posts that have changed all are read again: one query instead of many."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """A site as the store has it: its files, every post it ever had, those present.

    `present` are in the order of their paths.
    """

    sources: Mapping[str, Source]
    known: Mapping[str, Known]
    present: Mapping[str, KeptPost]

    @classmethod
    def read(cls, database: Database, site: str, now: datetime) -> Standing:
        """Return what the store says at `now`."""
        with database.transaction() as tx:
            return cls(
                sources=read_sources(tx, site),
                known={one.id: one for one in known_posts(tx, site, now)},
                present={kept.post.path: kept for kept in present_posts(tx, site)},
            )

    def with_changes(
        self, database: Database, made: Iterable[Source], posts: Sequence[Post]
    ) -> Standing:
        """Return it after `posts` were kept, of files that are all still there."""
        with database.transaction() as tx:
            kept = {post.path: find_kept(tx, post.id) for post in posts}
        present = {**self.present, **{p: one for p, one in kept.items() if one}}
        if len(present) > len(self.present):
            present = dict(sorted(present.items()))
        return Standing(
            sources={**self.sources, **{source.path: source for source in made}},
            known={**self.known, **{post.id: _known(post) for post in posts}},
            present=present,
        )

    def with_live(self, ids: set[str], now: datetime) -> Standing:
        """Return it after posts were marked as public since `now`."""
        if not ids:
            return self
        present = {
            path: replace(kept, live_since=now) if kept.post.id in ids else kept
            for path, kept in self.present.items()
        }
        return replace(self, present=present)


def _known(post: Post) -> Known:
    return Known(
        id=post.id,
        path=post.path,
        url=post.url,
        digest=post.digest,
        text_digest=digest_of_text(post.text),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Indexed:
    posts: tuple[Post, ...]
    files: frozenset[str]
    static: tuple[str, ...]
    index: SiteIndex


@dataclass(slots=True)
class Memory:
    """What is remembered of each site, by its name; empty at first."""

    _day: date | None = None
    _standings: dict[str, Standing] = field(default_factory=dict)
    _indexes: dict[str, _Indexed] = field(default_factory=dict)

    def take(self, database: Database, site: str, now: datetime) -> Standing:
        """Return how a site stood, and remember it no more until it is kept again.

        What is long gone is another thing each day (Known.remains).
        """
        if self._day != now.date():
            self._day = now.date()
            self._standings.clear()
        found = self._standings.pop(site, None)
        return found or Standing.read(database, site, now)

    def keep(self, site: str, standing: Standing) -> None:
        """Remember how a site stands."""
        self._standings[site] = standing

    def index(
        self,
        site: str,
        posts: tuple[Post, ...],
        files: frozenset[str],
        static: tuple[str, ...],
        build: Callable[[], SiteIndex],
    ) -> SiteIndex:
        """Return the site's index: the last one where all names are what they were."""
        last = self._indexes.get(site)
        same = (
            last is not None
            and (last.files, last.static) == (files, static)
            and _have_same_names(last.posts, posts)
        )
        index = last.index if last and same else build()
        self._indexes[site] = _Indexed(
            posts=posts, files=files, static=static, index=index
        )
        return index


def _have_same_names(before: Sequence[Post], now: Sequence[Post]) -> bool:
    return len(before) == len(now) and all(
        one is other or _names(one) == _names(other)
        for one, other in zip(before, now, strict=True)
    )


def _names(post: Post) -> tuple[str, ...]:
    """Return all that an index looks at."""
    return post.path, post.url, post.slug, post.title, post.language
