"""Queries about asks, what somebody asked for and has to confirm, and about tries."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime

from pipeline.base.clock import from_micros, to_micros
from pipeline.store.database import Row, Transaction
from pipeline.store.statements import statements
from pipeline.subscribers.address import Address

_SQL = statements("asks")


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """What a form asked: `address` to get `newsletters`, in `language`.

    `page` is where the form stood, `network` who sent it (shortened), `words` what
    they were shown. It can be confirmed until `expires`, and was at `confirmed`. With
    `reader` it is that reader's own: their mail goes to `former`, and is to come to
    `address` from now on.
    """

    id: int = 0
    address: Address
    newsletters: tuple[str, ...]
    language: str
    page: str
    network: str
    words: str
    created: datetime
    expires: datetime
    confirmed: datetime | None = None
    reader: int | None = None
    former: str = ""


def add_ask(tx: Transaction, ask: Ask) -> int:
    """Keep an ask and return its id, which no other ever had."""
    row = tx.one(
        _SQL["add"],
        address=ask.address.address,
        key=ask.address.key,
        newsletters=json.dumps(ask.newsletters),
        language=ask.language,
        page=ask.page,
        network=ask.network,
        words=ask.words,
        created=to_micros(ask.created),
        expires=to_micros(ask.expires),
        reader=ask.reader,
        former=ask.former,
    )
    return int(row["id"]) if row else 0


def find_ask(tx: Transaction, ask_id: int) -> Ask | None:
    """Return the ask of that id, or None."""
    row = tx.one(_SQL["find"], id=ask_id)
    return None if row is None else _ask(row)


def asks_of(tx: Transaction, key: str, reader: int = 0) -> list[Ask]:
    """Return every ask for an address, by its key, and of a reader by their id."""
    rows = tx.all(_SQL["by_key"], key=key)
    rows += tx.all(_SQL["by_reader"], reader=reader, key=key)
    return [_ask(row) for row in rows]


def confirm_ask(tx: Transaction, ask_id: int, time: datetime) -> bool:
    """Note that the mailbox has confirmed; False when it had before."""
    return bool(tx.run(_SQL["confirm"], id=ask_id, time=to_micros(time)))


def forget_asks(tx: Transaction, now: datetime) -> int:
    """Forget asks whose time is over, and their answers; return how many.

    One that has a welcome to come is kept until a relay has claimed that; one with an
    answer in the outbox, until that is withdrawn.
    """
    return tx.run(_SQL["forget"], time=to_micros(now))


def forget_asks_of(tx: Transaction, key: str) -> int:
    """Forget every ask for an address, confirmed or not, and its letters."""
    return tx.run(_SQL["forget_of"], key=key)


def forget_asks_by(tx: Transaction, reader: int) -> int:
    """Forget every ask of a reader to get their mail elsewhere, and its letters."""
    return tx.run(_SQL["forget_by"], reader=reader)


def note_try(tx: Transaction, who: str, time: datetime) -> None:
    """Count one more try of `who`."""
    tx.run(_SQL["try"], who=who, time=to_micros(time))


def count_tries(tx: Transaction, who: str, since: datetime) -> int:
    """Return how often `who` has tried after `since`."""
    row = tx.one(_SQL["count_tries"], who=who, since=to_micros(since))
    return int(row["n"]) if row else 0


def forget_tries(tx: Transaction, until: datetime) -> int:
    """Forget the tries up to `until`."""
    return tx.run(_SQL["forget_tries"], time=to_micros(until))


def _ask(row: Row) -> Ask:
    confirmed = row["confirmed"]
    return Ask(
        id=row["id"],
        address=Address(row["address"], row["key"]),
        newsletters=tuple(json.loads(row["newsletters"])),
        language=row["language"],
        page=row["page"],
        network=row["network"],
        words=row["words"],
        created=from_micros(row["created"]),
        expires=from_micros(row["expires"]),
        confirmed=None if confirmed is None else from_micros(confirmed),
        reader=row["reader"],
        former=row["former"],
    )
