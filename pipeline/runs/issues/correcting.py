"""A correction: an issue once more, to those who got it, with words of its owner.

    issue correct → an issue of the kind `correction`, opened → the next run freezes it

An edited post never goes out twice by itself. A correction is asked for, and goes to
who got the issue and has not left since, each with the posts they had then, as these
are now. Coverage, numbers and streams stay as they are: it has a number of no stream.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from itertools import count

from pipeline.base.errors import UsageError
from pipeline.digest.issue import Issue, IssueEvent, IssueState
from pipeline.digest.rendered import Page
from pipeline.digest.variant import Variant
from pipeline.outbox.batch import BatchState
from pipeline.runs.issues.drafting import Drafts
from pipeline.runs.issues.freezing import Copy, add_batches, render_variant
from pipeline.runs.issues.newsroom import Newsroom
from pipeline.runs.report import Progress
from pipeline.store.batches import batch_parts, issue_batches
from pipeline.store.database import Database, Transaction
from pipeline.store.holds import stops
from pipeline.store.issues import (
    add_correction,
    corrections_of,
    find_variants,
    move_issue,
)
from pipeline.store.subscribers import find_addresses, withdrawn_members
from pipeline.store.subscriptions import subscribed_among

CORRECTION = "correction"
_AT_ONCE = 10_000
_SENT = (IssueState.DONE, IssueState.STOPPED)


def open_correction(
    tx: Transaction, issue: Issue, words: str, now: datetime, *, again: bool = False
) -> Issue:
    """Open a correction of `issue` with `words` above it, and return it.

    Raises UsageError where the issue is no whole issue that is out, and where it was
    corrected before, unless `again` says that another is meant.
    """
    if issue.kind == CORRECTION:
        raise UsageError(f"{issue.label} is one itself: correct issue {issue.corrects}")
    if issue.state not in _SENT:
        raise UsageError(
            f"{issue.label} is {issue.state}: wait until it is out, or stop it first"
        )
    if not _got(tx, issue):
        raise UsageError(f"nobody has {issue.label}, so there is nothing to correct")
    before = corrections_of(tx, issue.id)
    if before and not again:
        raise UsageError(
            f"{issue.label} was corrected before, by issue {before[-1].id}: "
            "`--again` sends another correction"
        )
    correction = replace(
        issue,
        id=0,
        kind=CORRECTION,
        state=IssueState.OPENED,
        boundary=now,
        from_number=0,
        upto_number=0,
        corrects=issue.id,
        intro=words,
    )
    return replace(correction, id=add_correction(tx, correction, now))


def corrected_posts(tx: Transaction, correction: Issue) -> list[str]:
    """Return the ids of the posts that the corrected issue had, each once."""
    variants = find_variants(tx, correction.corrects or 0)
    return [*dict.fromkeys(post for variant in variants for post in variant.post_ids)]


def freeze_correction(
    database: Database,
    newsroom: Newsroom,
    issue: Issue,
    copy: Copy,
    progress: Progress,
) -> tuple[str, ...]:
    """Freeze a correction; `copy` has the posts that are still to be had.

    Returns notes on the pages. Raises ConfigError where a template is wrong; it then
    stays opened, as it does where it was held meanwhile.
    """

    def render(variant: Variant) -> Page:
        return render_variant(newsroom, issue, variant, copy)

    most = newsroom.configuration.mail.most_variants
    drafts = Drafts(database, issue, copy.images, most)
    while True:
        with database.transaction() as tx:
            if stops(tx, issue.newsletter, issue.id):
                break
            variants = _variants(tx, issue, copy)
            missing = drafts.missing(variants)
            if not missing:
                if move_issue(tx, issue, IssueEvent.FREEZE):
                    for variant in variants:
                        drafts.write(tx, variant)
                    drafts.forget(tx)
                    add_batches(tx, newsroom, issue, variants)
                break
        drafts.make(missing, render, progress)
    return tuple(drafts.notes)


def _variants(tx: Transaction, issue: Issue, copy: Copy) -> list[Variant]:
    """Return who gets what: what they had, without what is not to be had any more."""
    corrected = replace(issue, id=issue.corrects or 0)
    got, numbers, found = _got(tx, corrected), count(1), list[Variant]()
    for variant in find_variants(tx, corrected.id):
        post_ids = tuple(p for p in variant.post_ids if p in copy.entries)
        members = _still_there(tx, corrected, got.get(variant.n, set()))
        if post_ids and members:
            found.append(Variant(next(numbers), post_ids, variant.language, members))
    return found


def _got(tx: Transaction, issue: Issue) -> Mapping[int, set[int]]:
    """Return who was sent an issue, by variant: what is open went to nobody."""
    got = defaultdict[int, set[int]](set)
    for batch in issue_batches(tx, issue.id):
        if batch.state is not BatchState.OPEN:
            for variant, members in batch_parts(tx, batch):
                got[variant].update(members)
    return got


def _still_there(tx: Transaction, issue: Issue, members: set[int]) -> tuple[int, ...]:
    """Return those who have not left since, in order."""
    ordered, there = sorted(members), list[int]()
    for start in range(0, len(ordered), _AT_ONCE):
        some = ordered[start : start + _AT_ONCE]
        left = withdrawn_members(tx, issue.newsletter, issue.id, some)
        stayed = subscribed_among(tx, issue.newsletter, some) - left
        there += find_addresses(tx, stayed)
    return tuple(sorted(there))
