"""Leaving by a link: whose it is, out at once, back again, and why.

    token → holder: a reader of one newsletter → leave, come back, tell a reason

A link is as good as its holder: it was mailed to nobody else. It says nothing of who
follows it, so that only a POST may come here (RFC 8058).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from pipeline.base.text import fold_line
from pipeline.outbox.spool import Spool
from pipeline.runs.readers.signup import Joining, join, leave
from pipeline.store.database import Database, Transaction
from pipeline.store.departures import add_departure, find_reader, known_newsletters
from pipeline.subscribers.address import Address
from pipeline.subscribers.subscriber import State, Subscriber
from pipeline.subscribers.tokens import verify

MAX_WORDS_CHARS = 500


class Reason(StrEnum):
    """Why somebody leaves, as the page asks."""

    TOO_MANY = "too many"
    NOT_FOR_ME = "not for me"
    NEVER_ASKED = "never asked"
    HARD_TO_READ = "hard to read"
    OTHER = "other"


@dataclass(frozen=True, slots=True, kw_only=True)
class Holder:
    """Whose link it is: a reader, None once erased, and the newsletter it leaves."""

    newsletter: str
    reader: Subscriber | None

    @property
    def subscribed(self) -> bool:
        """Whether the reader still gets the newsletter."""
        return self.reader is not None and self.newsletter in self.reader.newsletters

    @property
    def others(self) -> tuple[str, ...]:
        """What else the reader gets."""
        names = self.reader.newsletters if self.reader else ()
        return tuple(name for name in names if name != self.newsletter)

    @property
    def may_return(self) -> bool:
        """Whether the link may bring them back: not whom an owner or a bounce put out.

        Somebody who called the mail spam is not brought back by a button either.
        """
        states = (State.ACTIVE, State.UNSUBSCRIBED)
        return self.reader is not None and self.reader.state in states


def find_holder(
    tx: Transaction, keys: Sequence[bytes], token: str, newsletters: Iterable[str]
) -> Holder | None:
    """Return whose link `token` is, or None where nobody's.

    `newsletters` are those of config.yaml; a link of one that has gone from there
    still works, by the name it had.
    """
    for name in dict.fromkeys((*newsletters, *known_newsletters(tx))):
        member = verify(keys, "leave", token, name)
        if member is not None:
            return Holder(newsletter=name, reader=find_reader(tx, member))
    return None


def leave_newsletter(
    database: Database, spool: Spool, holder: Holder, now: datetime
) -> None:
    """End the subscription, as often as it is asked.

    Raises OutputError when a message that waits in the outbox could not be pulled out;
    the reader has left all the same, and the next run pulls it out.
    """
    if holder.reader is not None:
        leave(database, spool, holder.reader, now, holder.newsletter)


def leave_all(database: Database, spool: Spool, holder: Holder, now: datetime) -> None:
    """End every subscription the reader has. Raises OutputError as above."""
    if holder.reader is not None:
        leave(database, spool, holder.reader, now)


def come_back(tx: Transaction, holder: Holder, now: datetime) -> bool:
    """Subscribe the reader again, from the next issue on; False where they may not."""
    # Since they were looked up, they may have been erased, or put out by their owner.
    reader = holder.reader and find_reader(tx, holder.reader.id)
    if reader is None or not replace(holder, reader=reader).may_return:
        return False
    joining = Joining(
        address=Address(reader.address, reader.key),
        newsletters=(holder.newsletter,),
        source=reader.source,
    )
    join(tx, joining, now, again=True)
    return True


def keep_reason(
    tx: Transaction, newsletter: str, reason: str, words: str, now: datetime
) -> bool:
    """Keep why somebody left; False where neither a reason nor words say anything."""
    known = reason if reason in list(Reason) else ""
    said = fold_line(words)[:MAX_WORDS_CHARS]
    if not known and not said:
        return False
    add_departure(tx, newsletter, known or Reason.OTHER, said, now)
    return True
