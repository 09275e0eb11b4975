"""Issues that wait for their owner: held when opened, shown, and then let go.

    opened → held → the preview is mailed, and the time runs → released, or stopped

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
from pipeline.digest.issue import Issue, IssueEvent
from pipeline.runs.deciding import let_go
from pipeline.runs.freezing import Copy, Preview, preview_issue
from pipeline.runs.keys import read_key
from pipeline.runs.newsroom import Newsroom
from pipeline.runs.readers import plain_address
from pipeline.runs.telling import Event, tell_owner
from pipeline.store.database import Database, Transaction
from pipeline.store.holds import (
    Hold,
    Reason,
    Scope,
    hold_of,
    put_hold,
    standing_holds,
)
from pipeline.store.issues import find_issue, move_issue
from pipeline.store.ownerletters import Enclosed
from pipeline.subscribers.limited import sign_until

LINK_LASTS = timedelta(days=7)
"""How long after a hold the preview's link works: to stop what is still going out."""


def hold_opened_issues(
    tx: Transaction,
    settings: NewsletterSettings,
    opened: Iterable[Issue],
    now: datetime,
) -> None:
    """Hold issues that were just opened, in the same transaction, if so set."""
    if not parse_duration(settings.hold):
        return
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


def release_due_issues(database: Database, newsletter: str, now: datetime) -> None:
    """Release the newsletter's issues whose time is over."""
    with database.transaction() as tx:
        for hold in standing_holds(tx):
            if hold.scope is not Scope.ISSUE or hold.until is None or hold.until > now:
                continue
            issue = find_issue(tx, hold.issue_id)
            if issue and issue.newsletter == newsletter:
                let_go(tx, issue)


def show_held_issue(
    database: Database,
    newsroom: Newsroom,
    issue: Issue,
    now: datetime,
    copy: Callable[[], Copy],
) -> Issue | None:
    """Mail the owner the preview of a held issue, if they have not got it.

    Its time runs from now on. One that nobody gets is released at once, and returned.
    Raises ConfigError where a template is wrong.
    """
    with database.transaction() as tx:
        hold = hold_of(tx, Scope.ISSUE, str(issue.id), Reason.HOLD)
    if hold is None or hold.until:
        return None
    preview = preview_issue(database, newsroom, issue, copy(), now)
    until = now + parse_duration(newsroom.settings.hold)
    with database.transaction() as tx:
        if preview is None:
            let_go(tx, issue)
            return find_issue(tx, issue.id)
        detail = {**hold.detail, "readers": preview.readers}
        put_hold(tx, replace(hold, until=until, detail=detail))
        tell_owner(tx, _event(newsroom, issue, preview, until), now)
    return None


def owner_link(newsroom: Newsroom, issue: Issue, until: datetime) -> str:
    """Return where the owner decides on an issue, by a page; empty without pages."""
    configuration = newsroom.configuration
    if not configuration.web.public_url:
        return ""
    key = read_key(configuration.store.path)
    token = sign_until(key, "issue", issue.id, until + LINK_LASTS)
    return f"{configuration.web.public_url}issue/{token}"


def _event(
    newsroom: Newsroom, issue: Issue, preview: Preview, until: datetime
) -> Event:
    local = until.astimezone(newsroom.zone)
    values = {
        "issue": issue.id,
        "label": issue.label,
        "day": f"{local:%Y-%m-%d}",
        "time": f"{local:%H:%M} {local.tzname()}",
        "readers": preview.readers,
        "kinds": preview.variants,
        "url": owner_link(newsroom, issue, until),
    }
    return Event(
        key=f"preview {issue.id}",
        kind="preview",
        values=values,
        enclosed=enclose(newsroom, preview),
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
