"""Queries about posts: the last good form of each, kept as JSON beside its text."""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from pydantic import TypeAdapter

from pipeline.base.clock import from_micros, to_micros
from pipeline.content.identity import LONG_GONE, Known, Remains, digest_of_text
from pipeline.content.post import Post
from pipeline.store.database import Row, Transaction
from pipeline.store.statements import statements

_SQL = statements("posts")
_POST = TypeAdapter(Post)


@dataclass(frozen=True, slots=True)
class KeptPost:
    """A post as the store keeps it, without its text, and since when it is public.

    `key` is the record as stored: it changes when anything the post says changes.
    `changed` is since when its file says what it says; None where it did when its site
    was first read.
    """

    post: Post
    key: str
    live_since: datetime | None
    changed: datetime | None = None


def known_posts(tx: Transaction, site: str, now: datetime) -> list[Known]:
    """Return every post that the site ever had, by path, as it was last seen.

    One that is long gone at `now` comes with its remains.
    """
    return [
        Known(
            id=row["id"],
            path=row["path"],
            url=row["url"],
            digest=row["digest"],
            text_digest=row["text_digest"],
            remains=_remains(row, to_micros(now - LONG_GONE)),
        )
        for row in tx.all(_SQL["known"], site=site)
    ]


def _remains(row: Row, gone_before: int) -> Remains | None:
    if row["absent_since"] is None or row["absent_since"] >= gone_before:
        return None
    post = _POST.validate_json(row["record"])
    return Remains(post.title, post.published)


def present_posts(tx: Transaction, site: str) -> list[KeptPost]:
    """Return every post of the site whose file is there, without text, by path."""
    return [_kept(row) for row in tx.all(_SQL["records"], site=site)]


def changed_posts(tx: Transaction, site: str, since: datetime) -> list[KeptPost]:
    """Return those of them that say something else since then."""
    rows = tx.all(_SQL["changed"], site=site, since=to_micros(since))
    return [_kept(row) for row in rows]


def _kept(row: Row) -> KeptPost:
    return KeptPost(
        _POST.validate_json(row["record"]),
        row["record"],
        _time(row["live_since"]),
        _time(row["changed"]),
    )


def find_kept(tx: Transaction, post_id: str) -> KeptPost | None:
    """Return a post without its text, whether its file is still there or not."""
    row = tx.one(_SQL["record"], id=post_id)
    return _kept(row) if row else None


def newsletter_posts(tx: Transaction, newsletter: str, limit: int) -> list[Post]:
    """Return posts a newsletter took or passed over, the newest first, without text.

    Those whose file is gone are not among them.
    """
    rows = tx.all(_SQL["of_newsletter"], newsletter=newsletter, limit=limit)
    return [_POST.validate_json(row["record"]) for row in rows]


def posts_present(tx: Transaction, ids: Iterable[str]) -> dict[str, Post]:
    """Return those of some posts whose file is there, by id, without text."""
    rows = tx.all(_SQL["present"], ids=json.dumps([*ids]))
    posts = (_POST.validate_json(row["record"]) for row in rows)
    return {post.id: post for post in posts}


def find_post(tx: Transaction, post_id: str) -> Post | None:
    """Return a post with its text, whether its file is still there or not."""
    row = tx.one(_SQL["find"], id=post_id)
    if row is None:
        return None
    text = zlib.decompress(row["text"]).decode()
    return replace(_POST.validate_json(row["record"]), text=text)


def gone_posts(tx: Transaction, site: str, since: datetime) -> list[Post]:
    """Return posts that were public once and whose files went after `since`, by path.

    They come without their text.
    """
    rows = tx.all(_SQL["gone"], site=site, since=to_micros(since))
    return [_POST.validate_json(row["record"]) for row in rows]


def put_post(tx: Transaction, post: Post, changed: datetime | None = None) -> bool:
    """Keep a post as its last good form; False when another site holds its id.

    `changed` is kept where it is new, or its file's bytes are.
    """
    record = _POST.dump_json(replace(post, text="")).decode()
    written = tx.run(
        _SQL["put"],
        id=post.id,
        site=post.site,
        path=post.path,
        url=post.url,
        digest=post.digest,
        text_digest=digest_of_text(post.text),
        record=record,
        text=zlib.compress(post.text.encode()),
        changed=None if changed is None else to_micros(changed),
    )
    return bool(written)


def mark_absent(tx: Transaction, post_id: str, time: datetime) -> None:
    """Note that the post's file is gone, and since when; its id stays its own."""
    tx.run(_SQL["mark_absent"], id=post_id, time=to_micros(time))


def mark_live(tx: Transaction, post_id: str, time: datetime) -> None:
    """Note when a post was first seen public; later calls change nothing."""
    tx.run(_SQL["mark_live"], id=post_id, time=to_micros(time))


def _time(micros: int | None) -> datetime | None:
    return None if micros is None else from_micros(micros)
