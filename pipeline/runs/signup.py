"""Who joins and who leaves, one at a time; a file of them is read by `importing`.

Nobody who left is brought back by a file; the owner may do it for one who asked.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from pipeline.base.errors import UsageError
from pipeline.outbox.spool import Spool
from pipeline.runs.deliver import apply_withdrawals
from pipeline.store.database import Database, Transaction
from pipeline.store.issues import newest_issue_id
from pipeline.store.newsletters import find_stream
from pipeline.store.subscribers import (
    add_subscriber,
    find_subscriber,
    move_subscriber,
    subscribe,
    unsubscribe,
    withdraw,
)
from pipeline.subscribers.address import Address, normalise
from pipeline.subscribers.choice import OWN_CADENCE
from pipeline.subscribers.subscriber import State, Subscriber


class Outcome(StrEnum):
    """What became of one who should join."""

    ADDED = "added"
    JOINED = "joined"
    KNOWN = "known"
    LEFT = "left"
    KEPT_OUT = "kept out"


@dataclass(frozen=True, slots=True, kw_only=True)
class Joining:
    """One who should join: where, and what is known of them.

    `created` is when they first joined, where that is told. One whose `state` gets no
    mail is noted as such, and leaves whatever they had.
    """

    address: Address
    newsletters: tuple[str, ...]
    source: str
    language: str = ""
    name: str = ""
    state: State = State.ACTIVE
    created: datetime | None = None


def join(
    tx: Transaction, joining: Joining, now: datetime, *, again: bool = False
) -> Outcome:
    """Subscribe one reader, from the next issue on.

    One who left, bounced or complained is kept out, but by `again`.
    """
    known = find_subscriber(tx, joining.address.key)
    if known is None:
        reader, outcome = _add(tx, joining, now), Outcome.ADDED
    elif not joining.state.gets_mail:
        end_subscriptions(tx, known, joining.state, now)
        return Outcome.LEFT if known.state.gets_mail else Outcome.KEPT_OUT
    else:
        if not known.state.gets_mail:
            if not again:
                return Outcome.KEPT_OUT
            move_subscriber(tx, known.id, State.ACTIVE)
        reader = known.id
        new = set(joining.newsletters) - set(known.newsletters)
        outcome = Outcome.JOINED if new else Outcome.KNOWN
    if joining.state.gets_mail:
        _subscribe(tx, reader, joining.newsletters, now)
    return outcome


def _subscribe(
    tx: Transaction, reader: int, newsletters: Iterable[str], now: datetime
) -> None:
    """Subscribe from the next issue on: what the last one covered is past."""
    for newsletter in newsletters:
        stream = find_stream(tx, newsletter, OWN_CADENCE)
        coverage = stream.last_number if stream else 0
        subscribe(tx, reader, (newsletter, OWN_CADENCE), coverage, now)


def _add(tx: Transaction, joining: Joining, now: datetime) -> int:
    return add_subscriber(
        tx,
        Subscriber(
            id=0,
            address=joining.address.address,
            key=joining.address.key,
            state=joining.state,
            language=joining.language,
            created=joining.created or now,
            source=joining.source,
            name=joining.name,
        ),
    )


def leave(
    database: Database, spool: Spool, reader: Subscriber, now: datetime, only: str = ""
) -> None:
    """End a reader's subscriptions (`only` that one, if named), at once.

    Messages that no relay has claimed are pulled out of the outbox.
    """
    with database.transaction() as tx:
        end_subscriptions(tx, reader, State.UNSUBSCRIBED, now, only)
    apply_withdrawals(database, spool)


def end_subscriptions(
    tx: Transaction, reader: Subscriber, state: State, now: datetime, only: str = ""
) -> None:
    """End a reader's subscriptions (`only` that one, if named), and note why.

    One who has no subscription left moves to `state`, if they still got mail.
    """
    leaving = [name for name in reader.newsletters if only in ("", name)]
    newest = newest_issue_id(tx)
    for name in leaving:
        withdraw(tx, reader.id, name, newest, now)
        unsubscribe(tx, reader.id, name)
    if reader.state.gets_mail and set(leaving) == set(reader.newsletters):
        move_subscriber(tx, reader.id, state)


def choose_newsletters(known: Sequence[str], asked: Sequence[str]) -> tuple[str, ...]:
    """Return the newsletters asked for, all where none was named.

    Raises UsageError when one does not exist, or when there is none at all.
    """
    if not known:
        raise UsageError("config.yaml has no newsletter yet; add one first")
    unknown = [name for name in asked if name not in known]
    if unknown:
        raise UsageError(
            f"there is no newsletter '{unknown[0]}'; there are {', '.join(known)}"
        )
    return tuple(asked) or tuple(known)


def parse_address(text: str) -> Address:
    """Return the address a command names; raises UsageError where it is none."""
    try:
        return normalise(text)
    except ValueError as error:
        raise UsageError(str(error)) from error
