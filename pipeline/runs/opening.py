"""Opens an issue of a newsletter when one is due and there is news for it.

One issue however long the machine was down; none without a post, and none while the
last one could not be frozen. The first issue waits for the first reader: news for
nobody would be news to nobody later.
"""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from pipeline.config.settings import NewsletterSettings
from pipeline.digest.issue import Issue, IssueState
from pipeline.schedule.cadence import Cadence, Kind, clamp, due
from pipeline.store.database import Transaction
from pipeline.store.issues import add_issue, unfinished_issues
from pipeline.store.newsletters import (
    Stream,
    add_stream,
    count_issue,
    find_stream,
    move_boundary,
    numbered_posts,
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
    name = newsletter.name
    stream = _begin_stream(tx, name, now)
    numbers = list(numbered_posts(tx, name, stream.last_number))
    readers = has_members(tx, name, OWN_CADENCE)
    if _is_unfrozen(tx, name):
        return False
    if stream.issues == 0 and newsletter.backfill:
        return bool(readers and numbers) and _open(tx, name, stream, now, numbers, now)
    last = clamp(stream.last_boundary, cadence, zone, now)
    boundary = due(cadence, zone, now, last)
    if boundary is None or (cadence.kind is Kind.INSTANT and not numbers):
        return False
    if not numbers or (stream.issues == 0 and not readers):
        _move(tx, name, stream, boundary, numbers[-1:])
        return False
    shown = numbers[: newsletter.max_posts]
    return _open(tx, name, stream, boundary, shown, now)


def _begin_stream(tx: Transaction, name: str, now: datetime) -> Stream:
    """Return how far the newsletter's own stream came; one that is new begins now."""
    stream = find_stream(tx, name, OWN_CADENCE)
    if stream is None:
        add_stream(tx, name, OWN_CADENCE, now)
        stream = Stream(now, 0, 0)
    return stream


def waits_for_reader(tx: Transaction, newsletter: str) -> bool:
    """Tell whether the newsletter had no issue yet and has nobody to send one to."""
    stream = find_stream(tx, newsletter, OWN_CADENCE)
    begun = stream is not None and stream.issues > 0
    return not begun and not has_members(tx, newsletter, OWN_CADENCE)


def _is_unfrozen(tx: Transaction, name: str) -> bool:
    """Tell whether an issue still waits to be frozen: one catch-up will be enough."""
    return any(
        issue.newsletter == name and issue.state is IssueState.OPENED
        for issue in unfinished_issues(tx)
    )


def _move(
    tx: Transaction, name: str, stream: Stream, boundary: datetime, numbers: list[int]
) -> bool:
    """Let the period end at `boundary`, and `numbers` be past."""
    return move_boundary(
        tx,
        name,
        OWN_CADENCE,
        expected=stream.last_boundary,
        boundary=boundary,
        last_number=max((stream.last_number, *numbers)),
    )


def _open(
    tx: Transaction,
    name: str,
    stream: Stream,
    boundary: datetime,
    numbers: list[int],
    now: datetime,
) -> bool:
    moved = _move(tx, name, stream, boundary, numbers)
    if moved:
        issue = Issue(
            id=0,
            newsletter=name,
            number=count_issue(tx, name, OWN_CADENCE),
            boundary=boundary,
            from_number=stream.last_number,
            upto_number=numbers[-1],
        )
        add_issue(tx, issue, OWN_CADENCE, now)
    return moved
