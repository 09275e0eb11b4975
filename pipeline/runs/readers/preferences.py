"""What a reader wants of all newsletters, by their own link: kept whole, or not at all.

    token → reader → which newsletters, and how each → joined, left, chosen

Those whom a bounce, a complaint or the owner put out choose nothing by a link.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from pipeline.config.settings import NewsletterSettings
from pipeline.outbox.spool import Spool
from pipeline.runs.outgoing.withdrawing import apply_withdrawals
from pipeline.runs.readers.choosing import choose
from pipeline.runs.readers.signup import Joining, end_subscriptions, join
from pipeline.store.consents import How
from pipeline.store.database import Database, Transaction
from pipeline.store.departures import find_reader
from pipeline.store.subscriptions import find_choices
from pipeline.store.suppressions import find_suppression
from pipeline.subscribers.address import Address
from pipeline.subscribers.choice import Choice
from pipeline.subscribers.subscriber import State, Subscriber
from pipeline.subscribers.suppression import Reason
from pipeline.subscribers.tokens import verify

SOURCE = "preferences"
"""Where a consent was given, for the evidence of it."""

Newsletters = Mapping[str, NewsletterSettings]
"""Those of config.yaml by name: what a reader may choose among."""


def find_owner(tx: Transaction, keys: Sequence[bytes], token: str) -> Subscriber | None:
    """Return whose link `token` is; None where nobody's, or of one who was erased."""
    member = verify(keys, "preferences", token)
    return None if member is None else find_reader(tx, member)


def find_wishes(
    tx: Transaction, reader: Subscriber, newsletters: Newsletters
) -> dict[str, Choice]:
    """Return what a reader chose, of each newsletter they get."""
    choices = find_choices(tx, reader.id) if reader.state.gets_mail else ()
    return {each.newsletter: each for each in choices if each.newsletter in newsletters}


def keep_wishes(
    tx: Transaction,
    reader: Subscriber,
    newsletters: Newsletters,
    wishes: Mapping[str, Choice],
    now: datetime,
) -> bool:
    """Join, leave and choose so that a reader gets what `wishes` say and no more.

    Of `newsletters` they leave what is not among the wishes; one that is gone from
    config.yaml stays as it is. Returns False, and changes nothing, for one who may not
    choose. `pull_out` comes after it, when the transaction is over.
    """
    if not may_choose(tx, reader):
        return False
    had = find_wishes(tx, reader, newsletters)
    new = tuple(name for name in wishes if name not in had)
    if new:
        _join(tx, reader, new, now)
    for name in had.keys() - wishes.keys():
        # Read anew: who has left all but this one has nothing left after it.
        stands = find_reader(tx, reader.id) or reader
        end_subscriptions(tx, stands, State.UNSUBSCRIBED, now, name)
    for name, choice in wishes.items():
        choose(tx, reader, newsletters[name], choice)
    return True


def may_choose(tx: Transaction, reader: Subscriber) -> bool:
    """Tell whether a link may change what somebody gets."""
    if reader.state not in (State.ACTIVE, State.UNSUBSCRIBED):
        return False
    kept_out = find_suppression(tx, reader.key)
    return kept_out is None or kept_out.reason is Reason.UNSUBSCRIBED


def pull_out(database: Database, spool: Spool, reader: Subscriber) -> None:
    """Take out of the outbox what a reader has left and no relay has claimed.

    Raises OutputError where that is not possible; the next run does it then.
    """
    apply_withdrawals(database, spool, reader.id)


def _join(
    tx: Transaction, reader: Subscriber, names: tuple[str, ...], now: datetime
) -> None:
    joining = Joining(
        address=Address(reader.address, reader.key),
        newsletters=names,
        source=SOURCE,
        how=How.FORM,
    )
    join(tx, joining, now, again=True)
