"""`pressroom status`: how things stand, at a glance; what waits for its owner first."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import click

from pipeline.base.clock import zone_name
from pipeline.cli.console import Voice, count, relative, span
from pipeline.cli.session import Session, pass_session
from pipeline.runs.owner.overview import (
    IssueStanding,
    NewsletterStanding,
    SiteStanding,
    Standing,
    survey,
)

_WEEK = timedelta(days=6)
"""Within which a weekday is enough to name a day."""


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print it as JSON.")
@pass_session
def status(session: Session, as_json: bool) -> None:
    """Tell how everything stands, and first what waits for you."""
    configuration = session.load()
    with session.store(configuration) as database:
        standing = survey(database, configuration, session.clock.now())
    if as_json:
        session.voice.data(asdict(standing))
        return
    _print(session.voice, standing, configuration.owner.alert_free_bytes)
    for site in standing.sites:
        for fault in site.faults:
            session.voice.fault(fault)


def _print(voice: Voice, standing: Standing, bound: int) -> None:
    zone = standing.now.tzinfo
    place = zone.key if isinstance(zone, ZoneInfo) else "UTC"
    voice.say(f"{_date(standing.now)}, {standing.now:%H:%M} ({place})")
    voice.say(_goes_on(standing), "" if standing.last_pass else "yellow")
    waiting = list(_waiting(standing, bound))
    if waiting:
        voice.say("\nWaiting for you", "bold")
    for line in waiting:
        voice.item(line, "  ! ", "red")
    now = standing.now
    voice.sheet(
        {
            "Sites": [(each.title, _site(each, now)) for each in standing.sites],
            "Newsletters": [
                (each.title, _newsletter(each, now)) for each in standing.newsletters
            ],
            "Under way": [(each.label, _issue(each)) for each in standing.issues],
            "Outbox": [(relative(standing.outbox.folder), _outbox(standing))],
            "Room": list(_rooms(standing.free_bytes)),
        }
    )


def _goes_on(standing: Standing) -> str:
    """Tell whether a daemon runs, and when the last pass was."""
    if standing.daemon is None:
        daemon = "No daemon runs"
    else:
        who = f" (process {standing.daemon})" if standing.daemon else ""
        daemon = f"The daemon runs{who}"
    last = standing.last_pass
    if last is None:
        return f"{daemon}, and there was no pass yet; `pressroom once` makes one."
    return (
        f"{daemon}; the last pass ended {span(standing.now - last.ended)} ago and took "
        f"{last.took.total_seconds():.1f} s."
    )


def _waiting(standing: Standing, bound: int) -> Iterator[str]:
    """Yield what its owner has to look at, a line each."""
    for line in standing.holds:
        yield f"On hold: {line}"
    for trouble in standing.troubles:
        lasts = span(standing.now - trouble.since)
        yield f"{_named(trouble.name)}, for {lasts}: {relative(trouble.what)}"
    left_out = sum(site.left_out for site in standing.sites)
    if left_out:
        yield f"{count(left_out, 'fault')} in posts, told at the end"
    for newsletter in standing.newsletters:
        if newsletter.trouble:
            yield f"{newsletter.name} cannot run: {newsletter.trouble}"
    if standing.outbox.failed:
        batches = count(standing.outbox.failed, "batch", "batches")
        folder = relative(standing.outbox.folder)
        yield f"{batches} in {folder}/failed, which a relay has given up"
    if standing.outbox.unreadable:
        yield standing.outbox.unreadable
    for place, octets in standing.free_bytes.items():
        if octets < bound:
            yield f"only {_size(octets)} are free where the {place} lies"


def _site(site: SiteStanding, now: datetime) -> str:
    if site.last_read is None:
        return "not read yet"
    return (
        f"{count(site.posts, 'post')}, {site.public:,} public, "
        f"read {span(now - site.last_read)} ago"
    )


def _newsletter(newsletter: NewsletterStanding, now: datetime) -> str:
    readers = count(newsletter.readers, "reader")
    if newsletter.trouble:
        return f"cannot run, {readers}"
    rest = _resting(newsletter, now)
    if newsletter.next_due is None:
        return f"as posts come: {', '.join([*rest, readers])}"
    due = newsletter.next_due
    posts = [count(newsletter.waiting, "post")] if newsletter.waiting else []
    told = ", ".join([*(posts + rest or ["no new post"]), readers])
    return f"{_moment(due, now)}, in {span(due - now)}: {told}"


def _resting(newsletter: NewsletterStanding, now: datetime) -> list[str]:
    """Return what posts rest, if any, and until when."""
    if newsletter.rests_until is None:
        return []
    until = newsletter.rests_until.astimezone(now.tzinfo)
    at = f"{until:%H:%M}" if until.date() == now.date() else _moment(until, now)
    return [f"{count(newsletter.resting, 'post rests', 'posts rest')} until {at}"]


def _moment(time: datetime, now: datetime) -> str:
    """Return `Monday 09:00`, or `1 December 09:00`; another zone is told."""
    day = f"{time:%A}" if time - now < _WEEK else f"{time.day} {time:%B}"
    zone = "" if time.utcoffset() == now.utcoffset() else f" ({zone_name(time)})"
    return f"{day} {time:%H:%M}{zone}"


def _date(time: datetime) -> str:
    return f"{time:%A} {time.day} {time:%B %Y}"


def _issue(issue: IssueStanding) -> str:
    if not issue.batches:
        return issue.state
    batches = count(issue.batches, "batch", "batches")
    return f"{issue.state}, {issue.handed:,} of {batches} put out"


def _outbox(standing: Standing) -> str:
    outbox = standing.outbox
    if outbox.unreadable:
        return "cannot be read"
    waits = "nothing waits for a relay"
    if outbox.oldest_waiting:
        batches = count(outbox.waiting, "batch waits", "batches wait")
        oldest = span(standing.now - outbox.oldest_waiting)
        since = (
            f", the oldest for {oldest}" if outbox.waiting > 1 else f", for {oldest}"
        )
        waits = f"{batches} for a relay{since}"
    works = count(outbox.claimed, "batch", "batches")
    return f"{waits}, {works} being sent" if outbox.claimed else waits


def _named(trouble: str) -> str:
    """Return what is in trouble, as its owner calls it."""
    kind, _, name = trouble.partition(":")
    called = {"job": f"the daemon's {name}", "work": "passes", "pass": "passes"}
    return called.get(kind, f"{kind} {name}".rstrip())


def _rooms(free_bytes: Mapping[str, int]) -> Iterator[tuple[str, str]]:
    """Yield what is free, once for all that lies on one disk."""
    amounts = dict.fromkeys(free_bytes.values())
    for octets in amounts:
        places = [place for place, free in free_bytes.items() if free == octets]
        name = ", ".join(places) if len(amounts) > 1 else "disk"
        yield name, f"{_size(octets)} free"


def _size(octets: int) -> str:
    if octets < 1_000_000_000:
        return f"{octets / 1_000_000:,.0f} MB"
    return f"{octets / 1_000_000_000:,.1f} GB"
