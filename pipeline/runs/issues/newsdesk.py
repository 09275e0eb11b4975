"""From public posts to numbered news, newsletter by newsletter, before any is opened.

    public posts → those that would be news → rested? → on the site? → numbers
         → all newsletters' together: too many at once?

What is not ready yet is told with the time at which it may be, and `report.due` has it:
a daemon comes back then.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from zoneinfo import ZoneInfo

from pipeline.base.clock import zone_name
from pipeline.config.values import parse_duration
from pipeline.digest.selection import selects
from pipeline.runs.issues.flood import Sight, watch_flood
from pipeline.runs.issues.listing import Guard, News, find_news, list_news
from pipeline.runs.issues.liveness import Waiting, ask_for_pages
from pipeline.runs.issues.mailroom import Mailroom
from pipeline.runs.issues.newsroom import Newsroom
from pipeline.runs.sites.settling import resting_posts
from pipeline.store.holds import Reason, stops, stops_but_for
from pipeline.store.posts import KeptPost
from pipeline.store.restores import is_asked_to_pass, pass_news
from pipeline.store.subscriptions import retire_cadences

SHOWN = 3
"""Posts that a sentence names."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """A newsletter and its news; `live` are the public posts it takes, by id.

    Without `live` a site could not be read, and its posts would seem to be gone.
    """

    newsroom: Newsroom
    live: Mapping[str, KeptPost] | None = None
    news: News = field(default_factory=News)
    is_held: bool = False


def look_for_news(room: Mailroom, newsroom: Newsroom) -> Listing:
    """Number a newsletter's news, but for what is not ready or too much at once.

    Where all that is public counts as sent, all of it is numbered, and passed.
    """
    with room.database.transaction() as tx:
        if stops_but_for(tx, Reason.FLOOD, newsroom.name):
            return Listing(newsroom=newsroom, is_held=True)
        passes = is_asked_to_pass(tx, newsroom.name)
    public = _public_posts(room, newsroom)
    if public is None:
        return Listing(newsroom=newsroom)
    wanted = newsroom.settings.filter
    live = {post: kept for post, kept in public.items() if selects(wanted, kept.post)}
    begun = {site.name: room.collected[site.name].begun for site in newsroom.sites}
    guard = Guard(elsewhere=public.keys() - live.keys())
    if not passes:
        unready = _unready(room, newsroom, live, begun)
        guard = replace(guard, unready=unready, flood=room.configuration.mail.flood)
    now = room.clock.now()
    with room.database.transaction() as tx:
        retired = retire_cadences(tx, newsroom.name, newsroom.schedules)
        news = list_news(tx, newsroom.settings, live, begun, now, guard)
        if passes:
            pass_news(tx, newsroom.name, now)
    _tell(room, newsroom, news, retired)
    return Listing(newsroom=newsroom, live=live, news=news)


def guard_against_flood(room: Mailroom, listings: Sequence[Listing]) -> bool:
    """Hold everything where too much is new or gone at once; True where mail waits."""
    configuration, read = room.configuration, room.collected.keys()
    looked_at = [each for each in listings if each.live is not None]
    news = {each.newsroom.name: each.news.flood for each in looked_at}
    sight = Sight(
        news=news,
        sites=read,
        unseen_newsletters={n.name for n in configuration.newsletters} - news.keys(),
        unseen_sites={site.name for site in configuration.sites} - read,
    )
    limit = configuration.mail.flood
    with room.database.transaction() as tx:
        return watch_flood(tx, sight, limit, room.clock.now()) or stops(tx)


def _public_posts(room: Mailroom, newsroom: Newsroom) -> dict[str, KeptPost] | None:
    """Return the public posts of the newsletter's sites, by id.

    None when a site could not be read: its posts would seem to be gone.
    """
    now, posts = room.clock.now(), dict[str, KeptPost]()
    for site in newsroom.sites:
        collected = room.collected.get(site.name)
        if collected is None:
            room.report.notes.append(
                f"{newsroom.name}: no issue is opened, since the site "
                f"'{site.name}' could not be read"
            )
            return None
        posts |= {kept.post.id: kept for kept in collected.live(now)}
    return posts


def _unready(
    room: Mailroom,
    newsroom: Newsroom,
    live: Mapping[str, KeptPost],
    begun: Mapping[str, datetime],
) -> frozenset[str]:
    """Return which posts may not enter an issue yet, and tell them."""
    mail, now = room.configuration.mail, room.clock.now()
    resting = resting_posts(live.values(), parse_duration(mail.settle), now)
    if not resting and not mail.require_live:
        return frozenset()
    with room.database.transaction() as tx:
        wanted = find_news(tx, newsroom.settings, live, begun)
    resting = resting_posts(wanted, parse_duration(mail.settle), now)
    waiting = list[Waiting]()
    if mail.require_live:
        rested = [kept.post for kept in wanted if kept.post.id not in resting]
        waiting = ask_for_pages(
            room.database, room.configuration, rested, room.clock, room.progress
        )
    room.report.due += [*resting.values(), *(one.page.next for one in waiting)]
    paths = {kept.post.id: kept.post.path for kept in wanted}
    if resting:
        _tell_resting(room, newsroom, {paths[post]: resting[post] for post in resting})
    for one in waiting[:SHOWN]:
        why = f" ({one.page.answer})" if one.page.answer else ""
        room.report.notes.append(
            f"{newsroom.name}: {one.post.path} waits until its page is on the site: "
            f"{one.page.url}{why}"
        )
    if len(waiting) > SHOWN:
        room.report.notes.append(
            f"{newsroom.name}: {len(waiting) - SHOWN:,} more posts wait for their pages"
        )
    return frozenset(resting.keys() | {one.post.id for one in waiting})


def _tell_resting(
    room: Mailroom, newsroom: Newsroom, resting: Mapping[str, datetime]
) -> None:
    zone = ZoneInfo(room.configuration.sites[0].zone)
    local = {path: time.astimezone(zone) for path, time in resting.items()}
    shown = [f"{p} until {t:%H:%M:%S} {zone_name(t)}" for p, t in local.items()]
    more = f" and {len(shown) - SHOWN:,} more" if len(shown) > SHOWN else ""
    room.report.notes.append(
        f"{newsroom.name}: a post rests before it enters an issue (mail.settle): "
        f"{', '.join(shown[:SHOWN])}{more}"
    )


def _tell(room: Mailroom, newsroom: Newsroom, news: News, retired: int) -> None:
    notes, name = room.report.notes, newsroom.name
    if news.passed:
        posts = "1 post is" if news.passed == 1 else f"{news.passed:,} posts are"
        notes.append(f"{name}: {posts} too old to be news, or new to its filter only")
    if not news.is_whole:
        notes.append(f"{name}: its first issue waits until all its posts are ready")
    if retired:
        notes.append(
            f"{name}: {retired:,} readers are back on its own schedule, since the "
            "cadence they had chosen is not offered any more"
        )
