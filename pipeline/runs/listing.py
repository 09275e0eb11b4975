"""Which posts are news to a newsletter: each gets a number, or is passed over.

What was there before the newsletter is no news, but for the newest `backfill`; nor is
what only another filter lets in, nor what is dated before the newsletter began.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from pipeline.config.settings import NewsletterSettings
from pipeline.digest.selection import selects
from pipeline.store.database import Transaction
from pipeline.store.newsletters import (
    KeptNewsletter,
    add_newsletter,
    find_newsletter,
    listed_posts,
    number_post,
    pass_over,
    select_anew,
)
from pipeline.store.posts import KeptPost


def list_news(
    tx: Transaction,
    newsletter: NewsletterSettings,
    live: Iterable[KeptPost],
    zone: ZoneInfo,
    now: datetime,
) -> int:
    """Number the newsletter's new posts, oldest first; return how many are new.

    `live` are the public posts of its sites; `zone` tells which day it is.
    """
    known = find_newsletter(tx, newsletter.name)
    selection = _selection(newsletter)
    if known is None:
        add_newsletter(tx, newsletter.name, now, selection)
    elif known.selection != selection:
        select_anew(tx, newsletter.name, selection)
    listed = listed_posts(tx, newsletter.name)
    candidates = sorted(
        (k for k in live if k.post.id not in listed and _takes(newsletter, k)),
        key=lambda kept: (kept.post.published, kept.post.id),
    )
    is_news = _judge(newsletter, known, selection, candidates, zone)
    new = 0
    for kept in candidates:
        if is_news(kept):
            number_post(tx, newsletter.name, kept.post.id)
            new += 1
        else:
            pass_over(tx, newsletter.name, kept.post.id)
    return new


def _takes(newsletter: NewsletterSettings, kept: KeptPost) -> bool:
    return selects(newsletter.filter, kept.post)


def _selection(newsletter: NewsletterSettings) -> str:
    """Return what decides which posts it takes, as a digest."""
    rules = f"{newsletter.filter.model_dump_json()}{newsletter.sites!r}"
    return hashlib.sha256(rules.encode()).hexdigest()


def _judge(
    newsletter: NewsletterSettings,
    known: KeptNewsletter | None,
    selection: str,
    candidates: Sequence[KeptPost],
    zone: ZoneInfo,
) -> Callable[[KeptPost], bool]:
    """Return what tells news from the rest, by how the newsletter stands."""
    if known is None:
        first = len(candidates) - newsletter.backfill
        newest = {kept.post.id for kept in candidates[max(0, first) :]}
        return lambda kept: kept.post.id in newest
    if known.selection != selection:
        return lambda kept: kept.live_since is None
    # A date without a time is midnight: the whole first day counts as since then.
    first_day = known.started.astimezone(zone).date()
    return lambda kept: kept.post.published.astimezone(zone).date() >= first_day
