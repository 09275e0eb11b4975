"""Which posts are news to a newsletter: each gets a number, or is passed over.

What was there before the newsletter is no news, but for the newest `backfill`. Nor is
what only another filter lets in, nor what is dated before the newsletter, or its own
site, began. A number that nobody got a post under is taken back when the post is no
longer to be had: whoever comes back is looked at again.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from pipeline.config.settings import NewsletterSettings
from pipeline.store.database import Transaction
from pipeline.store.newsletters import (
    KeptNewsletter,
    Stream,
    add_newsletter,
    find_newsletter,
    listed_posts,
    note_listing,
    number_post,
    numbered_posts,
    pass_over,
    unlist,
    unlist_all,
)
from pipeline.store.posts import KeptPost

Posts = Mapping[str, KeptPost]
"""The public posts a newsletter takes, by id."""


@dataclass(frozen=True, slots=True)
class News:
    """What a listing found: counts of posts numbered anew and of those passed over."""

    numbered: int
    passed: int


def list_news(
    tx: Transaction,
    newsletter: NewsletterSettings,
    posts: Posts,
    begun: Mapping[str, datetime],
    stream: Stream | None,
    now: datetime,
) -> News:
    """Number the newsletter's new posts, oldest first.

    `begun` tells since when each site is read; `stream` how far the issues came.
    """
    known = find_newsletter(tx, newsletter.name)
    selection = _selection(newsletter)
    if known is None:
        add_newsletter(tx, newsletter.name, now, selection)
    else:
        _take_back(tx, newsletter, posts, stream)
    listed = listed_posts(tx, newsletter.name)
    candidates = sorted(
        (kept for post_id, kept in posts.items() if post_id not in listed),
        key=lambda kept: (kept.post.published, kept.post.id),
    )
    first = known is None or _begins_with_backfill(newsletter, stream)
    if known is None or first:
        is_news = _newest(newsletter.backfill, candidates)
    else:
        is_news = _since(known, selection, begun)
    passed = 0
    for kept in candidates:
        if is_news(kept):
            number_post(tx, newsletter.name, kept.post.id)
        else:
            pass_over(tx, newsletter.name, kept.post.id)
            passed += 1
    note_listing(tx, newsletter.name, selection, now)
    return News(len(candidates) - passed, 0 if first else passed)


def _take_back(
    tx: Transaction,
    newsletter: NewsletterSettings,
    posts: Posts,
    stream: Stream | None,
) -> None:
    """Take back the numbers that no issue has reached and that stand for nothing now.

    A newsletter that still waits to begin with its backfill begins anew.
    """
    if _begins_with_backfill(newsletter, stream):
        unlist_all(tx, newsletter.name)
        return
    last = stream.last_number if stream else 0
    waiting = numbered_posts(tx, newsletter.name, last)
    for post_id in set(waiting.values()) - posts.keys():
        unlist(tx, newsletter.name, post_id)


def _begins_with_backfill(
    newsletter: NewsletterSettings, stream: Stream | None
) -> bool:
    return bool(newsletter.backfill) and (stream is None or stream.issues == 0)


def _selection(newsletter: NewsletterSettings) -> str:
    """Return what decides which posts it takes, as a digest."""
    rules = f"{newsletter.filter.model_dump_json()}{newsletter.sites!r}"
    return hashlib.sha256(rules.encode()).hexdigest()


def _newest(
    backfill: int, candidates: Sequence[KeptPost]
) -> Callable[[KeptPost], bool]:
    newest = candidates[max(0, len(candidates) - backfill) :]
    ids = {kept.post.id for kept in newest}
    return lambda kept: kept.post.id in ids


def _since(
    known: KeptNewsletter, selection: str, begun: Mapping[str, datetime]
) -> Callable[[KeptPost], bool]:
    """Return what tells posts since the newsletter began, and new to its selection.

    A date without a time is midnight where it was written: the whole first day there
    counts as since then.
    """

    def is_news(kept: KeptPost) -> bool:
        post = kept.post
        since = max(known.started, begun.get(post.site, known.started))
        if post.published.date() < since.astimezone(post.published.tzinfo).date():
            return False
        if known.selection == selection or kept.live_since is None:
            return True
        return kept.live_since > known.listed

    return is_news
