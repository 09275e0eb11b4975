"""Queries about how things stand: the last pass and its scans, troubles, counts.

Cheap, however many readers there are: whoever watches over us asks every few seconds.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from pipeline.base.clock import from_micros, to_micros
from pipeline.digest.issue import IssueState
from pipeline.outbox.batch import BatchState
from pipeline.store.database import Transaction
from pipeline.store.statements import statements
from pipeline.store.subscribers import count_members

_SQL = statements("standing")


@dataclass(frozen=True, slots=True, kw_only=True)
class Scan:
    """What a pass found of a site: its posts, those that are public, what is wrong."""

    site: str
    time: datetime
    posts: int
    public: int
    faults: int
    warnings: int


@dataclass(frozen=True, slots=True, kw_only=True)
class LastPass:
    """The last pass that came to its end: when, how long it took, its exit status."""

    ended: datetime
    took: timedelta
    exit_status: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Trouble:
    """Something that is wrong: a short name that stays, and a sentence.

    `told` says that the owner was written to about it.
    """

    name: str
    what: str
    since: datetime
    told: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """Readers by newsletter, issues by newsletter and state, batches that are not out
    yet by state, and letters that wait to be made."""

    readers: dict[str, int]
    issues: dict[tuple[str, IssueState], int]
    batches: dict[BatchState, int]
    letters: int


def put_scans(tx: Transaction, scans: Iterable[Scan], sites: Iterable[str]) -> None:
    """Keep what a pass found; of a site not among `sites` nothing is kept any more."""
    tx.run_many(
        _SQL["put_scan"],
        (
            {
                "site": scan.site,
                "time": to_micros(scan.time),
                "posts": scan.posts,
                "public": scan.public,
                "faults": scan.faults,
                "warnings": scan.warnings,
            }
            for scan in scans
        ),
    )
    tx.run(_SQL["drop_scans"], sites=json.dumps(list(sites)))


def last_scans(tx: Transaction) -> dict[str, Scan]:
    """Return what was last found of each site, by its name."""
    return {
        row["site"]: Scan(
            site=row["site"],
            time=from_micros(row["time"]),
            posts=row["posts"],
            public=row["public"],
            faults=row["faults"],
            warnings=row["warnings"],
        )
        for row in tx.all(_SQL["scans"])
    }


def put_pass(tx: Transaction, last: LastPass) -> None:
    """Keep how the last pass was."""
    tx.run(
        _SQL["put_pass"],
        ended=to_micros(last.ended),
        milliseconds=last.took // timedelta(milliseconds=1),
        exit_status=last.exit_status,
    )


def find_last_pass(tx: Transaction) -> LastPass | None:
    """Return how the last pass was, or None where there was none yet."""
    row = tx.one(_SQL["pass"])
    if row is None:
        return None
    return LastPass(
        ended=from_micros(row["ended"]),
        took=timedelta(milliseconds=row["milliseconds"]),
        exit_status=row["exit_status"],
    )


def standing_troubles(tx: Transaction) -> list[Trouble]:
    """Return what is wrong, the oldest first."""
    return [
        Trouble(
            name=row["name"],
            what=row["what"],
            since=from_micros(row["since"]),
            told=bool(row["told"]),
        )
        for row in tx.all(_SQL["troubles"])
    ]


def put_trouble(tx: Transaction, trouble: Trouble) -> None:
    """Keep what is wrong; of one that was known only `what` is taken."""
    tx.run(
        _SQL["put_trouble"],
        name=trouble.name,
        what=trouble.what,
        since=to_micros(trouble.since),
    )


def note_told(tx: Transaction, name: str) -> None:
    """Note that the owner was written to about a trouble."""
    tx.run(_SQL["tell_trouble"], name=name)


def end_trouble(tx: Transaction, name: str) -> None:
    """Forget a trouble that is over."""
    tx.run(_SQL["end_trouble"], name=name)


def count_standing(tx: Transaction) -> Counts:
    """Return the numbers of what is in the store."""
    letters = tx.one(_SQL["letters"])
    return Counts(
        readers=count_members(tx),
        issues={
            (row["newsletter"], IssueState(row["state"])): row["n"]
            for row in tx.all(_SQL["issues"])
        },
        batches={BatchState(row["state"]): row["n"] for row in tx.all(_SQL["batches"])},
        letters=letters["n"] if letters else 0,
    )
