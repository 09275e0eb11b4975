"""From new posts to messages in the outbox, newsletter by newsletter.

    live posts → numbered news → an issue, if due → frozen → batches in the outbox

One newsletter that cannot go on is told and stops nothing but itself.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from pipeline.base.clock import Clock
from pipeline.base.errors import ConfigError, OutputError
from pipeline.config.settings import Configuration
from pipeline.digest.issue import Issue, IssueState
from pipeline.digest.page import DigestEntry
from pipeline.digest.selection import selects
from pipeline.digest.translation import other_translations
from pipeline.runs.collect import Collected
from pipeline.runs.composing import Compositor
from pipeline.runs.deliver import deliver
from pipeline.runs.editions import bring_up_to_date, with_edition
from pipeline.runs.events import Events
from pipeline.runs.freezing import Copy, freeze_issue, lowest_of_stream
from pipeline.runs.holding import describe_holds, end_timed_holds
from pipeline.runs.images import publish_images
from pipeline.runs.keys import read_key
from pipeline.runs.listing import list_news
from pipeline.runs.mailimages import gather_images
from pipeline.runs.newsroom import Newsroom, open_newsroom
from pipeline.runs.opening import Calendar, open_due_issues, waits_for_reader
from pipeline.runs.pace import TO_THE_END, Pace
from pipeline.runs.render import load_rendition, render_posts
from pipeline.runs.report import IssueReport, Progress, Report
from pipeline.runs.resources import read_catalogues, read_templates
from pipeline.store.batches import tally_batches
from pipeline.store.database import Database
from pipeline.store.holds import standing_holds, stops
from pipeline.store.issues import (
    find_issue,
    find_variant,
    has_variants,
    newest_issue_id,
    unfinished_issues,
)
from pipeline.store.newsletters import numbered_posts
from pipeline.store.posts import KeptPost
from pipeline.store.restores import pass_if_asked
from pipeline.store.subscriptions import retire_cadences


@dataclass(frozen=True, slots=True, kw_only=True)
class Mailroom:
    """What every newsletter of a run shares; `collected` holds the sites by name."""

    database: Database
    configuration: Configuration
    collected: Mapping[str, Collected]
    compositor: Compositor
    clock: Clock
    progress: Progress
    report: Report
    pace: Pace = TO_THE_END
    events: Events = field(default_factory=Events)


def mail_out(room: Mailroom) -> None:
    """Bring every newsletter up to date, and fill the run's report.

    While a hold stands, what is within it is left as it is.
    """
    if not room.configuration.newsletters:
        return
    with room.database.transaction() as tx:
        end_timed_holds(tx, room.clock.now())
        held = stops(tx)
    if not held:
        _run_newsletters(room)
    with room.database.transaction() as tx:
        room.report.holds = tuple(standing_holds(tx))
        room.report.notes += describe_holds(tx)


def _run_newsletters(room: Mailroom) -> None:
    catalogues = read_catalogues()
    try:
        templates = read_templates(room.configuration.mail.templates)
    except ConfigError as error:
        room.report.add_errors([error])
        return
    for settings in room.configuration.newsletters:
        try:
            newsroom = open_newsroom(
                room.configuration, settings, catalogues, templates
            )
            _run_newsletter(room, newsroom)
        except (ConfigError, OutputError) as error:
            room.report.add_errors([error], f"newsletter:{settings.name}")


def _run_newsletter(room: Mailroom, newsroom: Newsroom) -> None:
    with room.database.transaction() as tx:
        if stops(tx, newsroom.name):
            return
    live = _live_posts(room, newsroom)
    if live is not None:
        _open(room, newsroom, live)
    with room.database.transaction() as tx:
        issues = [i for i in unfinished_issues(tx) if i.newsletter == newsroom.name]
    for issue in issues:
        if issue.state is IssueState.OPENED:
            if live is None:
                continue
            _freeze(room, newsroom, issue, live)
        _deliver(room, newsroom, issue)


def _live_posts(room: Mailroom, newsroom: Newsroom) -> dict[str, KeptPost] | None:
    """Return the public posts that the newsletter takes, by id.

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
        posts |= {
            kept.post.id: kept
            for kept in collected.live(now)
            if selects(newsroom.settings.filter, kept.post)
        }
    return posts


def _open(room: Mailroom, newsroom: Newsroom, live: dict[str, KeptPost]) -> None:
    now = room.clock.now()
    begun = {site.name: room.collected[site.name].begun for site in newsroom.sites}
    calendar = Calendar(schedules=newsroom.schedules, zone=newsroom.zone)
    with room.database.transaction() as tx:
        retired = retire_cadences(tx, newsroom.name, newsroom.schedules)
        news = list_news(tx, newsroom.settings, live, begun, now)
        pass_if_asked(tx, newsroom.name)
        newest = newest_issue_id(tx)
        open_due_issues(tx, newsroom.settings, calendar, live, now)
        opened = [issue for issue in unfinished_issues(tx) if issue.id > newest]
        waits = waits_for_reader(tx, newsroom.name)
    for issue in opened:
        room.events.issue_opened(issue)
    room.report.due += calendar.next_boundaries(now)
    if news.passed:
        posts = "1 post is" if news.passed == 1 else f"{news.passed:,} posts are"
        room.report.notes.append(
            f"{newsroom.name}: {posts} too old to be news, or new to its filter only"
        )
    if retired:
        room.report.notes.append(
            f"{newsroom.name}: {retired:,} readers are back on its own schedule, since "
            "the cadence they had chosen is not offered any more"
        )
    if waits:
        room.report.notes.append(
            f"{newsroom.name}: nobody subscribes yet, so its first issue waits; "
            "`pressroom subscriber add` adds a reader"
        )


def _freeze(
    room: Mailroom, newsroom: Newsroom, issue: Issue, live: dict[str, KeptPost]
) -> None:
    with room.database.transaction() as tx:
        lowest = lowest_of_stream(tx, issue)
        ids = numbered_posts(tx, newsroom.name, lowest, issue.upto_number)
    shown = [live[post_id] for post_id in ids.values() if post_id in live]
    entries = _render(room, newsroom, shown)
    images = gather_images(
        room.database,
        room.configuration,
        room.collected,
        entries.values(),
        whole=newsroom.settings.body == "full",
    )
    room.report.add_faults(images.faults)
    copy = Copy(
        entries=entries,
        images=images,
        from_number=lowest,
        translations=other_translations(kept.post for kept in live.values()),
    )
    copy = with_edition(room.database, newsroom, issue, copy, room.report)
    notes = freeze_issue(room.database, newsroom, issue, copy, room.clock.now())
    with room.database.transaction() as tx:
        room.events.issue_frozen(issue, *tally_batches(tx, issue.id))
    room.report.notes += [f"{issue.label}: {note}" for note in notes]
    bring_up_to_date(room.database, newsroom, room.progress, room.report)


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
    if done and done.state is IssueState.DONE and issue.state is not IssueState.DONE:
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
