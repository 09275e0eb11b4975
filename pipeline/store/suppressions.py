"""Queries about who must never get mail. Knows addresses only by their digests."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from pipeline.base.clock import from_micros, to_micros
from pipeline.outbox.entries import Kept, Lifted
from pipeline.store.database import Row, Transaction
from pipeline.store.ledger import note
from pipeline.store.statements import statements
from pipeline.store.ties import suppression_key
from pipeline.subscribers.subscriber import Subscriber
from pipeline.subscribers.suppression import Reason, address_rule, rules_of

_SQL = statements("suppressions")


@dataclass(frozen=True, slots=True)
class Suppression:
    """One rule: `@example.org`, or the digest of an address; why, and since when."""

    rule: str
    reason: Reason
    since: datetime


def suppress_address(
    tx: Transaction, address_key: str, reason: Reason, time: datetime
) -> str:
    """Let no mail go to an address; a block takes the place of other reasons.

    Returns its rule.
    """
    rule = address_rule(suppression_key(tx), address_key)
    suppress_rule(tx, rule, reason, time)
    return rule


def block_domain(tx: Transaction, rule: str, time: datetime) -> None:
    """Let no mail go to a domain (`@example.org`), nor to those below it."""
    suppress_rule(tx, rule, Reason.BLOCKED, time)


def suppress_rule(tx: Transaction, rule: str, reason: Reason, time: datetime) -> None:
    """Put a rule on the list; the ledger is told."""
    created = to_micros(time)
    if tx.run(_SQL["add"], rule=rule, reason=reason, created=created):
        note(tx, Kept(rule=rule, reason=reason, at=created))


def lift_rule(tx: Transaction, rule: str, *, but_blocked: bool = False) -> bool:
    """Take a rule off the list (`but_blocked`: not a block); tell whether."""
    lifted = tx.run(_SQL["lift_but_blocked" if but_blocked else "lift"], rule=rule)
    if lifted:
        note(tx, Lifted(rule=rule, but_blocked=but_blocked))
    return bool(lifted)


def lift_address(
    tx: Transaction, address_key: str, *, but_blocked: bool = False
) -> bool:
    """Take an address off the list (`but_blocked`: not one blocked); tell whether."""
    rule = address_rule(suppression_key(tx), address_key)
    return lift_rule(tx, rule, but_blocked=but_blocked)


def unblock_domain(tx: Transaction, rule: str) -> bool:
    """Take a domain off the list; tell whether it was there."""
    return lift_rule(tx, rule)


def find_suppression(tx: Transaction, address_key: str) -> Suppression | None:
    """Return what keeps an address out, first what its owner has blocked; or None."""
    rules = rules_of(suppression_key(tx), address_key)
    row = tx.one(_SQL["find"], rules=json.dumps(rules))
    return None if row is None else _suppression(row)


def suppressed_members(tx: Transaction, readers: Iterable[Subscriber]) -> set[int]:
    """Return the ids of those of `readers` that must get no mail."""
    key = suppression_key(tx)
    rules = {reader.id: rules_of(key, reader.key) for reader in readers}
    asked = sorted({rule for some in rules.values() for rule in some})
    found = {row["rule"] for row in tx.all(_SQL["find"], rules=json.dumps(asked))}
    return {member for member, some in rules.items() if not found.isdisjoint(some)}


def all_suppressions(tx: Transaction) -> list[Suppression]:
    """Return every rule, the oldest first."""
    return [_suppression(row) for row in tx.all(_SQL["all"])]


def _suppression(row: Row) -> Suppression:
    return Suppression(row["rule"], Reason(row["reason"]), from_micros(row["created"]))
