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
    failed: list[Fault] = []
    for post in progress.track("Rendering posts", stale):
        made = _make(database, collected, post)
        if isinstance(made, ContentError):
            failed += made.faults
        else:
            kept[post.post.id] = made
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


def _make(
    database: Database, collected: Collected, post: KeptPost
) -> KeptRendition | ContentError:
    """Render one post and keep it; return its faults when it cannot be parsed."""
    with database.transaction() as tx:
        whole = find_post(tx, post.post.id) or post.post
    try:
        body = parse_body(whole, collected.index)
    except ContentError as error:
        return error
    kept = KeptRendition(key=_key(post), references=body.references, faults=body.faults)
    rendition = render_post(whole, body)
    with database.transaction() as tx:
        put_rendition(tx, post.post.id, kept, rendition)
    return kept


def inputs_digest(*parts: object) -> str:
    """Return one digest of all that decides a file's bytes."""
    return hashlib.sha256(json.dumps(parts, default=str).encode()).hexdigest()
