"""The guard against a flood: too many posts that are news, or have vanished, at once.

    every newsletter's news, every site's losses → too many? → everything is held, and
    its owner asked → accept: they are news, and gone · refuse: nobody is sent them

A generator that gives all posts other addresses, a folder that is mounted by half: the
mail of such a moment cannot be taken back. A backfill is no flood, nor is what is
passed over anyway, as most of a new site. What vanishes is counted over a while, and
not run by run: a daemon looks each second. A hold ends by itself when all is as before.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
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
from pipeline.store.ledger import note_passed
from pipeline.store.newsletters import (
    accept_news,
    accepted_posts,
    listed_posts,
    pass_over,
)
from pipeline.store.posts import KeptPost, find_kept, gone_posts
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Sight:
    """What a pass has seen: by each newsletter that was looked at the posts that are
    too many for it, and the sites that could be read; and what of the settings it has
    not seen."""

    news: Mapping[str, Sequence[KeptPost]]
    sites: Collection[str]
    unseen_newsletters: Collection[str] = ()
    unseen_sites: Collection[str] = ()


def watch_flood(tx: Transaction, sight: Sight, limit: int, now: datetime) -> bool:
    """Put, change or end the hold; `limit` is `mail.flood`.

    What was not seen is as it was. True where the owner has decided since the posts
    were looked at: mail waits for the next pass then, which numbers them.
    """
    standing = hold_of(tx, Scope.EVERYTHING, "", Reason.FLOOD)
    news = {name: _undecided(tx, name, posts) for name, posts in sight.news.items()}
    found = Flood(
        news={name: posts for name, posts in news.items() if len(posts) > limit}
        | _still_news(tx, sight, standing, limit),
        gone=_too_much_gone(tx, sight, standing, limit),
    )
    if found.news or found.gone:
        _hold(tx, standing, found, limit, now)
    else:
        if standing:
            end_hold(tx, standing.id)
        for site in sight.sites:
            if gone_posts(tx, site, gone_upto(tx, site)):
                settle_gone(tx, site, now - WINDOW)
    return any(len(news[name]) < len(posts) for name, posts in sight.news.items())


def _undecided(
    tx: Transaction, name: str, posts: Sequence[KeptPost]
) -> Sequence[KeptPost]:
    """Return the posts that were neither accepted nor refused meanwhile."""
    if not posts:
        return posts
    decided = accepted_posts(tx, name) | listed_posts(tx, name)
    return [kept for kept in posts if kept.post.id not in decided]


def _still_news(
    tx: Transaction, sight: Sight, standing: Hold | None, limit: int
) -> dict[str, Sequence[KeptPost]]:
    """Return what the hold keeps back of newsletters that were not looked at."""
    held = standing.detail["news"] if standing and limit else {}
    kept = {
        name: [post for post_id in held[name] if (post := find_kept(tx, post_id))]
        for name in sight.unseen_newsletters
        if name in held
    }
    return {name: posts for name, posts in kept.items() if posts}


def _too_much_gone(
    tx: Transaction, sight: Sight, standing: Hold | None, limit: int
) -> dict[str, Sequence[Post]]:
    held = standing.detail["gone"] if standing else ()
    unseen = [site for site in sight.unseen_sites if site in held]
    gone = {s: gone_posts(tx, s, gone_upto(tx, s)) for s in (*sight.sites, *unseen)}
    is_much = 0 < limit < sum(map(len, gone.values()))
    return {site: posts for site, posts in gone.items() if posts and is_much}


def _hold(
    tx: Transaction, standing: Hold | None, flood: Flood, limit: int, now: datetime
) -> None:
    """Put the hold, or change it; tell the owner of more posts than they know of.

    Not more often than once in a `WINDOW`: posts may come one by one.
    """
    before = standing.detail if standing else {}
    counts = {"new": len(flood.new_posts), "gone": len(flood.gone_posts)}
    told = before.get("told")
    tells = told is None or (
        any(counts[kind] > told[kind] for kind in counts)
        and not now - WINDOW < from_micros(told["at"]) <= now
    )
    if tells:
        told = {**counts, "at": to_micros(now)}
    detail = {**_detail(flood, limit, now), "told": told}
    if {**before, "upto": 0} == {**detail, "upto": 0}:
        return
    number = put_hold(
        tx,
        Hold(scope=Scope.EVERYTHING, reason=Reason.FLOOD, since=now, detail=detail),
    )
    if tells:
        _tell(tx, number, flood, limit, now)


def _tell(
    tx: Transaction, number: int, flood: Flood, limit: int, now: datetime
) -> None:
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
    key = f"flood {number} {len(new)} {len(gone)}"
    tell_owner(tx, Event(key=key, kind="flood", values=values, asks=number), now)


def _detail(flood: Flood, limit: int, now: datetime) -> dict[str, Any]:
    new, gone = flood.new_posts, flood.gone_posts
    shown = [*new.values()] or gone
    titles = ", ".join(fold_line(post.title) for post in shown[:SHOWN])
    more = ", …" if len(shown) > SHOWN else ""
    counts = _told_counts(flood, "are news", "have vanished")
    detail: dict[str, Any] = {
        "what": f"{counts} at once, more than mail.flood ({limit}): {titles}{more}",
        "accept": "sends them" if new else "leaves them gone",
        "accepted": _told_counts(flood, "are news", "are gone"),
        "news": {n: [k.post.id for k in kept] for n, kept in flood.news.items()},
        "gone": [*flood.gone],
        "upto": to_micros(now),
    }
    if new:
        detail["refuse"] = "passes over them"
        detail["refused"] = _told_counts(flood, "are passed over", "are gone")
    return detail


def _told_counts(flood: Flood, new: str, gone: str) -> str:
    """Return how many posts are `new`, and how many are `gone`, in words."""
    counts = ((len(flood.new_posts), new), (len(flood.gone_posts), gone))
    return " and ".join(f"{n:,} posts {what}" for n, what in counts if n)


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
                note_passed(tx, name, post_id)
    _leave_gone(tx, hold)


def _leave_gone(tx: Transaction, hold: Hold) -> None:
    for site in hold.detail["gone"]:
        settle_gone(tx, site, from_micros(hold.detail["upto"]))
