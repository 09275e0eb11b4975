"""Queries about subscribers, what they subscribe to, and their withdrawals."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta

from pipeline.base.clock import from_micros, to_micros
from pipeline.outbox.entries import Back, Left, Moved
from pipeline.store.database import Row, Transaction
from pipeline.store.ledger import note, rule_of
from pipeline.store.statements import statements
from pipeline.store.suppressions import suppressed_members
from pipeline.subscribers.subscriber import State, Subscriber

_SQL = statements("subscribers")
PAGE_ROWS = 5_000

_ONCE = timedelta(days=1)


def add_subscriber(tx: Transaction, subscriber: Subscriber) -> int:
    """Keep a new subscriber and return their id; `id` and `newsletters` are unused."""
    row = tx.one(
        _SQL["add"],
        address=subscriber.address,
        key=subscriber.key,
        state=subscriber.state,
        language=subscriber.language,
        name=subscriber.name,
        source=subscriber.source,
        created=to_micros(subscriber.created),
        tags=json.dumps(subscriber.tags, ensure_ascii=False),
        confirmed=_micros(subscriber.confirmed),
        ended=_micros(subscriber.ended),
    )
    return int(row["id"]) if row else 0


def find_subscriber(tx: Transaction, key: str) -> Subscriber | None:
    """Return the subscriber of that address key, or None."""
    row = tx.one(_SQL["find"], key=key)
    if row is None:
        return None
    names = tx.all(_SQL["newsletters"], subscriber=row["id"])
    return replace(
        _subscriber(row), newsletters=tuple(name["newsletter"] for name in names)
    )


def subscribers_after(tx: Transaction, after: int) -> list[Subscriber]:
    """Return the next subscribers by id, with their newsletters; empty at the end."""
    rows = tx.all(_SQL["page"], after=after, limit=PAGE_ROWS)
    upto = rows[-1]["id"] if rows else after
    names: dict[int, list[str]] = {}
    for row in tx.all(_SQL["newsletters_of_page"], after=after, upto=upto):
        names.setdefault(row["subscriber"], []).append(row["newsletter"])
    return [
        replace(_subscriber(row), newsletters=tuple(names.get(row["id"], ())))
        for row in rows
    ]


def subscribers_at(tx: Transaction, domain: str) -> list[Subscriber]:
    """Return the subscribers at a domain (`@example.org`) or below it, by id."""
    rows = tx.all(_SQL["at_domain"], domain=domain, below=f".{domain[1:]}")
    found = (find_subscriber(tx, row["key"]) for row in rows)
    return [reader for reader in found if reader is not None]


def find_addresses(tx: Transaction, members: Iterable[int]) -> dict[int, Subscriber]:
    """Return the subscribers of these ids that still get mail, by id.

    Staging and the seal ask this: who is suppressed gets none, whatever their state.
    """
    rows = tx.all(_SQL["by_ids"], ids=json.dumps(list(members)))
    found = [_subscriber(row) for row in rows]
    suppressed = suppressed_members(tx, found)
    return {
        reader.id: reader
        for reader in found
        if reader.state.gets_mail and reader.id not in suppressed
    }


def move_subscriber(
    tx: Transaction, subscriber: int, state: State, ended: datetime | None = None
) -> None:
    """Put a subscriber into another state; `ended` is since when they get no mail."""
    tx.run(_SQL["move"], id=subscriber, state=state, ended=_micros(ended))
    note(tx, Moved(member=subscriber, state=state, at=_micros(ended)))


def left_newsletters(tx: Transaction, subscriber: int) -> set[str]:
    """Return the newsletters that a subscriber left at some time."""
    rows = tx.all(_SQL["left_newsletters"], subscriber=subscriber)
    return {row["newsletter"] for row in rows}


def subscribe(
    tx: Transaction,
    subscriber: int,
    stream: tuple[str, str],
    coverage: int,
    time: datetime,
) -> None:
    """Subscribe to a stream (newsletter, cadence); posts up to `coverage` are past.

    So are those that were past when they last withdrew from the newsletter.
    """
    newsletter, cadence = stream
    tx.run(
        _SQL["subscribe"],
        subscriber=subscriber,
        newsletter=newsletter,
        cadence=cadence,
        coverage=coverage,
        created=to_micros(time),
    )
    if newsletter in left_newsletters(tx, subscriber):
        rule = rule_of(tx, subscriber)
        at = to_micros(time)
        note(tx, Back(member=subscriber, rule=rule, newsletter=newsletter, at=at))


def unsubscribe(tx: Transaction, subscriber: int, newsletter: str) -> bool:
    """End a subscription; tell whether there was one."""
    return bool(
        tx.run(_SQL["unsubscribe"], subscriber=subscriber, newsletter=newsletter)
    )


def count_members(tx: Transaction) -> dict[str, int]:
    """Return how many active readers each newsletter has."""
    return {row["newsletter"]: row["n"] for row in tx.all(_SQL["count"])}


def withdraw(
    tx: Transaction, subscriber: int, newsletter: str, upto_issue: int, time: datetime
) -> None:
    """Note that a reader must get nothing of the issues that are there now.

    How far they have come is noted too, so that it comes before `unsubscribe`. Who
    leaves again within a day leaves one note: a link used back and forth fills nothing.
    """
    values = {
        "subscriber": subscriber,
        "newsletter": newsletter,
        "upto_issue": upto_issue,
        "created": to_micros(time),
    }
    if not tx.run(_SQL["withdraw_again"], since=to_micros(time - _ONCE), **values):
        tx.run(_SQL["withdraw"], **values)
    rule, at = rule_of(tx, subscriber), to_micros(time)
    note(tx, Left(member=subscriber, rule=rule, newsletter=newsletter, at=at))


def withdrawn_members(
    tx: Transaction, newsletter: str, issue_id: int, members: Iterable[int]
) -> set[int]:
    """Return those of `members` who withdrew from that issue: the seal asks this."""
    rows = tx.all(
        _SQL["withdrawn"],
        newsletter=newsletter,
        issue=issue_id,
        members=json.dumps(list(members)),
    )
    return {row["subscriber"] for row in rows}


def _subscriber(row: Row) -> Subscriber:
    return Subscriber(
        id=row["id"],
        address=row["address"],
        key=row["key"],
        state=State(row["state"]),
        language=row["language"],
        name=row["name"],
        source=row["source"],
        created=from_micros(row["created"]),
        tags=tuple(json.loads(row["tags"])),
        confirmed=_time(row["confirmed"]),
        ended=_time(row["ended"]),
    )


def _micros(time: datetime | None) -> int | None:
    return None if time is None else to_micros(time)


def _time(micros: int | None) -> datetime | None:
    return None if micros is None else from_micros(micros)
