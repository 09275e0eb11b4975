"""Queries about batches: the ledger of who gets what, and its moves."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from pipeline.base.clock import from_micros, to_micros
from pipeline.outbox.batch import BatchState
from pipeline.store.database import Row, Transaction
from pipeline.store.ledger import note_batch
from pipeline.store.manifest import pack_members, unpack_members
from pipeline.store.statements import statements

_SQL = statements("batches")

MIXED = 0
"""Where a batch of several variants has the number of its one; they go out last."""


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptBatch:
    """A batch as the store keeps it; `attempt` names the stage that was sealed.

    `variant` is MIXED where its members get different mails.
    """

    name: str
    issue_id: int
    variant: int
    n: int
    state: BatchState
    attempt: str
    members: tuple[int, ...]
    sealed: datetime | None


def add_batch(
    tx: Transaction, name: str, issue_id: int, place: tuple[int, int], members: set[int]
) -> None:
    """Keep an open batch; `place` is its variant and its number in it."""
    variant, n = place
    tx.run(
        _SQL["add"],
        name=name,
        issue=issue_id,
        variant=variant,
        n=n,
        count=len(members),
        members=pack_members(members),
    )


def add_mixed_batch(
    tx: Transaction, name: str, issue_id: int, n: int, parts: Mapping[int, set[int]]
) -> None:
    """Keep an open batch whose members, by variant, get different mails."""
    members = set().union(*parts.values())
    add_batch(tx, name, issue_id, (MIXED, n), members)
    tx.run_many(
        _SQL["add_part"],
        (
            {
                "batch": name,
                "issue": issue_id,
                "variant": variant,
                "members": pack_members(some),
            }
            for variant, some in parts.items()
        ),
    )


def batch_parts(tx: Transaction, batch: KeptBatch) -> list[tuple[int, tuple[int, ...]]]:
    """Return the members of a batch by their variant, in order."""
    if batch.variant != MIXED:
        return [(batch.variant, batch.members)]
    return [
        (row["variant"], unpack_members(row["members"]))
        for row in tx.all(_SQL["parts"], batch=batch.name)
    ]


def variant_members(tx: Transaction, issue_id: int, variant: int) -> set[int]:
    """Return who was to get a variant of an issue."""
    rows = tx.all(_SQL["members_of_variant"], issue=issue_id, variant=variant)
    return {member for row in rows for member in unpack_members(row["members"])}


def open_batches(tx: Transaction, issue_id: int) -> list[KeptBatch]:
    """Return the issue's batches that are not sealed yet, in order."""
    return [_batch(row) for row in tx.all(_SQL["open"], issue=issue_id)]


def issue_batches(tx: Transaction, issue_id: int) -> list[KeptBatch]:
    """Return all batches of an issue, in order."""
    return [_batch(row) for row in tx.all(_SQL["of_issue"], issue=issue_id)]


def find_batch(tx: Transaction, name: str) -> KeptBatch | None:
    """Return the batch of that name, or None."""
    row = tx.one(_SQL["find"], name=name)
    return None if row is None else _batch(row)


def sealed_batches(tx: Transaction) -> dict[str, str]:
    """Return the attempt of every sealed batch, by name: what recovery publishes."""
    return {row["name"]: row["attempt"] for row in tx.all(_SQL["sealed"])}


def seal_batch(tx: Transaction, name: str, attempt: str, time: datetime) -> bool:
    """Move open to sealed, naming the staged attempt: the decision point.

    The ledger is to have it before the batch is public.
    """
    sealed = tx.run(_SQL["seal"], name=name, attempt=attempt, sealed=to_micros(time))
    if sealed:
        note_batch(tx, name)
    return bool(sealed)


def hand_batch(tx: Transaction, name: str) -> bool:
    """Move sealed to handed: the batch is public."""
    return bool(tx.run(_SQL["hand"], name=name))


def all_handed(tx: Transaction, issue_id: int) -> bool:
    """Tell whether every batch of the issue is public."""
    row = tx.one(_SQL["not_handed"], issue=issue_id)
    return row is not None and row["n"] == 0


def tally_batches(tx: Transaction, issue_id: int) -> tuple[int, int]:
    """Return how many batches an issue has, and for how many readers."""
    row = tx.one(_SQL["tally"], issue=issue_id)
    return (row["batches"], row["members"]) if row else (0, 0)


def _batch(row: Row) -> KeptBatch:
    sealed = row["sealed"]
    return KeptBatch(
        name=row["name"],
        issue_id=row["issue"],
        variant=row["variant"],
        n=row["n"],
        state=BatchState(row["state"]),
        attempt=row["attempt"],
        members=unpack_members(row["members"]),
        sealed=None if sealed is None else from_micros(sealed),
    )
