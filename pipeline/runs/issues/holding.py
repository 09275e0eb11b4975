"""Holds, as their owner meets them: one line each, and two ways to end one.

    a hold stands → status, once and a letter tell it → accept or refuse → it has ended

What accepting and refusing do beside that is in the table at the end, by reason.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, tzinfo
from types import MappingProxyType

from pipeline.base.clock import show_moment
from pipeline.base.errors import InputError, UsageError
from pipeline.runs.issues.flood import accept_flood, refuse_flood
from pipeline.store.database import Transaction
from pipeline.store.holds import (
    Hold,
    Reason,
    Scope,
    end_hold,
    find_hold,
    move_hold,
    standing_holds,
)
from pipeline.store.issues import find_issue

Ending = Callable[[Transaction, Hold], None]
"""What ending a hold one way does beside, in the transaction that ends it."""


@dataclass(frozen=True, slots=True)
class Endings:
    """What the two ways of ending a hold do."""

    accept: Ending
    refuse: Ending


def describe_holds(tx: Transaction, zone: tzinfo) -> list[str]:
    """Return a line for each hold that stands: what, why, and how it ends.

    Times are as a clock in `zone` shows them.
    """
    return [_describe(tx, hold, zone) for hold in standing_holds(tx)]


def once_ended(tx: Transaction, newsletter: str = "") -> str:
    """Return `, once hold 14 has ended` where holds stop a newsletter, or everything.

    With it ends what is told of mail that would go on with the next run. Holds of
    issues are not counted.
    """
    holds = standing_holds(tx)
    stopping = [
        f"hold {hold.id}"
        for hold in holds
        if hold.scope is Scope.EVERYTHING
        or (newsletter and hold.scope is Scope.NEWSLETTER and hold.target == newsletter)
    ]
    if stopping:
        verb = "has" if len(stopping) == 1 else "have"
        return f", once {' and '.join(stopping)} {verb} ended"
    others = [h for h in holds if h.scope is Scope.NEWSLETTER and not newsletter]
    return "".join(f", {h.target} once hold {h.id} has ended" for h in others)


def end_timed_holds(tx: Transaction, now: datetime) -> None:
    """End the holds whose time is over; those of issues are ended with a release.

    One that began in the future was put while the clock was ahead: it has its time
    from now on.
    """
    for hold in standing_holds(tx):
        if hold.until and hold.since > now:
            move_hold(tx, hold.id, now, now + (hold.until - hold.since))
        elif hold.scope is not Scope.ISSUE and hold.until and hold.until <= now:
            end_hold(tx, hold.id)


def accept(tx: Transaction, hold_id: int) -> Hold:
    """End a hold by going on; raises InputError where there is none of that number."""
    return _end(tx, hold_id, lambda endings: endings.accept)


def refuse(tx: Transaction, hold_id: int) -> Hold:
    """End a hold by passing over what it kept back.

    Raises InputError where there is none of that number, UsageError where it can only
    be accepted.
    """
    hold = _find(tx, hold_id)
    if not hold.detail.get("refuse"):
        raise UsageError(
            f"hold {hold_id} can only be accepted: `pressroom hold accept {hold_id}`"
        )
    return _end(tx, hold_id, lambda endings: endings.refuse)


def _end(tx: Transaction, hold_id: int, way: Callable[[Endings], Ending]) -> Hold:
    hold = _find(tx, hold_id)
    way(ENDINGS.get(hold.reason, _PLAIN))(tx, hold)
    end_hold(tx, hold.id)
    return hold


def _find(tx: Transaction, hold_id: int) -> Hold:
    hold = find_hold(tx, hold_id)
    if hold is None:
        raise InputError(f"there is no hold {hold_id}; see `pressroom hold list`")
    if hold.scope is Scope.ISSUE:
        raise InputError(
            f"hold {hold_id} is that of an issue: {_ways_of_issue(hold.target)}"
        )
    if hold.reason is Reason.RESTORE:
        raise InputError(f"hold {hold_id} has commands of its own: {_RESTORE_WAYS}")
    return hold


def _describe(tx: Transaction, hold: Hold, zone: tzinfo) -> str:
    since = f"has been held since {show_moment(hold.since, zone)}"
    until = f"until {show_moment(hold.until, zone)}" if hold.until else ""
    why = f": {hold.what}" if hold.what else ""
    if hold.scope is Scope.ISSUE:
        issue = find_issue(tx, hold.issue_id)
        label = issue.label if issue else f"issue {hold.target}"
        if hold.reason is Reason.HOLD and not hold.until:
            why += ", from when its preview is in the outbox"
        ways = _ways_of_issue(hold.target)
        return f"{label} {f'is held {until}' if until else since}{why}; {ways}"
    what = hold.target if hold.scope is Scope.NEWSLETTER else "everything"
    return f"{what} {since}{until and f', {until}'}{why}; {_ways(hold)}"


def _ways_of_issue(issue: str) -> str:
    return (
        f"`pressroom issue release {issue}` sends it now, "
        f"`pressroom issue stop {issue}` does not"
    )


_RESTORE_WAYS = (
    "`pressroom restore show` tells what has been forgotten, "
    "`pressroom restore accept` ends it"
)


def _ways(hold: Hold) -> str:
    if hold.reason is Reason.RESTORE:
        return _RESTORE_WAYS
    accepting = hold.detail.get("accept") or "lets it go on"
    ways = f"`pressroom hold accept {hold.id}` {accepting}"
    if refusing := hold.detail.get("refuse"):
        ways += f", `pressroom hold refuse {hold.id}` {refusing}"
    return ways


def _nothing(_tx: Transaction, _hold: Hold) -> None:
    """Do nothing beside ending the hold."""


_PLAIN = Endings(accept=_nothing, refuse=_nothing)

ENDINGS: Mapping[Reason, Endings] = MappingProxyType(
    {Reason.FLOOD: Endings(accept=accept_flood, refuse=refuse_flood)}
)
"""What accepting and refusing do, where that is more than ending the hold."""
