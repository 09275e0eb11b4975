"""From a post in the store to its rendition, made once and kept.

A kept rendition holds as long as the post says the same and every name it looked up
in the site still means the same. A post that can no longer be parsed keeps its last
good rendition.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass

from pipeline.base.errors import ContentError
from pipeline.base.faults import Fault
from pipeline.content.markup.parse import parse_body
from pipeline.rendition.post import Rendition, render_post
from pipeline.runs.collect import Collected, place_faults
from pipeline.runs.report import Progress
from pipeline.store.database import Database
from pipeline.store.posts import KeptPost, find_post
from pipeline.store.renditions import (
    KeptRendition,
    find_rendition,
    put_rendition,
    rendition_keys,
)

RENDITION_VERSION = "1"
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
    progress: Progress,
) -> Rendered:
    """Make the missing renditions of the posts that some feed or issue shows."""
    with database.transaction() as tx:
        kept = rendition_keys(tx, collected.site.name)
    wanted = {post.post.id: post for post in shown}
    stale = [post for post in wanted.values() if not _holds(collected, post, kept)]
    made, failed = _make_all(database, collected, progress.track(LABEL, stale))
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


def _key(post: KeptPost) -> str:
    return hashlib.sha256(f"{RENDITION_VERSION}{post.key}".encode()).hexdigest()


def _holds(
    collected: Collected, post: KeptPost, kept: dict[str, KeptRendition]
) -> bool:
    rendition = kept.get(post.post.id)
    if rendition is None or rendition.key != _key(post):
        return False
    near, resolve = post.post.path, collected.index.resolve
    return all(resolve(name, near=near) == url for name, url in rendition.references)


def _make_all(
    database: Database, collected: Collected, stale: Iterable[KeptPost]
) -> tuple[dict[str, KeptRendition], list[Fault]]:
    """Render posts and keep them; return what was kept by id, and what was wrong."""
    kept: dict[str, KeptRendition] = {}
    failed: list[Fault] = []
    waiting: list[_Made] = []
    for post in stale:
        try:
            made = _make(database, collected, post)
        except ContentError as error:
            failed += error.faults
            continue
        kept[made.post_id] = made.kept
        waiting.append(made)
        if len(waiting) == POSTS_A_COMMIT:
            _keep(database, waiting)
            waiting = []
    _keep(database, waiting)
    return kept, failed


@dataclass(frozen=True, slots=True)
class _Made:
    post_id: str
    kept: KeptRendition
    rendition: Rendition


def _make(database: Database, collected: Collected, post: KeptPost) -> _Made:
    """Render one post; raise ContentError when it cannot be parsed."""
    with database.transaction() as tx:
        whole = find_post(tx, post.post.id) or post.post
    body = parse_body(whole, collected.index)
    kept = KeptRendition(key=_key(post), references=body.references, faults=body.faults)
    return _Made(post.post.id, kept, render_post(whole, body))


def _keep(database: Database, made: Iterable[_Made]) -> None:
    with database.transaction() as tx:
        for one in made:
            put_rendition(tx, one.post_id, one.kept, one.rendition)


def inputs_digest(*parts: object) -> str:
    """Return one digest of all that decides a file's bytes."""
    return hashlib.sha256(json.dumps(parts, default=str).encode()).hexdigest()
