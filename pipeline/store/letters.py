"""Queries about letters, transactional mail that waits to be made, and their batches.

A batch of letters is in the store from its seal until a relay has claimed it, and then
forgotten with its letters. They hold no more than an id, by which somebody who leaves
meanwhile has theirs withdrawn.
"""

from __future__ import annotations

import json
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from pipeline.base.clock import to_micros
from pipeline.store.database import Transaction
from pipeline.store.ledger import note_letters
from pipeline.store.statements import statements

_SQL = statements("letters")


class LetterKind(StrEnum):
    """What a letter is about: an ask that it answers, or what comes after it.

    A `move` asks the new mailbox of a reader, `moved` tells the one before.
    """

    ANSWER = "answer"
    WELCOME = "welcome"
    MOVE = "move"
    MOVED = "moved"


@dataclass(frozen=True, slots=True)
class Letter:
    """A letter that waits: its own id, and that of the ask it belongs to."""

    id: int
    kind: LetterKind
    ask: int

    @property
    def member(self) -> int:
        """What a batch knows it by: below zero, so that it is no reader's id."""
        return -self.id


def add_letter(
    tx: Transaction, kind: LetterKind, newsletter: str, ask: int, time: datetime
) -> None:
    """Keep a letter that is to be made, from `newsletter`'s sender."""
    tx.run(
        _SQL["add"], kind=kind, newsletter=newsletter, ask=ask, created=to_micros(time)
    )


def newsletters_waiting(tx: Transaction) -> list[str]:
    """Return the newsletters that have letters to send, the longest waiting first."""
    return [row["newsletter"] for row in tx.all(_SQL["newsletters"])]


def waiting_letters(tx: Transaction, newsletter: str, limit: int) -> list[Letter]:
    """Return a newsletter's oldest letters that are in no batch, at most `limit`."""
    rows = tx.all(_SQL["waiting"], newsletter=newsletter, limit=limit)
    return [Letter(row["id"], LetterKind(row["kind"]), row["ask"]) for row in rows]


def seal_letters(
    tx: Transaction, name: str, attempt: str, letters: Collection[int]
) -> bool:
    """Decide that this stage goes out: its letters are in no other batch.

    False, and nothing is changed, when one of them is, or was forgotten.
    """
    ids = json.dumps(list(letters))
    if tx.run(_SQL["take"], batch=name, ids=ids) != len(letters):
        tx.run(_SQL["release"], batch=name)
        return False
    tx.run(_SQL["seal"], name=name, attempt=attempt)
    note_letters(tx, name, attempt, letters)
    return True


def sealed_letters(tx: Transaction) -> dict[str, str]:
    """Return the attempt of every sealed batch of letters, by name."""
    return {row["name"]: row["attempt"] for row in tx.all(_SQL["sealed"])}


def hand_letters(tx: Transaction, name: str) -> None:
    """Note that a batch is public."""
    tx.run(_SQL["hand"], name=name)


def handed_letters(tx: Transaction) -> list[str]:
    """Return the names of the public batches of letters that are not forgotten yet."""
    return [row["name"] for row in tx.all(_SQL["handed"])]


def forget_letters(tx: Transaction, name: str) -> None:
    """Forget a batch that a relay has claimed, and its letters."""
    tx.run(_SQL["drop_letters"], name=name)
    tx.run(_SQL["drop_batch"], name=name)


def withdraw_letters(tx: Transaction, key: str, newsletter: str = "") -> None:
    """Note that an address must get none of the letters that are there now.

    With `newsletter` none that is about it, and then the address a reader had before
    is still told that it was changed. Those in no batch are forgotten.
    """
    tx.run(_SQL["withdraw"], key=key, newsletter=newsletter)
    if not newsletter:
        tx.run(_SQL["withdraw_told"], key=key)
    tx.run(_SQL["drop_withdrawn"])


def withdraw_letters_at(tx: Transaction, domain: str) -> None:
    """Note the same of everybody at a domain (`@example.org`) or below it."""
    for name in ("withdraw_at", "withdraw_told_at"):
        tx.run(_SQL[name], domain=domain, below=f".{domain[1:]}")
    tx.run(_SQL["drop_withdrawn"])


def withdraw_moves(tx: Transaction, reader: int) -> None:
    """Note that a reader has no mail to move: no mailbox they named is asked any more.

    Those letters are to other addresses than the reader's own.
    """
    tx.run(_SQL["withdraw_moves"], reader=reader)
    tx.run(_SQL["drop_withdrawn"])


def withdraw_expired(tx: Transaction, now: datetime) -> None:
    """Note that answers whose time is over must not go out: their links are dead."""
    tx.run(_SQL["withdraw_expired"], time=to_micros(now))


def withdrawn_letters(tx: Transaction, name: str) -> set[int]:
    """Return the members of a batch whose letters must not go out."""
    return {row["member"] for row in tx.all(_SQL["withdrawn"], batch=name)}


def drop_letters(tx: Transaction, letters: Collection[int]) -> None:
    """Forget letters that are not to be sent."""
    tx.run(_SQL["drop"], ids=json.dumps(list(letters)))
