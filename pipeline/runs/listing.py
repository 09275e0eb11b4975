"""Which posts are news to a newsletter: each gets a number, or is passed over.

What was there before the newsletter is no news, but for the newest `backfill`. Nor is
what only another filter lets in, nor what is dated before the newsletter, or its own
site, began. A number that somebody still waits for is taken back when the post is no
longer to be had: one that comes back is looked at again, and goes to those who have
not had it.
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
    add_newsletter,
    find_newsletter,
    find_stream,
    has_begun,
    listed_posts,
    note_listing,
    number_post,
    numbered_posts,
    pass_over,
    unlist,
    unlist_all,
)
from pipeline.store.posts import KeptPost
from pipeline.store.subscriptions import lowest_coverage
from pipeline.subscribers.choice import OWN_CADENCE

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
    now: datetime,
) -> News:
    """Number the newsletter's new posts, oldest first.

    `begun` tells since when each site is read.
    """
    known = find_newsletter(tx, newsletter.name)
    selection = _selection(newsletter)
    if known is None:
        add_newsletter(tx, newsletter.name, now, selection)
    else:
        _take_back(tx, newsletter, posts)
    listed = listed_posts(tx, newsletter.name)
    candidates = sorted(
        (kept for post_id, kept in posts.items() if post_id not in listed),
        key=lambda kept: (kept.post.published, kept.post.id),
    )
    first = known is None or _begins_with_backfill(tx, newsletter)
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


def _take_back(tx: Transaction, newsletter: NewsletterSettings, posts: Posts) -> None:
    """Take back the numbers that somebody waits for and that stand for nothing now.

    A newsletter that still waits to begin with its backfill begins anew.
    """
    if _begins_with_backfill(tx, newsletter):
        unlist_all(tx, newsletter.name)
        return
    waiting = numbered_posts(tx, newsletter.name, _passed_by_all(tx, newsletter.name))
    for post_id in set(waiting.values()) - posts.keys():
        unlist(tx, newsletter.name, post_id)


def _passed_by_all(tx: Transaction, name: str) -> int:
    """Return the number up to which nobody waits for anything."""
    lowest = lowest_coverage(tx, name)
    if lowest is not None:
        return lowest
    stream = find_stream(tx, name, OWN_CADENCE)
    return stream.last_number if stream else 0


def _begins_with_backfill(tx: Transaction, newsletter: NewsletterSettings) -> bool:
    return bool(newsletter.backfill) and not has_begun(tx, newsletter.name)


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
