"""What an owner decides about one issue, by command or by the page behind a preview.

    hold · release · skip a post, or put it back · stop · resume

Each is one transaction, of which the next run makes the rest. A post that is skipped
is news to nobody any more: no later issue of the newsletter has it, in whatever
cadence, and who got it keeps it. Until the issue is frozen it can be put back.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from pipeline.base.errors import InputError, UsageError
from pipeline.content.post import Post
from pipeline.digest.issue import Issue, IssueEvent, IssueState
from pipeline.store.batches import issue_batches
from pipeline.store.database import Transaction
from pipeline.store.holds import (
    Hold,
    Reason,
    Scope,
    end_holds_of_issue,
    put_hold,
    standing_holds,
)
from pipeline.store.issues import find_issue, has_variants, move_issue
from pipeline.store.newsletters import (
    accept_news,
    numbered_posts,
    others_are_past,
    set_number,
    unlist,
)
from pipeline.store.posts import find_post
from pipeline.store.skips import add_skip, drop_skip, skipped_posts
from pipeline.store.subscriptions import lowest_of_stream

_UNFROZEN = (IssueState.OPENED, IssueState.HELD)


@dataclass(frozen=True, slots=True)
class Place:
    """A post of an issue that is not frozen yet, and whether it is left out."""

    post: Post
    skipped: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Outlook:
    """An issue as its owner decides on it.

    `places` are its posts, the newest first, while they can be chosen; `until` is when
    a held one goes out by itself, `readers` how many got its preview counted. Of one
    that `is_empty` nothing was left when it was made.
    """

    issue: Issue
    places: Sequence[Place]
    until: datetime | None = None
    readers: int | None = None
    is_empty: bool = False


def look_at_issue(tx: Transaction, issue: Issue) -> Outlook:
    """Return how an issue stands."""
    holds = [
        hold
        for hold in standing_holds(tx)
        if hold.scope is Scope.ISSUE and hold.issue_id == issue.id
    ]
    first = holds[0] if holds else None
    return Outlook(
        issue=issue,
        places=_places(tx, issue) if issue.state in _UNFROZEN else (),
        until=first.until if first else None,
        readers=first.detail.get("readers") if first else None,
        is_empty=issue.state is IssueState.DONE and not has_variants(tx, issue.id),
    )


def find_named(tx: Transaction, number: int) -> Issue:
    """Return the issue of that id; raises InputError where there is none."""
    found = find_issue(tx, number)
    if found is None:
        raise InputError(f"there is no issue {number}; see `pressroom issue list`")
    return found


def hold_issue(tx: Transaction, issue: Issue, now: datetime) -> None:
    """Hold an issue that is opened until it is released; raises IllegalMove."""
    if issue.state is not IssueState.HELD:
        move_issue(tx, issue, IssueEvent.HOLD)
    end_holds_of_issue(tx, issue.id)
    put_hold(
        tx,
        Hold(
            scope=Scope.ISSUE,
            target=str(issue.id),
            reason=Reason.OWNER,
            since=now,
            detail={"what": "its owner said so"},
        ),
    )


def let_go(tx: Transaction, issue: Issue) -> None:
    """Let a held issue go out with the next run; raises IllegalMove for another."""
    if move_issue(tx, issue, IssueEvent.RELEASE):
        end_holds_of_issue(tx, issue.id)


def stop_issue(tx: Transaction, issue: Issue) -> None:
    """Stop an issue: what is not in the outbox yet stays unsent. Raises IllegalMove."""
    move_issue(tx, issue, IssueEvent.STOP)
    end_holds_of_issue(tx, issue.id)


def resume_issue(tx: Transaction, issue: Issue) -> None:
    """Go on with an issue that was stopped; raises IllegalMove for another."""
    is_frozen = bool(issue_batches(tx, issue.id))
    move_issue(tx, issue, IssueEvent.RESUME if is_frozen else IssueEvent.REOPEN)


def skip_post(tx: Transaction, issue: Issue, named: str) -> Post:
    """Leave a post out, and return it; one that is left out already stays so.

    `named` is its id, address, path or title. Raises UsageError for an issue that is
    frozen, InputError where it has no such post.
    """
    place = _find(tx, issue, named)
    if not place.skipped:
        numbers = {post: n for n, post in _numbered(tx, issue).items()}
        add_skip(tx, issue.id, place.post.id, numbers[place.post.id])
        set_number(tx, issue.newsletter, place.post.id, None)
    return place.post


def put_post_back(tx: Transaction, issue: Issue, named: str) -> Post:
    """Put a post back that was left out, and return it; raises as `skip_post`.

    Where other readers' issues have passed it by meanwhile it is not in this one, but
    comes with the next, to all who have not had it.
    """
    place = _find(tx, issue, named)
    if place.skipped:
        post, number = place.post.id, drop_skip(tx, issue.id, place.post.id)
        if number is None or others_are_past(tx, issue, number):
            unlist(tx, issue.newsletter, post)
            accept_news(tx, issue.newsletter, [post])
        else:
            set_number(tx, issue.newsletter, post, number)
    return place.post


def _find(tx: Transaction, issue: Issue, named: str) -> Place:
    if issue.state not in _UNFROZEN:
        raise UsageError(
            f"{issue.label} is {issue.state}: a post can be left out, or put back, "
            "only before it is made"
        )
    places = _places(tx, issue)
    for place in places:
        post = place.post
        if named in (post.id, post.url, post.path, post.title):
            return place
    there = ", ".join(place.post.path for place in places) or "none"
    raise InputError(f"{issue.label} has no post {named!r}; it has {there}")


def _places(tx: Transaction, issue: Issue) -> list[Place]:
    skipped = skipped_posts(tx, issue.id)
    numbers = {n: post for post, n in skipped.items()} | _numbered(tx, issue)
    found = (
        (find_post(tx, post_id), post_id in skipped)
        for _, post_id in sorted(numbers.items(), reverse=True)
    )
    return [Place(post, is_skipped) for post, is_skipped in found if post]


def _numbered(tx: Transaction, issue: Issue) -> dict[int, str]:
    lowest = lowest_of_stream(tx, issue)
    return numbered_posts(tx, issue.newsletter, lowest, issue.upto_number)
