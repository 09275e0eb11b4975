"""Queries about leaving by a link: whose it may be, and why they left.

A reason is kept without the person: no id, no address, and only the day.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from pipeline.base.clock import EPOCH, from_micros, to_micros
from pipeline.store.database import Transaction
from pipeline.store.statements import statements
from pipeline.store.subscribers import find_subscriber
from pipeline.subscribers.subscriber import Subscriber

_SQL = statements("departures")


@dataclass(frozen=True, slots=True)
class Remark:
    """What one who left wrote, and the day they did (UTC)."""

    newsletter: str
    day: date
    reason: str
    words: str


def known_newsletters(tx: Transaction) -> list[str]:
    """Return every newsletter that ever ran, under the name it then had."""
    return [row["name"] for row in tx.all(_SQL["newsletters"])]


def find_reader(tx: Transaction, subscriber: int) -> Subscriber | None:
    """Return the subscriber of that id, in whatever state, or None."""
    row = tx.one(_SQL["key"], id=subscriber)
    return find_subscriber(tx, row["key"]) if row else None


def add_departure(
    tx: Transaction, newsletter: str, reason: str, words: str, time: datetime
) -> None:
    """Keep why somebody left on that day."""
    day = to_micros(_midnight(time))
    tx.run(_SQL["add"], newsletter=newsletter, day=day, reason=reason, words=words)


def count_departures(
    tx: Transaction, since: datetime = EPOCH
) -> dict[str, dict[str, int]]:
    """Return how often each reason was given, by newsletter, the most frequent first.

    The day of `since` counts.
    """
    counts: dict[str, dict[str, int]] = {}
    for row in tx.all(_SQL["count"], since=to_micros(_midnight(since))):
        counts.setdefault(row["newsletter"], {})[row["reason"]] = row["n"]
    return counts


def departure_remarks(tx: Transaction, since: datetime = EPOCH) -> list[Remark]:
    """Return what those who left wrote, the newest first."""
    rows = tx.all(_SQL["words"], since=to_micros(_midnight(since)))
    return [
        Remark(
            row["newsletter"],
            from_micros(row["day"]).date(),
            row["reason"],
            row["words"],
        )
        for row in rows
    ]


def _midnight(time: datetime) -> datetime:
    return EPOCH + timedelta(days=(time - EPOCH) // timedelta(days=1))
