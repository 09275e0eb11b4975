"""From new posts to messages in the outbox, newsletter by newsletter.

    live posts → numbered news → an issue, if due → frozen → batches in the outbox

One newsletter that cannot go on is told and stops nothing but itself.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from zoneinfo import ZoneInfo

from pipeline.base.errors import ConfigError, OutputError, UsageError
from pipeline.digest.issue import Issue, IssueState
from pipeline.digest.page import DigestEntry
from pipeline.digest.translation import other_translations
from pipeline.runs.issues.correcting import (
    CORRECTION,
    corrected_posts,
    freeze_correction,
)
from pipeline.runs.issues.deliver import deliver
from pipeline.runs.issues.editions import bring_up_to_date, with_edition
from pipeline.runs.issues.freezing import Copy, freeze_issue
from pipeline.runs.issues.holding import describe_holds, end_timed_holds
from pipeline.runs.issues.listing import Posts
from pipeline.runs.issues.mailimages import gather_images
from pipeline.runs.issues.mailroom import Mailroom
from pipeline.runs.issues.newsdesk import Listing, guard_against_flood, look_for_news
from pipeline.runs.issues.newsroom import Newsroom, open_newsroom
from pipeline.runs.issues.opening import Calendar, open_due_issues, waits_for_reader
from pipeline.runs.issues.previewing import (
    hold_opened_issues,
    release_due_issues,
    show_held_issue,
)
from pipeline.runs.outgoing.keys import read_key
from pipeline.runs.report import IssueReport
from pipeline.runs.resources import read_catalogues, read_templates
from pipeline.runs.sites.images import publish_images
from pipeline.runs.sites.render import load_rendition, render_posts
from pipeline.store.batches import tally_batches
from pipeline.store.holds import Reason, standing_holds, stops, stops_but_for
from pipeline.store.issues import (
    find_issue,
    find_variant,
    has_variants,
    held_issues,
    unfinished_issues,
)
from pipeline.store.newsletters import numbered_posts
from pipeline.store.posts import KeptPost
from pipeline.store.subscriptions import lowest_of_stream


def mail_out(room: Mailroom) -> None:
    """Bring every newsletter up to date, and fill the run's report.

    All of them look for news before the first issue is opened: too much at once holds
    everything. While a hold stands, what is within it is left as it is.
    """
    if not room.configuration.newsletters:
        return
    with room.database.transaction() as tx:
        end_timed_holds(tx, room.clock.now())
        held = stops_but_for(tx, Reason.FLOOD)
    if not held:
        _run_newsletters(room)
    with room.database.transaction() as tx:
        room.report.holds = tuple(standing_holds(tx))
        zone = ZoneInfo(room.configuration.sites[0].zone)
        room.report.notes += describe_holds(tx, zone)
    room.report.due += [hold.until for hold in room.report.holds if hold.until]


def _run_newsletters(room: Mailroom) -> None:
    catalogues = read_catalogues()
    try:
        templates = read_templates(room.configuration.mail.templates)
    except ConfigError as error:
        room.report.add_errors([error])
        return
    listings = list[Listing]()
    for settings in room.configuration.newsletters:
        try:
            newsroom = open_newsroom(
                room.configuration, settings, catalogues, templates
            )
        except ConfigError as error:
            room.report.add_errors([error], f"newsletter:{settings.name}")
        else:
            listings.append(look_for_news(room, newsroom))
    if guard_against_flood(room, listings):
        return
    for listing in listings:
        try:
            _run_newsletter(room, listing)
        except (ConfigError, OutputError, UsageError) as error:
            name = listing.newsroom.name
            room.report.add_errors([error], f"newsletter:{name}")


def _run_newsletter(room: Mailroom, listing: Listing) -> None:
    """Bring one newsletter up to date, what is under way first.

    So a stream whose last issue has waited opens the next in the same run; and what
    that issue had kept from resting is looked at again before.
    """
    newsroom, live = listing.newsroom, listing.live
    if listing.is_held:
        return
    if live is not None:
        release_due_issues(room.database, newsroom.name, room.clock.now())
    with room.database.transaction() as tx:
        issues = [i for i in unfinished_issues(tx) if i.newsletter == newsroom.name]
    for issue in issues:
        _bring_out(room, newsroom, issue, live)
    if live is None:
        return
    if any(issue.state is IssueState.OPENED for issue in issues):
        listing = look_for_news(room, newsroom)
        room.report.notes = [*dict.fromkeys(room.report.notes)]
    for issue in _open(room, newsroom, live) if listing.news.is_whole else ():
        _bring_out(room, newsroom, issue, live)
    _show_held(room, newsroom, live)


def _bring_out(
    room: Mailroom, newsroom: Newsroom, issue: Issue, live: Posts | None
) -> None:
    """Freeze an issue, unless it is, and put what there is room for into the outbox."""
    if issue.state is IssueState.OPENED:
        if live is None:
            return
        _freeze(room, newsroom, issue, live)
    _deliver(room, newsroom, issue)


def _show_held(room: Mailroom, newsroom: Newsroom, live: Posts) -> None:
    with room.database.transaction() as tx:
        held = held_issues(tx, newsroom.name)
    for issue in held:
        copy = partial(_copy, room, newsroom, issue, live)
        now = room.clock.now()
        released = show_held_issue(room.database, newsroom, issue, now, copy)
        if released:
            _bring_out(room, newsroom, released, live)


def _open(room: Mailroom, newsroom: Newsroom, live: Posts) -> list[Issue]:
    """Open the issues that are due; return those that are not held."""
    now = room.clock.now()
    calendar = Calendar(schedules=newsroom.schedules, zone=newsroom.zone)
    with room.database.transaction() as tx:
        if stops(tx, newsroom.name):
            return []
        opened = open_due_issues(tx, newsroom.settings, calendar, live, now)
        is_held = hold_opened_issues(tx, newsroom.settings, opened, now)
        waits = waits_for_reader(tx, newsroom.name)
    for issue in opened:
        room.events.issue_opened(issue)
        room.report.mail_moved = True
    room.report.due += calendar.next_boundaries(now)
    if waits:
        room.report.notes.append(
            f"{newsroom.name}: nobody subscribes yet, so its first issue waits; "
            "`pressroom subscriber add` adds a reader"
        )
    return [] if is_held else opened


def _freeze(room: Mailroom, newsroom: Newsroom, issue: Issue, live: Posts) -> None:
    copy, now = _copy(room, newsroom, issue, live), room.clock.now()
    if issue.kind == CORRECTION:
        notes = freeze_correction(room.database, newsroom, issue, copy, room.progress)
    else:
        copy = with_edition(room.database, newsroom, issue, copy, room.report)
        notes = freeze_issue(room.database, newsroom, issue, copy, now, room.progress)
    with room.database.transaction() as tx:
        room.events.issue_frozen(issue, *tally_batches(tx, issue.id))
    room.report.notes += [f"{issue.label}: {note}" for note in notes]
    bring_up_to_date(room.database, newsroom, room.progress, room.report)


def _copy(room: Mailroom, newsroom: Newsroom, issue: Issue, live: Posts) -> Copy:
    """Return what an issue is made of, of the posts as they are now."""
    with room.database.transaction() as tx:
        lowest = lowest_of_stream(tx, issue)
        if issue.kind == CORRECTION:
            ids = corrected_posts(tx, issue)
        else:
            numbered = numbered_posts(tx, newsroom.name, lowest, issue.upto_number)
            ids = [*numbered.values()]
    shown = [live[post_id] for post_id in ids if post_id in live]
    entries = _render(room, newsroom, shown)
    images = gather_images(
        room.database,
        room.configuration,
        room.collected,
        [*entries.values()],
        room.progress,
        whole=newsroom.settings.body == "full",
    )
    room.report.add_faults(images.faults)
    return Copy(
        entries=entries,
        images=images,
        from_number=lowest,
        translations=other_translations(kept.post for kept in live.values()),
    )


def _render(
    room: Mailroom, newsroom: Newsroom, shown: Sequence[KeptPost]
) -> dict[str, DigestEntry]:
    """Return the posts that can be shown, by id; the images they link to are there."""
    for site in newsroom.sites:
        posts = [kept for kept in shown if kept.post.site == site.name]
        rendered = render_posts(
            room.database,
            room.collected[site.name],
            posts,
            room.compositor,
            room.progress,
        )
        room.report.add_faults(rendered.faults)
        ids_of_site = [kept.post.id for kept in posts]
        publish_images(room.database, site, ids_of_site)
    return {
        kept.post.id: DigestEntry(kept.post, rendition)
        for kept in shown
        if (rendition := load_rendition(room.database, kept.post.id))
    }


def _deliver(room: Mailroom, newsroom: Newsroom, opened: Issue) -> None:
    with room.database.transaction() as tx:
        issue = find_issue(tx, opened.id)
        # The first variant is the one with the most posts.
        some = has_variants(tx, opened.id)
        first = find_variant(tx, opened.id, 1) if some else None
    if issue is None or issue.state is IssueState.OPENED:
        return
    key = read_key(room.configuration.store.path)
    delivered = deliver(room.database, newsroom, issue, key, room.clock, room.pace)
    for path, size in zip(delivered.batches, delivered.sizes, strict=True):
        room.events.batch_published(issue, path.name, size)
    with room.database.transaction() as tx:
        done = find_issue(tx, issue.id)
    is_done = done and done.state is IssueState.DONE
    if some and is_done and issue.state is not IssueState.DONE:
        room.events.issue_sent(issue)
    room.report.issues.append(
        IssueReport(
            newsletter=newsroom.name,
            cadence=issue.cadence,
            number=issue.number,
            label=issue.label,
            subject=first.page.subject if first else "",
            posts=len(first.post_ids) if first else 0,
            messages=delivered.messages,
            batches=delivered.batches,
            waiting=delivered.waiting,
            yielded=delivered.yielded,
        )
    )
