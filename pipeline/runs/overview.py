"""How things stand, in numbers: what `pressroom status` shows. Changes nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from pipeline.base.faults import Fault
from pipeline.config.settings import Configuration, NewsletterSettings, SiteSettings
from pipeline.outbox.spool import Spool
from pipeline.runs.holding import describe_holds
from pipeline.runs.newsroom import newsletter_faults
from pipeline.schedule.cadence import Kind, next_boundary, parse_schedule
from pipeline.store.database import Database, Transaction
from pipeline.store.issues import unfinished_issues
from pipeline.store.newsletters import find_newsletter, find_stream
from pipeline.store.posts import present_posts
from pipeline.store.sources import read_sources
from pipeline.store.subscribers import count_members
from pipeline.subscribers.choice import OWN_CADENCE


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteStanding:
    """A site as last read: posts known, public now, and what was wrong with files.

    `last_read` is when a file was read that had changed.
    """

    name: str
    posts: int
    public: int
    faults: tuple[Fault, ...]
    last_read: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class NewsletterStanding:
    """A newsletter: readers, posts that wait, issues so far, and when it is next due.

    `next_due` is None for an instant one, and for one whose settings are wrong;
    `trouble` then says what is.
    """

    name: str
    readers: int
    waiting: int
    issues: int
    next_due: datetime | None
    trouble: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """Everything: `unclaimed` batches lie in the outbox, `unfinished` issues go on.

    `holds` has a line for each that stands.
    """

    sites: tuple[SiteStanding, ...]
    newsletters: tuple[NewsletterStanding, ...]
    unclaimed: int
    unfinished: int
    holds: tuple[str, ...]


def survey(database: Database, configuration: Configuration, now: datetime) -> Standing:
    """Return how things stand at `now`."""
    unclaimed = len(Spool(configuration.outbox.folder).unclaimed())
    with database.transaction() as tx:
        readers = count_members(tx)
        return Standing(
            sites=tuple(_site(tx, site, now) for site in configuration.sites),
            newsletters=tuple(
                _newsletter(tx, configuration, newsletter, readers, now)
                for newsletter in configuration.newsletters
            ),
            unclaimed=unclaimed,
            unfinished=len(unfinished_issues(tx)),
            holds=tuple(describe_holds(tx)),
        )


def _site(tx: Transaction, site: SiteSettings, now: datetime) -> SiteStanding:
    posts = present_posts(tx, site.name)
    sources = read_sources(tx, site.name).values()
    last = max((source.scanned_ns for source in sources), default=0)
    return SiteStanding(
        name=site.name,
        posts=len(posts),
        public=sum(kept.post.is_live(now) for kept in posts),
        faults=tuple(fault for source in sources for fault in source.faults),
        last_read=datetime.fromtimestamp(last / 1e9, UTC) if last else None,
    )


def _newsletter(
    tx: Transaction,
    configuration: Configuration,
    settings: NewsletterSettings,
    readers: dict[str, int],
    now: datetime,
) -> NewsletterStanding:
    known = find_newsletter(tx, settings.name)
    stream = find_stream(tx, settings.name, OWN_CADENCE)
    numbered = known.last_number if known else 0
    wrong = newsletter_faults(configuration, settings)
    return NewsletterStanding(
        name=settings.name,
        readers=readers.get(settings.name, 0),
        waiting=numbered - (stream.last_number if stream else 0),
        issues=stream.issues if stream else 0,
        next_due=None if wrong else _next_due(configuration.sites, settings, now),
        trouble="; ".join(f"{key}: {what}" for key, what, _ in wrong),
    )


def _next_due(
    sites: Sequence[SiteSettings], settings: NewsletterSettings, now: datetime
) -> datetime | None:
    cadence = parse_schedule(settings.schedule)
    if cadence.kind is Kind.INSTANT:
        return None
    own = [site for site in sites if site.name in settings.sites] or list(sites)
    zone = ZoneInfo(settings.zone or own[0].zone)
    return next_boundary(cadence, zone, now).astimezone(zone)
