"""How things stand, for their owner: what `pressroom status` shows. Changes nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from pipeline.base.faults import Fault, Severity
from pipeline.base.lock import find_holder
from pipeline.config.settings import Configuration, NewsletterSettings, SiteSettings
from pipeline.config.values import parse_duration
from pipeline.digest.issue import IssueState
from pipeline.digest.selection import selects
from pipeline.outbox.batch import Place
from pipeline.runs.issues.holding import describe_holds
from pipeline.runs.issues.listing import find_news
from pipeline.runs.issues.misfits import newsletter_faults
from pipeline.runs.owner.measures import Measures, take_measures
from pipeline.runs.sites.settling import resting_posts
from pipeline.schedule.cadence import Kind, next_boundary, parse_schedule
from pipeline.store.database import Database, Transaction
from pipeline.store.issues import count_issues
from pipeline.store.newsletters import find_newsletter, find_stream
from pipeline.store.posts import KeptPost, changed_posts
from pipeline.store.sites import begun_at
from pipeline.store.sources import read_sources
from pipeline.store.standing import LastPass, Trouble
from pipeline.subscribers.choice import OWN_CADENCE

RECENT = timedelta(days=30)
"""After which an issue that its owner has stopped is not told any more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteStanding:
    """A site as last read: posts known, public now, and what was wrong with files.

    `last_read` is None where no pass has read it yet.
    """

    name: str
    title: str
    posts: int
    public: int
    faults: tuple[Fault, ...]
    last_read: datetime | None

    @property
    def left_out(self) -> int:
        """How many faults leave a post out."""
        return sum(fault.severity is Severity.FAULT for fault in self.faults)


@dataclass(frozen=True, slots=True, kw_only=True)
class NewsletterStanding:
    """A newsletter: readers, posts that wait, issues so far, and when it is next due.

    Beside those that wait, `resting` posts were changed of late; the last of them has
    rested at `rests_until`.
    `next_due` is in its own zone, and None for an instant one, and for one whose
    settings are wrong; `trouble` then says what is.
    """

    name: str
    title: str
    readers: int
    waiting: int
    issues: int
    next_due: datetime | None
    resting: int = 0
    rests_until: datetime | None = None
    trouble: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class IssueStanding:
    """An issue under way: its state, and how many of its batches are handed over."""

    label: str
    state: str
    batches: int
    handed: int


@dataclass(frozen=True, slots=True, kw_only=True)
class OutboxStanding:
    """The outbox: batches that wait for a relay, since when, and those it works at."""

    folder: str
    waiting: int
    oldest_waiting: datetime | None
    claimed: int
    failed: int
    unreadable: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """Everything. `daemon` is the process of `pressroom run`, None where none runs.

    `holds` has a line for each that stands.
    """

    now: datetime
    daemon: int | None
    last_pass: LastPass | None
    troubles: tuple[Trouble, ...]
    holds: tuple[str, ...]
    sites: tuple[SiteStanding, ...]
    newsletters: tuple[NewsletterStanding, ...]
    issues: tuple[IssueStanding, ...]
    outbox: OutboxStanding
    free_bytes: Mapping[str, int]


def survey(database: Database, configuration: Configuration, now: datetime) -> Standing:
    """Return how things stand at `now`."""
    measures = take_measures(database, configuration)
    zone = ZoneInfo(configuration.sites[0].zone)
    with database.reading() as tx:
        return Standing(
            now=now.astimezone(zone),
            daemon=find_holder(configuration.store.path.with_name("daemon.lock")),
            last_pass=measures.last_pass,
            troubles=measures.troubles,
            holds=tuple(describe_holds(tx, zone)),
            sites=tuple(_site(tx, site, measures) for site in configuration.sites),
            newsletters=tuple(
                _newsletter(tx, configuration, each, measures, now)
                for each in configuration.newsletters
            ),
            issues=tuple(_issues(tx, now)),
            outbox=_outbox(configuration, measures),
            free_bytes=measures.free_bytes,
        )


def _site(tx: Transaction, site: SiteSettings, measures: Measures) -> SiteStanding:
    scan = measures.scans.get(site.name)
    sources = read_sources(tx, site.name).values()
    return SiteStanding(
        name=site.name,
        title=site.title,
        posts=scan.posts if scan else 0,
        public=scan.public if scan else 0,
        faults=tuple(fault for source in sources for fault in source.faults),
        last_read=scan.time if scan else None,
    )


def _newsletter(
    tx: Transaction,
    configuration: Configuration,
    settings: NewsletterSettings,
    measures: Measures,
    now: datetime,
) -> NewsletterStanding:
    known = find_newsletter(tx, settings.name)
    stream = find_stream(tx, settings.name, OWN_CADENCE)
    numbered = known.last_number if known else 0
    wrong = newsletter_faults(configuration, settings)
    rests = _resting(tx, configuration, settings, now)
    return NewsletterStanding(
        name=settings.name,
        title=settings.title,
        readers=measures.counts.readers.get(settings.name, 0),
        waiting=numbered - (stream.last_number if stream else 0),
        issues=stream.issues if stream else 0,
        next_due=None if wrong else _next_due(configuration.sites, settings, now),
        resting=len(rests),
        rests_until=max(rests.values(), default=None),
        trouble="; ".join(f"{key}: {what}" for key, what, _ in wrong),
    )


def _own_sites(
    sites: Sequence[SiteSettings], settings: NewsletterSettings
) -> Sequence[SiteSettings]:
    return [site for site in sites if site.name in settings.sites] or sites


def _resting(
    tx: Transaction,
    configuration: Configuration,
    settings: NewsletterSettings,
    now: datetime,
) -> Mapping[str, datetime]:
    """Return the posts that are news once they have rested, each with when it has."""
    settle = parse_duration(configuration.mail.settle)
    begun, changed = dict[str, datetime](), dict[str, KeptPost]()
    for site in _own_sites(configuration.sites, settings):
        begun[site.name] = begun_at(tx, site.name) or now
        changed |= {
            kept.post.id: kept
            for kept in changed_posts(tx, site.name, now - settle)
            if kept.post.is_live(now) and selects(settings.filter, kept.post)
        }
    news = find_news(tx, settings, changed, begun) if changed else ()
    return resting_posts(news, settle, now)


def _next_due(
    sites: Sequence[SiteSettings], settings: NewsletterSettings, now: datetime
) -> datetime | None:
    cadence = parse_schedule(settings.schedule)
    if cadence.kind is Kind.INSTANT:
        return None
    own = _own_sites(sites, settings)
    zone = ZoneInfo(settings.zone or own[0].zone)
    return next_boundary(cadence, zone, now).astimezone(zone)


def _issues(tx: Transaction, now: datetime) -> list[IssueStanding]:
    """Return the issues under way; of those that were stopped, the newer ones."""
    return [
        IssueStanding(
            label=each.issue.label,
            state=each.issue.state,
            batches=each.batches,
            handed=each.handed,
        )
        for each in count_issues(tx)
        if each.issue.state is not IssueState.DONE
        and (each.issue.state is not IssueState.STOPPED or now - each.opened < RECENT)
    ]


def _outbox(configuration: Configuration, measures: Measures) -> OutboxStanding:
    outbox = measures.outbox
    return OutboxStanding(
        folder=str(configuration.outbox.folder),
        waiting=outbox.batches.get(Place.NEW, 0),
        oldest_waiting=outbox.oldest_waiting,
        claimed=outbox.batches.get(Place.CUR, 0),
        failed=outbox.batches.get(Place.FAILED, 0),
        unreadable=outbox.unreadable,
    )
