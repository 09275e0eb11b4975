"""From a post in the store to its rendition, made once and kept.

A kept rendition holds as long as the post says the same, looks by the same rules, and
every name, picture and font it looked up still gives the same. A post that can no
longer be parsed keeps its last good rendition.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from pipeline.base.errors import ContentError
from pipeline.base.faults import Fault
from pipeline.content.markup.parse import parse_body
from pipeline.rendition.post import Rendition, render_post
from pipeline.runs.report import Progress
from pipeline.runs.sites.collect import Collected, place_faults
from pipeline.runs.sites.composing import Compositor
from pipeline.runs.sites.pictures import SitePictures
from pipeline.store.database import Database
from pipeline.store.images import (
    KeptImage,
    drop_unused_images,
    put_rendition_images,
)
from pipeline.store.posts import KeptPost, find_post
from pipeline.store.renditions import (
    KeptRendition,
    find_rendition,
    put_rendition,
    rendition_keys,
)

RENDITION_VERSION = "5"
"""Raised when rendering changes what it makes of the same post."""

LABEL = "Rendering posts"

POSTS_A_COMMIT = 50
"""Renditions kept together: a crash loses as many, and a commit costs up to 12 ms."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rendered:
    """The shown posts of a site: the key of each rendition, by post id.

    A post that never could be rendered is not among them. `made` counts the posts
    rendered anew.
    """

    keys: dict[str, str]
    faults: tuple[Fault, ...]
    made: int


def render_posts(
    database: Database,
    collected: Collected,
    shown: Iterable[KeptPost],
    compositor: Compositor,
    progress: Progress,
) -> Rendered:
    """Make the missing renditions of the posts that some feed or issue shows.

    Raises ConfigError where the font of the settings is none.
    """
    with database.transaction() as tx:
        kept = rendition_keys(tx, collected.site.name)
    wanted = {post.post.id: post for post in shown}
    renderer = _Renderer(database, collected, compositor)
    stale = [p for p in wanted.values() if not renderer.holds(p, kept.get(p.post.id))]
    made, failed = renderer.make_all(progress.track(LABEL, stale))
    kept |= made
    keys = {post_id: kept[post_id] for post_id in wanted if post_id in kept}
    told = [fault for rendition in keys.values() for fault in rendition.faults]
    return Rendered(
        keys={post_id: rendition.identity() for post_id, rendition in keys.items()},
        faults=place_faults(collected.site.folder, [*failed, *told]),
        made=len(stale),
    )


def load_rendition(database: Database, post_id: str) -> Rendition | None:
    """Return the kept rendition of a post, or None where it has none."""
    with database.transaction() as tx:
        return find_rendition(tx, post_id)


@dataclass(frozen=True, slots=True)
class _Made:
    post_id: str
    kept: KeptRendition
    rendition: Rendition
    images: tuple[KeptImage, ...]


class _Renderer:
    """Renders the posts of one site and keeps what it made."""

    def __init__(
        self, database: Database, collected: Collected, compositor: Compositor
    ) -> None:
        self._database = database
        self._collected = collected
        self._compositor = compositor
        self._pictures = SitePictures(collected.site, collected.index)

    def holds(self, post: KeptPost, kept: KeptRendition | None) -> bool:
        """Tell whether a kept rendition is what would be made now."""
        if kept is None or kept.key != self._key(post):
            return False
        return all(
            self._resolve(name, post.post.path) == found
            for name, found in kept.references
        )

    def make_all(
        self, stale: Iterable[KeptPost]
    ) -> tuple[dict[str, KeptRendition], list[Fault]]:
        """Render posts and keep them; return those by id, and what was wrong."""
        kept: dict[str, KeptRendition] = {}
        failed: list[Fault] = []
        waiting: list[_Made] = []
        for post in stale:
            try:
                made = self._make(post)
            except ContentError as error:
                failed += error.faults
                continue
            kept[made.post_id] = made.kept
            waiting.append(made)
            if len(waiting) == POSTS_A_COMMIT:
                self._keep(waiting)
                waiting = []
        self._keep(waiting)
        return kept, failed

    def _key(self, post: KeptPost) -> str:
        style = f"{self._collected.site.line_breaks}{self._compositor.style}"
        whole = f"{RENDITION_VERSION}{style}{post.key}"
        return hashlib.sha256(whole.encode()).hexdigest()

    def _resolve(self, name: str, near: str) -> str:
        found = self._compositor.resolve(name, self._pictures)
        return (
            self._collected.index.resolve(name, near=near) if found is None else found
        )

    def _make(self, post: KeptPost) -> _Made:
        """Render one post; raise ContentError when it cannot be parsed."""
        with self._database.transaction() as tx:
            whole = find_post(tx, post.post.id) or post.post
        site, index = self._collected.site, self._collected.index
        body = parse_body(whole, index, hard_breaks=site.line_breaks == "hard")
        composed = self._compositor.compose(whole, body, site, self._pictures)
        kept = KeptRendition(
            key=self._key(post),
            references=(*body.references, *composed.references),
            faults=(*body.faults, *composed.faults),
        )
        rendition = render_post(whole, body, composed.typesets, composed.sizes)
        return _Made(post.post.id, kept, rendition, composed.images)

    def _keep(self, made: Sequence[_Made]) -> None:
        if not made:
            return
        with self._database.transaction() as tx:
            for one in made:
                put_rendition(tx, one.post_id, one.kept, one.rendition)
                put_rendition_images(tx, one.post_id, one.images)
            drop_unused_images(tx)


def inputs_digest(*parts: object) -> str:
    """Return one digest of all that decides a file's bytes."""
    return hashlib.sha256(json.dumps(parts, default=str).encode()).hexdigest()
