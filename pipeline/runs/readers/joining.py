"""Joining by the form: nobody is subscribed before their mailbox has confirmed it.

    form → ask, kept with a letter → mail → token → standing → confirmed, subscribed

What is written for an ask is the same whether its address is known, has left or is kept
out: who asks learns nothing of anybody. What the letter says is found when it is made.
"""

from __future__ import annotations

import hmac
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from pipeline.config.settings import NewsletterSettings
from pipeline.runs.readers.signup import Joining, join
from pipeline.store.asks import (
    Ask,
    add_ask,
    confirm_ask,
    count_tries,
    find_ask,
    forget_asks,
    forget_tries,
    note_try,
)
from pipeline.store.consents import How
from pipeline.store.database import Transaction
from pipeline.store.letters import LetterKind, add_letter, withdraw_expired
from pipeline.store.subscribers import find_subscriber
from pipeline.store.suppressions import find_suppression
from pipeline.subscribers.address import Address
from pipeline.subscribers.limited import verify_until
from pipeline.subscribers.subscriber import State
from pipeline.subscribers.suppression import Reason

MOST_BY_ADDRESS, ADDRESS_PERIOD = 4, timedelta(days=1)
"""Mail that a form may bring to one mailbox: enough for who lost the first."""

MOST_BY_NETWORK, NETWORK_PERIOD = 20, timedelta(hours=1)
"""What one network may ask: a class that joins together, not a program."""


class Standing(StrEnum):
    """How an ask stands, for who comes with its token."""

    UNKNOWN = "unknown"
    EXPIRED = "expired"
    OPEN = "open"
    CONFIRMED = "confirmed"
    USED = "used"


@dataclass(frozen=True, slots=True)
class Asked:
    """What a token leads to; without an ask it is unknown, or forgotten by now."""

    standing: Standing
    ask: Ask | None = None


def take_ask(tx: Transaction, key: bytes, ask: Ask) -> timedelta | None:
    """Keep an ask and the letter that answers it; `key` is the store's.

    Returns after what time they may try again, where there were too many asks for the
    address or from the network: nothing is kept then.
    """
    limits = (
        (f"network {ask.network}", MOST_BY_NETWORK, NETWORK_PERIOD),
        (f"address {_hash(key, ask.address)}", MOST_BY_ADDRESS, ADDRESS_PERIOD),
    )
    for who, most, period in limits:
        if count_tries(tx, who, ask.created - period) >= most:
            return period
    for who, _, _ in limits:
        note_try(tx, who, ask.created)
    ask_id = add_ask(tx, ask)
    kind = LetterKind.ANSWER if ask.reader is None else LetterKind.MOVE
    add_letter(tx, kind, ask.newsletters[0], ask_id, ask.created)
    return None


def find_asked(
    tx: Transaction,
    keys: Sequence[bytes],
    token: str,
    newsletters: Collection[str],
    now: datetime,
) -> Asked:
    """Return how the ask of a token stands; `newsletters` are those there are."""
    limited = verify_until(keys, "confirm", token)
    if limited is None:
        return Asked(Standing.UNKNOWN)
    ask = find_ask(tx, limited.row)
    if ask is None:
        return Asked(Standing.EXPIRED)
    if ask.confirmed is not None:
        has = set(ask.newsletters) <= set(subscribed_to(tx, ask.address))
        return Asked(Standing.CONFIRMED if has else Standing.USED, ask)
    gone = not set(ask.newsletters) & set(newsletters)
    if limited.until <= now or gone or is_kept_out(tx, ask.address):
        return Asked(Standing.EXPIRED, ask)
    return Asked(Standing.OPEN, ask)


def confirm(
    tx: Transaction, ask: Ask, newsletters: Iterable[NewsletterSettings], now: datetime
) -> None:
    """Subscribe who confirms, also one who had left; do nothing the second time.

    A newsletter that welcomes gets a letter to make, if it is new to them.
    """
    if not confirm_ask(tx, ask.id, now):
        return
    chosen = [each for each in newsletters if each.name in ask.newsletters]
    had = subscribed_to(tx, ask.address)
    joining = Joining(
        address=ask.address,
        newsletters=tuple(each.name for each in chosen),
        source=f"form at {ask.page or 'our own page'}, from {ask.network}",
        how=How.FORM,
        shown=ask.words,
        language=ask.language,
        confirmed=now,
    )
    join(tx, joining, now, again=True)
    for each in chosen:
        if each.welcome and each.name not in had:
            add_letter(tx, LetterKind.WELCOME, each.name, ask.id, now)


def subscribed_to(tx: Transaction, address: Address) -> tuple[str, ...]:
    """Return the newsletters that an address gets."""
    reader = find_subscriber(tx, address.key)
    return reader.newsletters if reader and reader.state.gets_mail else ()


def is_kept_out(tx: Transaction, address: Address) -> bool:
    """Tell whether an address gets no mail whoever asks: its owner was put out.

    Who left, bounced, complained or was erased may come back: only their mailbox can
    confirm.
    """
    suppression = find_suppression(tx, address.key)
    if suppression is not None and suppression.reason is Reason.BLOCKED:
        return True
    reader = find_subscriber(tx, address.key)
    return reader is not None and reader.state is State.BLOCKED


def sweep_asks(tx: Transaction, now: datetime) -> int:
    """Forget asks whose time is over, and old tries; return how many asks.

    Their answers that still lie in the outbox are withdrawn, and they forgotten next.
    """
    forget_tries(tx, now - max(ADDRESS_PERIOD, NETWORK_PERIOD))
    forgotten = forget_asks(tx, now)
    withdraw_expired(tx, now)
    return forgotten


def _hash(key: bytes, address: Address) -> str:
    """Return what stands for an address where only its tries are counted."""
    return hmac.digest(key, b"try\0" + address.key.encode(), "sha256").hex()
