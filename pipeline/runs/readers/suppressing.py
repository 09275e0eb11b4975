"""Blocks addresses and domains: whoever is there gets nothing more, and stays out."""

from __future__ import annotations

from datetime import datetime

from pipeline.base.errors import UsageError
from pipeline.runs.readers.signup import end_subscriptions, parse_address
from pipeline.store.database import Transaction
from pipeline.store.letters import withdraw_letters, withdraw_letters_at
from pipeline.store.moves import find_moved
from pipeline.store.subscribers import (
    find_subscriber,
    move_subscriber,
    subscribers_at,
)
from pipeline.store.suppressions import (
    block_domain,
    find_suppression,
    lift_address,
    suppress_address,
    unblock_domain,
)
from pipeline.subscribers.address import Address, AddressError
from pipeline.subscribers.subscriber import State, Subscriber
from pipeline.subscribers.suppression import Reason, parse_domain


def parse_rule(text: str) -> Address | str:
    """Return the address, or for `@example.org` the domain, that a command names.

    Raises UsageError where it is neither.
    """
    if not text.strip().startswith("@"):
        return parse_address(text)
    try:
        return parse_domain(text)
    except AddressError as error:
        raise UsageError(str(error)) from error


def block(tx: Transaction, rule: Address | str, now: datetime) -> int:
    """Keep an address or a domain out for good; return how many readers it ends.

    `withdrawing.apply_withdrawals` must follow, outside the transaction.
    """
    if isinstance(rule, Address):
        suppress_address(tx, rule.key, Reason.BLOCKED, now)
        withdraw_letters(tx, rule.key)
    else:
        block_domain(tx, rule, now)
        withdraw_letters_at(tx, rule)
    ended = [r for r in _readers(tx, rule) if r.state in (State.ACTIVE, State.PENDING)]
    for reader in ended:
        end_subscriptions(tx, reader, State.BLOCKED, now)
    return len(ended)


def unblock(tx: Transaction, rule: Address | str, now: datetime) -> bool:
    """Let an address or a domain join again; tell whether it was kept out.

    Nobody is subscribed by it: whoever was a reader counts as one who has left.
    """
    if isinstance(rule, Address):
        lifted = lift_address(tx, rule.key)
    else:
        lifted = unblock_domain(tx, rule)
    for reader in _readers(tx, rule):
        blocked = reader.state is State.BLOCKED
        if blocked and find_suppression(tx, reader.key) is None:
            move_subscriber(tx, reader.id, State.UNSUBSCRIBED, now)
            lifted = True
    return lifted


def why_kept_out(tx: Transaction, address: Address) -> str:
    """Return why an address cannot join, and what its owner may do about it."""
    found = find_suppression(tx, address.key)
    if found is None:
        reader = find_subscriber(tx, address.key)
        if reader is not None and reader.state is State.BLOCKED:
            return (
                f"{address.address} is blocked; "
                f"`pressroom subscriber unblock {address.address}` lifts that"
            )
        moved = find_moved(tx, address.key)
        if moved is not None:
            return (
                f"{address.address} was changed for {moved.address}; if they want mail "
                "at both, say --again"
            )
        return (
            f"{address.address} has left or cannot be reached; if they asked to come "
            "back, say --again"
        )
    since = f"{found.since:%Y-%m-%d}"
    if found.reason is not Reason.BLOCKED:
        return (
            f"{address.address} is kept out ({found.reason}, {since}); if they asked "
            "to come back, say --again"
        )
    blocked = found.rule if "@" in found.rule else address.address
    return (
        f"{address.address} is kept out: {blocked} is blocked since {since}; "
        f"`pressroom subscriber unblock {blocked}` lifts that"
    )


def _readers(tx: Transaction, rule: Address | str) -> list[Subscriber]:
    if isinstance(rule, str):
        return subscribers_at(tx, rule)
    reader = find_subscriber(tx, rule.key)
    return [] if reader is None else [reader]
