"""The guard against a flood: too many posts that are news, or have vanished, at once.

    every newsletter's news, every site's losses → too many? → everything is held, and
    its owner asked → accept: they are news, and gone · refuse: nobody is sent them

A generator that gives all posts other addresses, a folder that is mounted by half: the
mail of such a moment cannot be taken back. A backfill is no flood, nor is what is
passed over anyway, as most of a new site. What vanishes is counted over a while, and
not run by run: a daemon looks each second. A hold ends by itself when all is as before.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from pipeline.base.clock import from_micros, to_micros
from pipeline.base.text import fold_line
from pipeline.content.post import Post
from pipeline.runs.telling import Event, tell_owner
from pipeline.store.database import Transaction
from pipeline.store.holds import (
    Hold,
    Reason,
    Scope,
    end_hold,
    hold_of,
    put_hold,
)
from pipeline.store.newsletters import accept_news, listed_posts, pass_over
from pipeline.store.posts import KeptPost, gone_posts
from pipeline.store.sites import gone_upto, settle_gone

WINDOW = timedelta(minutes=10)
"""What vanishes within it counts as at once: a deployment takes as long."""

SHOWN = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Flood:
    """Too much at once: news by newsletter, and posts that are gone by site."""

    news: Mapping[str, Sequence[KeptPost]]
    gone: Mapping[str, Sequence[Post]]

    @property
    def new_posts(self) -> dict[str, Post]:
        """Every post that would be news, by id, the oldest first."""
        return {k.post.id: k.post for kept in self.news.values() for k in kept}

    @property
    def gone_posts(self) -> list[Post]:
        """Every post that is gone."""
        return [post for posts in self.gone.values() for post in posts]


def watch_flood(
    tx: Transaction,
    news: Mapping[str, Sequence[KeptPost]],
    sites: Iterable[str],
    limit: int,
    now: datetime,
) -> None:
    """Put, change or end the hold; `news` are those that are too many, by newsletter.

    `limit` is `mail.flood`; `sites` are those that could be read.
    """
    standing = hold_of(tx, Scope.EVERYTHING, "", Reason.FLOOD)
    gone = {site: gone_posts(tx, site, gone_upto(tx, site)) for site in sites}
    is_much = 0 < limit < sum(map(len, gone.values()))
    found = Flood(
        news={name: posts for name, posts in news.items() if posts},
        gone={site: posts for site, posts in gone.items() if posts and is_much},
    )
    if found.news or found.gone:
        if standing is None or _posts_of(standing.detail) != _posts_of(
            _detail(found, limit, now)
        ):
            _hold(tx, found, limit, now)
        return
    if standing:
        end_hold(tx, standing.id)
    for site, posts in gone.items():
        if posts:
            settle_gone(tx, site, now - WINDOW)


def _hold(tx: Transaction, flood: Flood, limit: int, now: datetime) -> None:
    number = put_hold(
        tx,
        Hold(
            scope=Scope.EVERYTHING,
            reason=Reason.FLOOD,
            since=now,
            detail=_detail(flood, limit, now),
        ),
    )
    new, gone = flood.new_posts, flood.gone_posts
    shown = [*new.values()] or gone
    values = {
        "new": len(new),
        "gone": len(gone),
        "limit": limit,
        "hold": number,
        "titles": [post.title for post in shown[:SHOWN]],
        "more": max(len(shown) - SHOWN, 0),
    }
    tell_owner(tx, Event(key=f"flood {number}", kind="flood", values=values), now)


def _posts_of(detail: Mapping[str, Any]) -> list[Any]:
    """Return what of a detail changes when other posts are too many."""
    return [detail[name] for name in ("what", "news", "gone")]


def _detail(flood: Flood, limit: int, now: datetime) -> dict[str, Any]:
    new, gone = flood.new_posts, flood.gone_posts
    counts = [
        f"{len(posts):,} posts {what}"
        for posts, what in ((new, "are news"), (gone, "have vanished"))
        if posts
    ]
    shown = [*new.values()] or gone
    titles = ", ".join(fold_line(post.title) for post in shown[:SHOWN])
    more = ", …" if len(shown) > SHOWN else ""
    detail: dict[str, Any] = {
        "what": f"{' and '.join(counts)} at once, more than mail.flood ({limit}): "
        f"{titles}{more}",
        "accept": "sends them" if new else "leaves them gone",
        "news": {n: [k.post.id for k in kept] for n, kept in flood.news.items()},
        "gone": [*flood.gone],
        "upto": to_micros(now),
    }
    if new:
        detail["refuse"] = "passes over them"
    return detail


def accept_flood(tx: Transaction, hold: Hold) -> None:
    """Let the posts be news, and those that are gone be gone."""
    for name, post_ids in hold.detail["news"].items():
        accept_news(tx, name, post_ids)
    _leave_gone(tx, hold)


def refuse_flood(tx: Transaction, hold: Hold) -> None:
    """Pass over the posts: no reader is sent them."""
    for name, post_ids in hold.detail["news"].items():
        listed = listed_posts(tx, name)
        for post_id in post_ids:
            if post_id not in listed:
                pass_over(tx, name, post_id)
    _leave_gone(tx, hold)


def _leave_gone(tx: Transaction, hold: Hold) -> None:
    for site in hold.detail["gone"]:
        settle_gone(tx, site, from_micros(hold.detail["upto"]))
