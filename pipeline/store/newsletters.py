"""Queries about newsletters: their numbered posts, and how far each stream came."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from pipeline.base.clock import from_micros, to_micros
from pipeline.digest.issue import Issue
from pipeline.store.database import Transaction
from pipeline.store.statements import statements

_SQL = statements("newsletters")
MAX_NUMBER = 2**63 - 1


@dataclass(frozen=True, slots=True)
class KeptNewsletter:
    """A newsletter: since when, what it takes, when it last looked, how far it came."""

    started: datetime
    selection: str
    listed: datetime
    last_number: int


@dataclass(frozen=True, slots=True)
class Stream:
    """One cadence of a newsletter: what its last issue covered, and how many it had."""

    last_boundary: datetime
    last_number: int
    issues: int


def find_newsletter(tx: Transaction, name: str) -> KeptNewsletter | None:
    """Return the newsletter, or None where it was never run."""
    row = tx.one(_SQL["find"], name=name)
    if row is None:
        return None
    return KeptNewsletter(
        from_micros(row["started"]),
        row["selection"],
        from_micros(row["listed"]),
        row["last_number"],
    )


def add_newsletter(
    tx: Transaction, name: str, started: datetime, selection: str
) -> None:
    """Begin a newsletter: posts that are there already are no news to it."""
    tx.run(_SQL["add"], name=name, started=to_micros(started), selection=selection)


def note_listing(tx: Transaction, name: str, selection: str, time: datetime) -> None:
    """Note when the newsletter last looked for news, and by which selection."""
    tx.run(_SQL["note_listing"], name=name, selection=selection, time=to_micros(time))


def listed_posts(tx: Transaction, name: str) -> set[str]:
    """Return the ids of all posts the newsletter took or passed over."""
    return {row["post"] for row in tx.all(_SQL["listed"], name=name)}


def number_post(tx: Transaction, name: str, post_id: str) -> int:
    """Give a post the newsletter's next number, and return it."""
    row = tx.one(_SQL["next_number"], name=name)
    number = int(row["last_number"]) if row else 0
    tx.run(_SQL["list"], name=name, post=post_id, number=number)
    return number


def pass_over(tx: Transaction, name: str, post_id: str) -> None:
    """Note that a post is no news to the newsletter, now and for ever."""
    tx.run(_SQL["list"], name=name, post=post_id, number=None)


def unlist(tx: Transaction, name: str, post_id: str) -> None:
    """Take back a post's number: it is looked at again, and may get a new one."""
    tx.run(_SQL["unlist"], name=name, post=post_id)


def set_number(tx: Transaction, name: str, post_id: str, number: int | None) -> None:
    """Give a listed post a number, or none: it is news to nobody then."""
    tx.run(_SQL["set_number"], name=name, post=post_id, number=number)


def accept_news(tx: Transaction, name: str, post_ids: Iterable[str]) -> None:
    """Note that posts are news to the newsletter, however old and however many."""
    tx.run_many(_SQL["accept"], ({"name": name, "post": post} for post in post_ids))


def accepted_posts(tx: Transaction, name: str) -> set[str]:
    """Return the posts of which that is noted and that have no number yet."""
    return {row["post"] for row in tx.all(_SQL["accepted"], name=name)}


def drop_accepted(tx: Transaction, name: str, post_ids: Iterable[str]) -> None:
    """Forget that note, as of posts that have their number."""
    tx.run_many(
        _SQL["drop_accepted"], ({"name": name, "post": post} for post in post_ids)
    )


def unlist_all(tx: Transaction, name: str) -> None:
    """Forget what was news to a newsletter that has sent nothing yet."""
    tx.run(_SQL["unlist_all"], name=name)


def numbered_posts(
    tx: Transaction, name: str, from_number: int, upto_number: int = MAX_NUMBER
) -> dict[int, str]:
    """Return the post ids numbered from_number < n <= upto_number, in order."""
    rows = tx.all(
        _SQL["numbered"], name=name, from_number=from_number, upto_number=upto_number
    )
    return {row["number"]: row["post"] for row in rows}


def find_stream(tx: Transaction, name: str, cadence: str) -> Stream | None:
    """Return how far the stream came, or None where it has not begun."""
    row = tx.one(_SQL["stream"], name=name, cadence=cadence)
    if row is None:
        return None
    return Stream(from_micros(row["last_boundary"]), row["last_number"], row["issues"])


def has_begun(tx: Transaction, name: str) -> bool:
    """Tell whether the newsletter had an issue, in whatever stream."""
    return tx.one(_SQL["has_begun"], name=name) is not None


def add_stream(
    tx: Transaction, name: str, cadence: str, boundary: datetime, last_number: int = 0
) -> None:
    """Begin a stream: periods up to `boundary` are past, posts up to `last_number`."""
    tx.run(
        _SQL["add_stream"],
        name=name,
        cadence=cadence,
        boundary=to_micros(boundary),
        last_number=last_number,
    )


def move_boundary(
    tx: Transaction,
    name: str,
    cadence: str,
    *,
    expected: datetime,
    boundary: datetime,
    last_number: int,
) -> bool:
    """Move a stream on, if its boundary is still `expected` (compare and set)."""
    return bool(
        tx.run(
            _SQL["move_boundary"],
            name=name,
            cadence=cadence,
            expected=to_micros(expected),
            boundary=to_micros(boundary),
            last_number=last_number,
        )
    )


def uncount_issue(tx: Transaction, issue: Issue) -> bool:
    """Give back the number of a stream's last issue, and what it covered.

    False, and nothing is changed, where the stream has come further.
    """
    return bool(
        tx.run(
            _SQL["uncount_issue"],
            name=issue.newsletter,
            cadence=issue.cadence,
            number=issue.number,
            from_number=issue.from_number,
            upto_number=issue.upto_number,
        )
    )


def others_are_past(tx: Transaction, issue: Issue, number: int) -> bool:
    """Tell whether a stream of the issue's newsletter but its own is past a number."""
    row = tx.one(
        _SQL["others_are_past"],
        name=issue.newsletter,
        cadence=issue.cadence,
        number=number,
    )
    return row is not None


def count_issue(tx: Transaction, name: str, cadence: str) -> int:
    """Give the stream's next issue its number, and return it."""
    row = tx.one(_SQL["count_issue"], name=name, cadence=cadence)
    return int(row["issues"]) if row else 0
