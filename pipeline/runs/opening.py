"""Opens an issue of a newsletter when one is due and there is news for it.

One issue however long the machine was down; none without a post. The first issue
waits for the first reader: news for nobody would be news to nobody later.
"""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from pipeline.config.settings import NewsletterSettings
from pipeline.digest.issue import Issue
from pipeline.schedule.cadence import Cadence, Kind, clamp, due
from pipeline.store.database import Transaction
from pipeline.store.issues import add_issue
from pipeline.store.newsletters import (
    Stream,
    add_stream,
    count_issue,
    find_newsletter,
    find_stream,
    move_boundary,
)
from pipeline.store.subscribers import has_members

OWN_CADENCE = "own"
"""The cadence of the newsletter's own schedule, not one a reader chose instead."""


def open_due_issue(
    tx: Transaction,
    newsletter: NewsletterSettings,
    cadence: Cadence,
    zone: ZoneInfo,
    now: datetime,
) -> bool:
    """Open the issue that is due at `now`, if any; tell whether one was opened."""
    known = find_newsletter(tx, newsletter.name)
    stream = find_stream(tx, newsletter.name, OWN_CADENCE)
    if stream is None:
        add_stream(tx, newsletter.name, OWN_CADENCE, now)
        stream = Stream(now, 0, 0)
    newest = known.last_number if known else 0
    readers = has_members(tx, newsletter.name, OWN_CADENCE)
    if stream.issues == 0 and newsletter.backfill:
        if not readers or not newest:
            return False
        start = max(0, newest - newsletter.backfill)
        return _open(tx, newsletter, stream, now, (start, newest), now)
    last = clamp(stream.last_boundary, cadence, zone, now)
    boundary = due(cadence, zone, now, last)
    if boundary is None or (
        newest == stream.last_number and cadence.kind is Kind.INSTANT
    ):
        return False
    if newest == stream.last_number or (stream.issues == 0 and not readers):
        _pass_by(tx, newsletter, stream, boundary, newest)
        return False
    end = min(newest, stream.last_number + newsletter.max_posts)
    return _open(tx, newsletter, stream, boundary, (stream.last_number, end), now)


def waits_for_reader(tx: Transaction, newsletter: str) -> bool:
    """Tell whether the newsletter had no issue yet and has nobody to send one to."""
    stream = find_stream(tx, newsletter, OWN_CADENCE)
    begun = stream is not None and stream.issues > 0
    return not begun and not has_members(tx, newsletter, OWN_CADENCE)


def _pass_by(
    tx: Transaction,
    newsletter: NewsletterSettings,
    stream: Stream,
    boundary: datetime,
    newest: int,
) -> None:
    """Let a period end without an issue."""
    move_boundary(
        tx,
        newsletter.name,
        OWN_CADENCE,
        expected=stream.last_boundary,
        boundary=boundary,
        last_number=newest,
    )


def _open(
    tx: Transaction,
    newsletter: NewsletterSettings,
    stream: Stream,
    boundary: datetime,
    numbers: tuple[int, int],
    now: datetime,
) -> bool:
    start, end = numbers
    moved = move_boundary(
        tx,
        newsletter.name,
        OWN_CADENCE,
        expected=stream.last_boundary,
        boundary=boundary,
        last_number=end,
    )
    if moved:
        issue = Issue(
            id=0,
            newsletter=newsletter.name,
            number=count_issue(tx, newsletter.name, OWN_CADENCE),
            boundary=boundary,
            from_number=start,
            upto_number=end,
        )
        add_issue(tx, issue, OWN_CADENCE, now)
    return moved
