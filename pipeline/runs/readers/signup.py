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
from pipeline.runs.outgoing.withdrawing import apply_withdrawals
from pipeline.store.consents import Consent, How, add_consent
from pipeline.store.database import Database, Transaction
from pipeline.store.departures import find_reader
from pipeline.store.issues import newest_issue_id
from pipeline.store.letters import withdraw_letters, withdraw_moves
from pipeline.store.moves import find_moved
from pipeline.store.newsletters import find_stream
from pipeline.store.restores import note_return
from pipeline.store.subscribers import (
    add_subscriber,
    find_subscriber,
    left_newsletters,
    move_subscriber,
    subscribe,
    unsubscribe,
    withdraw,
)
from pipeline.store.suppressions import find_suppression, lift_address
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
    mail is noted as such, since `ended` where that is told, and leaves whatever they
    had; one who is merely pending leaves nothing. `how` says who told that they want
    to, `shown` in which words they were asked.
    """

    address: Address
    newsletters: tuple[str, ...]
    source: str
    language: str = ""
    name: str = ""
    state: State = State.ACTIVE
    created: datetime | None = None
    confirmed: datetime | None = None
    ended: datetime | None = None
    tags: tuple[str, ...] = ()
    how: How = How.OWNER
    shown: str = ""


def join(
    tx: Transaction, joining: Joining, now: datetime, *, again: bool = False
) -> Outcome:
    """Subscribe one reader, from the next issue on.

    One who left, bounced, complained or was erased is kept out, and out of a newsletter
    that they left, but by `again`; so is an address that a reader has changed for
    another; one who is blocked is always. What is known of a
    reader stays as it is, and of one who is kept out nothing is noted.
    """
    if _is_suppressed(tx, joining, again=again):
        return Outcome.KEPT_OUT
    outcome = _join(tx, joining, now, again=again)
    reader = find_subscriber(tx, joining.address.key) if again else None
    if reader is not None and reader.state.gets_mail:
        note_return(tx, reader.id, joining.newsletters, now)
    if joining.state.gets_mail and outcome in (Outcome.ADDED, Outcome.JOINED):
        consent = Consent(
            newsletters=joining.newsletters,
            how=joining.how,
            source=joining.source,
            shown=joining.shown,
            time=joining.confirmed or joining.created or now,
        )
        add_consent(tx, joining.address.key, consent)
    return outcome


def _is_suppressed(tx: Transaction, joining: Joining, *, again: bool) -> bool:
    """Tell whether the list keeps somebody out; `again` lifts all but a block."""
    if again:
        lift_address(tx, joining.address.key, but_blocked=True)
    return find_suppression(tx, joining.address.key) is not None


def _join(tx: Transaction, joining: Joining, now: datetime, *, again: bool) -> Outcome:
    known = find_subscriber(tx, joining.address.key)
    if joining.state.gets_mail and _stays_out(known, again=again):
        return Outcome.KEPT_OUT
    if known is None and not again and find_moved(tx, joining.address.key):
        return Outcome.KEPT_OUT
    if known is None:
        reader = _add(tx, joining, now)
        if joining.state.gets_mail:
            _subscribe(tx, reader, joining.newsletters, now)
        _silence(tx, joining.address.key, joining.state)
        return Outcome.ADDED
    if not joining.state.gets_mail:
        return _note_end(tx, known, joining, now)
    return _join_more(tx, known, joining, now, again=again)


def _stays_out(known: Subscriber | None, *, again: bool) -> bool:
    """Tell whether somebody must not be subscribed; `again` lifts all but a block.

    One whom another program had blocked came with that state, and is on no list.
    """
    if known is None or known.state in (State.ACTIVE, State.PENDING):
        return False
    return not again or known.state is State.BLOCKED


def _note_end(
    tx: Transaction, known: Subscriber, joining: Joining, now: datetime
) -> Outcome:
    if joining.state is State.PENDING:
        return Outcome.KNOWN if known.state.gets_mail else Outcome.KEPT_OUT
    end_subscriptions(tx, known, joining.state, joining.ended or now)
    return Outcome.LEFT if known.state.gets_mail else Outcome.KEPT_OUT


def _join_more(
    tx: Transaction, known: Subscriber, joining: Joining, now: datetime, *, again: bool
) -> Outcome:
    """Subscribe a reader to what they neither have nor left."""
    if not known.state.gets_mail:
        move_subscriber(tx, known.id, State.ACTIVE)
    had = set(known.newsletters)
    new = [name for name in joining.newsletters if name not in had]
    left = left_newsletters(tx, known.id) if new and not again else set()
    _subscribe(tx, known.id, [name for name in new if name not in left], now)
    if left.issuperset(new):
        stays = had.intersection(joining.newsletters) or not new
        return Outcome.KNOWN if stays else Outcome.KEPT_OUT
    return Outcome.JOINED


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
            tags=joining.tags,
            confirmed=joining.confirmed,
            ended=_ended(joining, now),
        ),
    )


def _ended(joining: Joining, now: datetime) -> datetime | None:
    if joining.state.gets_mail or joining.state is State.PENDING:
        return None
    return joining.ended or now


def leave(
    database: Database, spool: Spool, reader: Subscriber, now: datetime, only: str = ""
) -> None:
    """End a reader's subscriptions (`only` that one, if named), at once.

    Messages that no relay has claimed are pulled out of the outbox.
    """
    with database.transaction() as tx:
        # Since they were looked up, another program may have subscribed or erased them.
        current = find_reader(tx, reader.id)
        if current is not None:
            end_subscriptions(tx, current, State.UNSUBSCRIBED, now, only)
    apply_withdrawals(database, spool, reader.id)


def end_subscriptions(
    tx: Transaction, reader: Subscriber, state: State, now: datetime, only: str = ""
) -> None:
    """End a reader's subscriptions (`only` that one, if named), and note why.

    One who has no subscription left moves to `state`, if they still got mail or might
    have confirmed that they want it.
    """
    leaving = [name for name in reader.newsletters if only in ("", name)]
    newest = newest_issue_id(tx)
    for name in leaving:
        withdraw(tx, reader.id, name, newest, now)
        unsubscribe(tx, reader.id, name)
        withdraw_letters(tx, reader.key, name)
    waits = reader.state in (State.ACTIVE, State.PENDING)
    if waits and set(leaving) == set(reader.newsletters):
        move_subscriber(tx, reader.id, state, now)
        withdraw_moves(tx, reader.id)
        _silence(tx, reader.key, state)


def _silence(tx: Transaction, address_key: str, state: State) -> None:
    """Let no letter answer one who is blocked, though they were no reader yet."""
    if state is State.BLOCKED:
        withdraw_letters(tx, address_key)


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
