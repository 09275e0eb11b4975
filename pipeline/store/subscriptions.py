"""Queries about subscriptions: what readers chose, and how far each has come.

Coverage is the number of the newsletter's last post that a reader was given or has
passed by. It belongs to the reader: another cadence changes nothing about it.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from pipeline.base.clock import from_micros, to_micros
from pipeline.digest.issue import Issue
from pipeline.digest.variant import Member
from pipeline.store.database import Row, Transaction
from pipeline.store.statements import statements
from pipeline.subscribers.choice import EVERYTHING, OWN_CADENCE, Choice, Topics

_SQL = statements("subscriptions")
PAGE_ROWS = 5_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Reach:
    """Whom an issue reaches: readers of its stream who have come to some number.

    That is from_number <= coverage < upto_number. Who withdrew from `issue`, its id,
    is not among them.
    """

    newsletter: str
    cadence: str
    issue: int
    from_number: int
    upto_number: int

    def values(self) -> dict[str, object]:
        """Return what the statements ask for."""
        return {
            "newsletter": self.newsletter,
            "cadence": self.cadence,
            "issue": self.issue,
            "from_number": self.from_number,
            "upto_number": self.upto_number,
        }


def find_choices(tx: Transaction, subscriber: int) -> tuple[Choice, ...]:
    """Return what a reader chose of each newsletter they subscribe to, by name."""
    rows = tx.all(_SQL["of_reader"], subscriber=subscriber)
    return tuple(map(_choice, rows))


def subscribed_among(
    tx: Transaction, newsletter: str, members: Iterable[int]
) -> set[int]:
    """Return those of `members` who subscribe to a newsletter, of whatever cadence."""
    rows = tx.all(
        _SQL["among"], newsletter=newsletter, members=json.dumps(list(members))
    )
    return {row["subscriber"] for row in rows}


def put_choice(tx: Transaction, subscriber: int, choice: Choice) -> bool:
    """Keep what a subscriber chose; False when they do not subscribe to it."""
    until = choice.paused_until
    return bool(
        tx.run(
            _SQL["choose"],
            subscriber=subscriber,
            newsletter=choice.newsletter,
            cadence=choice.cadence,
            topics=choice.topics.dump(),
            language=choice.language,
            paused_until=None if until is None else to_micros(until),
        )
    )


def retire_cadences(tx: Transaction, newsletter: str, offered: Iterable[str]) -> int:
    """Bring readers whose cadence is not offered any more back to the schedule.

    Returns how many.
    """
    return tx.run(
        _SQL["retire"],
        newsletter=newsletter,
        own=OWN_CADENCE,
        offered=json.dumps([*offered]),
    )


def stream_members(tx: Transaction, reach: Reach, now: datetime) -> Iterator[Member]:
    """Yield the readers an issue may go to at `now`, by id, page by page.

    They are active, and not paused.
    """
    after, topics = 0, _KnownTopics()
    while rows := tx.all(
        _SQL["members"],
        **reach.values(),
        now=to_micros(now),
        after=after,
        limit=PAGE_ROWS,
    ):
        for row in rows:
            yield Member(
                id=row["id"],
                coverage=row["coverage"],
                language=row["language"],
                topics=topics[row["topics"]],
            )
        after = rows[-1]["id"]


def pass_posts(tx: Transaction, reach: Reach) -> None:
    """Move the coverage of all whom an issue reaches, paused or not, to its end."""
    tx.run(_SQL["pass"], **reach.values())


def waiting_choices(
    tx: Transaction, newsletter: str, cadence: str, now: datetime
) -> list[tuple[Topics, int]]:
    """Return each choice of topics among a stream's active readers who are not paused.

    With it comes the lowest coverage of those who made it.
    """
    rows = tx.all(
        _SQL["waiting"], newsletter=newsletter, cadence=cadence, now=to_micros(now)
    )
    topics = _KnownTopics()
    return [(topics[row["topics"]], row["coverage"]) for row in rows]


def stream_coverages(tx: Transaction, newsletter: str, cadence: str) -> list[int]:
    """Return the coverages there are among a stream's readers, in order."""
    rows = tx.all(_SQL["coverages"], newsletter=newsletter, cadence=cadence)
    return [row["coverage"] for row in rows]


def lowest_of_stream(tx: Transaction, issue: Issue) -> int:
    """Return the number below which no reader of the issue waits for a post."""
    coverages = stream_coverages(tx, issue.newsletter, issue.cadence)
    return min((*coverages, issue.from_number))


def lowest_coverage(tx: Transaction, newsletter: str) -> int | None:
    """Return the number up to which every subscriber has come; None without any."""
    row = tx.one(_SQL["lowest"], newsletter=newsletter)
    return None if row is None else row["coverage"]


def has_members(tx: Transaction, newsletter: str) -> bool:
    """Tell whether the newsletter has any active reader, of whatever cadence."""
    return tx.one(_SQL["has_members"], newsletter=newsletter) is not None


class _KnownTopics(dict[str, Topics]):
    """Topics by their text, read once each."""

    def __init__(self) -> None:
        self[""] = EVERYTHING

    def __missing__(self, text: str) -> Topics:
        self[text] = Topics.load(text)
        return self[text]


def _choice(row: Row) -> Choice:
    until = row["paused_until"]
    return Choice(
        newsletter=row["newsletter"],
        cadence=row["cadence"],
        topics=_KnownTopics()[row["topics"]],
        language=row["language"],
        paused_until=None if until is None else from_micros(until),
    )
