"""Which posts are news to a newsletter: each gets a number, or is passed over.

What was there before the newsletter is no news, but for the newest `backfill`. Nor is
what only another filter lets in, nor what is dated before the newsletter, or its own
site, began. A number that somebody still waits for is taken back when the post is no
longer to be had: one that comes back is looked at again, and goes to those who have
not had it. What is not ready yet (runs/issues/newsdesk.py) has no number either, but
where an issue that is under way has it; and of too much at once nothing gets one.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from pipeline.config.settings import NewsletterSettings
from pipeline.store.database import Transaction
from pipeline.store.issues import highest_unfrozen
from pipeline.store.newsletters import (
    KeptNewsletter,
    accept_news,
    accepted_posts,
    add_newsletter,
    drop_accepted,
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


@dataclass(frozen=True, slots=True, kw_only=True)
class News:
    """What a listing found: counts of posts numbered anew and of those passed over.

    `flood` are posts that would be news and are too many at once, oldest first.
    `is_whole` is False while a first issue waits for posts of its backfill.
    """

    numbered: int = 0
    passed: int = 0
    flood: tuple[KeptPost, ...] = ()
    is_whole: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Guard:
    """What gets no number now: posts by id, and more than `flood` (0: any) at once.

    `elsewhere` are public posts that the newsletter's filter leaves out.
    """

    unready: Collection[str] = ()
    flood: int = 0
    elsewhere: Collection[str] = ()


def find_news(
    tx: Transaction,
    newsletter: NewsletterSettings,
    posts: Posts,
    begun: Mapping[str, datetime],
) -> list[KeptPost]:
    """Return the posts that would be news, and those that somebody waits for."""
    known = find_newsletter(tx, newsletter.name)
    waiting = numbered_posts(tx, newsletter.name, _passed_by_all(tx, newsletter.name))
    there = [posts[post_id] for post_id in waiting.values() if post_id in posts]
    return there + _split(tx, newsletter, posts, known, begun).news


def list_news(
    tx: Transaction,
    newsletter: NewsletterSettings,
    posts: Posts,
    begun: Mapping[str, datetime],
    now: datetime,
    guard: Guard,
) -> News:
    """Number the newsletter's new posts, oldest first.

    `begun` tells since when each site is read.
    """
    name, known = newsletter.name, find_newsletter(tx, newsletter.name)
    if known is None:
        add_newsletter(tx, name, now, _selection(newsletter))
    else:
        _take_back(tx, newsletter, posts, guard)
    first = known is None or _begins_with_backfill(tx, newsletter)
    found = _split(tx, newsletter, posts, known, begun)
    accepted = accepted_posts(tx, name)
    new = [kept for kept in found.news if kept.post.id not in accepted]
    is_flood = not first and 0 < guard.flood < len(new)
    numbered = [
        kept.post.id
        for kept in found.news
        if kept.post.id not in guard.unready
        and (kept.post.id in accepted or not is_flood)
    ]
    for post_id in numbered:
        number_post(tx, name, post_id)
    drop_accepted(tx, name, accepted.intersection(numbered))
    for kept in found.old:
        pass_over(tx, name, kept.post.id)
    waiting = [kept for kept in found.news if kept.post.id not in numbered]
    note_listing(tx, name, _selection(newsletter), _dealt_with(waiting, now))
    return News(
        numbered=len(numbered),
        passed=0 if first else len(found.old),
        flood=tuple(new) if is_flood else (),
        is_whole=not first or len(numbered) == len(found.news),
    )


def _dealt_with(waiting: Iterable[KeptPost], now: datetime) -> datetime:
    """Return up to when whatever became public is numbered or passed over.

    News that waits, resting or held, is none to another filter only: it stays news.
    """
    since = (kept.live_since or now for kept in waiting)
    earliest = min(since, default=None)
    return now if earliest is None else min(earliest, now) - timedelta.resolution


@dataclass(frozen=True, slots=True)
class _Split:
    """Posts that have no number: those that are news, and those that are not."""

    news: list[KeptPost]
    old: list[KeptPost]


def _split(
    tx: Transaction,
    newsletter: NewsletterSettings,
    posts: Posts,
    known: KeptNewsletter | None,
    begun: Mapping[str, datetime],
) -> _Split:
    """Return the posts that have no number, the oldest first."""
    first = known is None or _begins_with_backfill(tx, newsletter)
    listed = set[str]() if first else listed_posts(tx, newsletter.name)
    candidates = sorted(
        (kept for post_id, kept in posts.items() if post_id not in listed),
        key=lambda kept: (kept.post.published, kept.post.id),
    )
    if known is None or first:
        is_news = _newest(newsletter.backfill, candidates)
    else:
        is_news = _since(known, _selection(newsletter), begun)
    accepted = accepted_posts(tx, newsletter.name)
    split = _Split([], [])
    for kept in candidates:
        news = kept.post.id in accepted or is_news(kept)
        (split.news if news else split.old).append(kept)
    return split


def _take_back(
    tx: Transaction,
    newsletter: NewsletterSettings,
    posts: Posts,
    guard: Guard,
) -> None:
    """Take back the numbers that somebody waits for and that stand for nothing now.

    A post that is not ready any more, as one that was edited, gets another when it is;
    so does one that is away, when it is back, however old it is. What an issue under
    way has may be edited meanwhile. What only the filter leaves out is looked at anew.
    A newsletter that still waits to begin with its backfill begins anew.
    """
    name = newsletter.name
    if _begins_with_backfill(tx, newsletter):
        unlist_all(tx, name)
        return
    waiting = numbered_posts(tx, name, _passed_by_all(tx, name))
    under_way = highest_unfrozen(tx, name)
    for number, post_id in waiting.items():
        is_edited = post_id in guard.unready and number > under_way
        if post_id in posts and not is_edited:
            continue
        unlist(tx, name, post_id)
        if number <= under_way or post_id not in guard.elsewhere:
            accept_news(tx, name, [post_id])


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
