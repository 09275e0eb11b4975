"""Issues that wait for their owner: held when opened, shown, and then let go.

    opened → held → its preview is out, and the time runs → released, or stopped

The time runs from the preview, so that an owner whose machine was off has it whole. An
issue goes out as its posts are when it does: what was edited meanwhile counts, what
vanished comes later if it returns.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import datetime, timedelta

from pipeline.config.settings import NewsletterSettings
from pipeline.config.values import parse_duration
from pipeline.digest.issue import Issue, IssueEvent, IssueState
from pipeline.runs.issues.deciding import let_go
from pipeline.runs.issues.freezing import Copy, Preview, preview_issue
from pipeline.runs.issues.newsroom import Newsroom
from pipeline.runs.outgoing.keys import read_key
from pipeline.runs.outgoing.readers import plain_address
from pipeline.runs.telling import Ends, Event, tell_owner
from pipeline.store.database import Database, Transaction
from pipeline.store.holds import (
    Hold,
    Reason,
    Scope,
    end_holds_of_issue,
    hold_of,
    put_hold,
    standing_holds,
)
from pipeline.store.issues import find_issue, move_issue
from pipeline.store.ownerletters import Enclosed, is_out, is_told
from pipeline.subscribers.limited import sign_until

LINK_LASTS = timedelta(days=7)
"""How long after a hold the preview's link works: to stop what is still going out."""


def hold_opened_issues(
    tx: Transaction,
    settings: NewsletterSettings,
    opened: Iterable[Issue],
    now: datetime,
) -> bool:
    """Hold issues that were just opened, in the same transaction, if so set.

    Tells whether it is.
    """
    if not parse_duration(settings.hold):
        return False
    for issue in opened:
        move_issue(tx, issue, IssueEvent.HOLD)
        put_hold(
            tx,
            Hold(
                scope=Scope.ISSUE,
                target=str(issue.id),
                reason=Reason.HOLD,
                since=now,
                detail={"what": f"newsletters.{settings.name}.hold is {settings.hold}"},
            ),
        )
    return True


def release_due_issues(database: Database, newsletter: str, now: datetime) -> None:
    """Release the newsletter's issues whose time is over."""
    with database.transaction() as tx:
        for hold in standing_holds(tx):
            if hold.scope is not Scope.ISSUE or hold.until is None or hold.until > now:
                continue
            issue = find_issue(tx, hold.issue_id)
            if issue and issue.newsletter == newsletter:
                if issue.state is IssueState.HELD:
                    let_go(tx, issue)
                else:
                    end_holds_of_issue(tx, issue.id)


def show_held_issue(
    database: Database,
    newsroom: Newsroom,
    issue: Issue,
    now: datetime,
    copy: Callable[[], Copy],
) -> Issue | None:
    """Leave the owner the preview of a held issue, if they were not told of it.

    Its time runs once that is in the outbox. One that nobody gets is released at once,
    and returned. What the owner decides while it is made stands. Raises ConfigError
    where a template is wrong.
    """
    with database.transaction() as tx:
        if not _waits_for_preview(tx, issue):
            return None
    preview = preview_issue(database, newsroom, issue, copy(), now)
    with database.transaction() as tx:
        hold = _waits_for_preview(tx, issue)
        if hold is None:
            return None
        if preview is None:
            let_go(tx, issue)
            return find_issue(tx, issue.id)
        waits = parse_duration(newsroom.settings.hold)
        shown = {"readers": preview.readers, "seconds": waits.total_seconds()}
        put_hold(tx, replace(hold, detail={**hold.detail, **shown}))
        event = _event(newsroom, issue, preview, now)
        tell_owner(tx, replace(event, asks=hold.id), now)
    return None


def begin_shown_holds(tx: Transaction, now: datetime) -> list[datetime]:
    """Let the time run of issues whose preview is out; return when it is over."""
    ends = list[datetime]()
    for hold in standing_holds(tx):
        seconds = hold.detail.get("seconds")
        if hold.until or seconds is None or not is_out(tx, _key(hold.issue_id)):
            continue
        ends.append(now + timedelta(seconds=seconds))
        put_hold(tx, replace(hold, until=ends[-1]))
    return ends


def _waits_for_preview(tx: Transaction, issue: Issue) -> Hold | None:
    """Return the hold of an issue that is held and was not shown yet."""
    found = find_issue(tx, issue.id)
    if found is None or found.state is not IssueState.HELD:
        return None
    hold = hold_of(tx, Scope.ISSUE, str(issue.id), Reason.HOLD)
    return None if hold is None or is_told(tx, _key(issue.id)) else hold


def _key(issue_id: int) -> str:
    return f"preview {issue_id}"


def owner_link(newsroom: Newsroom, issue: Issue, until: datetime) -> str:
    """Return where the owner decides on an issue, by a page; empty without pages."""
    configuration = newsroom.configuration
    if not configuration.web.public_url:
        return ""
    key = read_key(configuration.store.path)
    token = sign_until(key, "issue", issue.id, until + LINK_LASTS)
    return f"{configuration.web.public_url}issue/{token}"


def _event(newsroom: Newsroom, issue: Issue, preview: Preview, now: datetime) -> Event:
    waits = parse_duration(newsroom.settings.hold)
    values = {
        "issue": issue.id,
        "label": issue.label,
        "readers": preview.readers,
        "kinds": preview.variants,
        "url": owner_link(newsroom, issue, now + waits),
    }
    return Event(
        key=_key(issue.id),
        kind="preview",
        values=values,
        enclosed=enclose(newsroom, preview),
        ends=Ends(waits.total_seconds(), newsroom.zone.key),
    )


def enclose(newsroom: Newsroom, preview: Preview) -> Enclosed:
    """Return a preview as a letter holds it: its links lead to the site alone."""
    configuration, url = newsroom.configuration, newsroom.site.url
    values = {
        "address": plain_address(configuration.owner.address) or "you@example.org",
        "unsubscribe_url": url,
        "preferences_url": url,
    }
    return Enclosed(page=preview.page, values=values, parts=preview.parts)
