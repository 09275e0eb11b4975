"""Queries about holds: what stands still until its owner says so, or until a time.

A hold is of everything, of one newsletter or of one issue. While one stands, no issue
within it is opened, frozen or delivered: `stops` is asked before each of these, and in
the transaction that seals a batch. Feeds, archives and letters go on.

There is at most one hold of a scope, a target and a reason: to `put_hold` again changes
what it says and keeps since when it stands. `detail` is a JSON object of the reason's
own; five of its values are shown to the owner, in `status`, `once` and letters:

    what     why it stands: `34 posts are news at once`
    accept   what `pressroom hold accept` does, a verb first: `sends them`
    refuse   what `pressroom hold refuse` does; without it there is no such way
    accepted, refused   what these say when they have: `34 posts are news`

What these two do beside ending the hold is in the table of runs/issues/holding.py: a
new reason is a line in it, with its words put here by who finds it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from pipeline.base.clock import from_micros, to_micros
from pipeline.store.database import Row, Transaction
from pipeline.store.statements import statements

_SQL = statements("holds")


class Scope(StrEnum):
    """How much a hold stops."""

    EVERYTHING = "everything"
    NEWSLETTER = "newsletter"
    ISSUE = "issue"


class Reason(StrEnum):
    """Why a hold stands: a newsletter's own `hold`, too much news at once, a store
    that is older than its outbox, or its owner's word."""

    HOLD = "hold"
    FLOOD = "flood"
    RESTORE = "restore"
    OWNER = "owner"


@dataclass(frozen=True, slots=True, kw_only=True)
class Hold:
    """A hold; `id` is 0 before it is kept.

    `target` is a newsletter's name or an issue's id, empty for everything. It ends by
    itself at `until`, where there is one.
    """

    scope: Scope
    reason: Reason
    since: datetime
    target: str = ""
    until: datetime | None = None
    detail: Mapping[str, Any] = field(default_factory=dict)
    id: int = 0

    @property
    def what(self) -> str:
        """Why it stands, in the words of who put it."""
        return str(self.detail.get("what", ""))

    @property
    def issue_id(self) -> int:
        """The issue it holds; raises ValueError for a hold of another scope."""
        if self.scope is not Scope.ISSUE:
            raise ValueError(f"hold {self.id} is none of an issue")
        return int(self.target)


def put_hold(tx: Transaction, hold: Hold) -> int:
    """Keep a hold, or change one of the same scope, target and reason; return its id.

    `hold.id` is not looked at; `hold.since` only where it is new.
    """
    row = tx.one(
        _SQL["put"],
        scope=hold.scope,
        target=hold.target,
        reason=hold.reason,
        since=to_micros(hold.since),
        until=None if hold.until is None else to_micros(hold.until),
        detail=json.dumps(dict(hold.detail), ensure_ascii=False),
    )
    return int(row["id"]) if row else 0


def find_hold(tx: Transaction, hold_id: int) -> Hold | None:
    """Return the hold, or None where it has ended."""
    row = tx.one(_SQL["find"], id=hold_id)
    return None if row is None else _hold(row)


def hold_of(tx: Transaction, scope: Scope, target: str, reason: Reason) -> Hold | None:
    """Return the hold of that scope, target and reason, or None."""
    row = tx.one(_SQL["of"], scope=scope, target=target, reason=reason)
    return None if row is None else _hold(row)


def standing_holds(tx: Transaction) -> list[Hold]:
    """Return every hold that stands, the oldest first."""
    return [_hold(row) for row in tx.all(_SQL["all"])]


def stops(tx: Transaction, newsletter: str = "", issue_id: int = 0) -> bool:
    """Tell whether a hold stops everything, that newsletter, or that issue."""
    row = tx.one(_SQL["stops"], newsletter=newsletter, issue=str(issue_id))
    return row is not None


def stops_but_for(tx: Transaction, reason: Reason, newsletter: str = "") -> bool:
    """Tell whether a hold for another reason stops everything, or that newsletter."""
    row = tx.one(_SQL["stops_but_for"], reason=reason, newsletter=newsletter)
    return row is not None


def move_hold(tx: Transaction, hold_id: int, since: datetime, until: datetime) -> None:
    """Let a hold stand from and until another time."""
    tx.run(_SQL["move"], id=hold_id, since=to_micros(since), until=to_micros(until))


def end_hold(tx: Transaction, hold_id: int) -> bool:
    """End a hold; False where it had ended."""
    return bool(tx.run(_SQL["end"], id=hold_id))


def end_holds_of_issue(tx: Transaction, issue_id: int) -> None:
    """End every hold of an issue."""
    tx.run(_SQL["end_of_issue"], issue=str(issue_id))


def _hold(row: Row) -> Hold:
    until = row["until"]
    return Hold(
        id=row["id"],
        scope=Scope(row["scope"]),
        target=row["target"],
        reason=Reason(row["reason"]),
        since=from_micros(row["since"]),
        until=None if until is None else from_micros(until),
        detail=json.loads(row["detail"]),
    )
