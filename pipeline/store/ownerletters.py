"""Queries about letters to the site's owner: each event is told once, by its key.

A batch of them is sealed in `letter_batches`, as those of readers are. What a letter
says, and to whom, is forgotten once it is public; its key is not, so that nothing is
told again.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pydantic import ConfigDict, TypeAdapter

from pipeline.base.clock import from_micros, to_micros
from pipeline.digest.rendered import Page
from pipeline.store.database import Row, Transaction
from pipeline.store.ledger import note_letters
from pipeline.store.statements import statements

_SQL = statements("ownerletters")
_LETTERS = statements("letters")


@dataclass(frozen=True, slots=True)
class Enclosed:
    """An issue as one reader gets it, which a letter has below its words.

    `values` fill the page's slots; `parts` are the bytes of its images by digest.
    """

    page: Page
    values: Mapping[str, str]
    parts: Mapping[str, bytes]


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptLetter:
    """A letter that waits; without a `recipient` it goes to the owner."""

    id: int
    key: str
    kind: str
    recipient: str
    words: Mapping[str, Any]
    enclosed: Enclosed | None
    created: datetime


_ENCLOSED: TypeAdapter[tuple[Enclosed]] = TypeAdapter(
    tuple[Enclosed], config=ConfigDict(ser_json_bytes="base64", val_json_bytes="base64")
)


def add_owner_letter(tx: Transaction, letter: KeptLetter) -> bool:
    """Keep a letter that is to be made; False where its key is known.

    `letter.id` is not looked at.
    """
    return bool(
        tx.run(
            _SQL["add"],
            key=letter.key,
            kind=letter.kind,
            recipient=letter.recipient,
            words=json.dumps(dict(letter.words), ensure_ascii=False),
            page=None if letter.enclosed is None else _pack(letter.enclosed),
            created=to_micros(letter.created),
        )
    )


def is_told(tx: Transaction, key: str) -> bool:
    """Tell whether the owner was told of that event, or will be."""
    return tx.one(_SQL["find"], key=key) is not None


def is_out(tx: Transaction, key: str) -> bool:
    """Tell whether that letter is in the outbox, was there, or had nobody to go to."""
    return tx.one(_SQL["is_out"], key=key) is not None


def waiting_owner_letters(tx: Transaction, limit: int) -> list[KeptLetter]:
    """Return the oldest letters that are in no batch, at most `limit`."""
    return [_letter(row) for row in tx.all(_SQL["waiting"], limit=limit)]


def seal_owner_letters(
    tx: Transaction, name: str, attempt: str, letters: Collection[int]
) -> bool:
    """Decide that this stage goes out: its letters are in no other batch.

    False, and nothing is changed, when one of them is.
    """
    ids = json.dumps(list(letters))
    if tx.run(_SQL["take"], batch=name, ids=ids) != len(letters):
        tx.run(_SQL["release"], batch=name)
        return False
    tx.run(_LETTERS["seal"], name=name, attempt=attempt)
    note_letters(tx, name, attempt, ())
    return True


def hand_owner_letters(tx: Transaction, name: str) -> None:
    """Forget a batch that is public, and what its letters say; do nothing of others."""
    if tx.run(_SQL["hand"], batch=name):
        tx.run(_LETTERS["drop_batch"], name=name)


def drop_owner_letters(tx: Transaction, letters: Collection[int]) -> None:
    """Count letters as told that nobody is to get."""
    tx.run(_SQL["drop"], ids=json.dumps(list(letters)))


def forget_told(tx: Transaction, before: datetime) -> None:
    """Forget the keys of what was told before that time."""
    tx.run(_SQL["forget"], before=to_micros(before))


def owner_letters_to(tx: Transaction, key: str) -> list[tuple[str, datetime]]:
    """Return what waits for an address, by its key, in the owner's place: kind, time.

    One that is in the outbox is known there alone.
    """
    rows = tx.all(_SQL["of_recipient"], key=key)
    return [(row["kind"], from_micros(row["created"])) for row in rows]


def forget_owner_letters_to(tx: Transaction, key: str) -> int:
    """Forget what waits for an address, by its key, in the owner's place."""
    return tx.run(_SQL["forget_of"], key=key)


def _pack(enclosed: Enclosed) -> bytes:
    return zlib.compress(_ENCLOSED.dump_json((enclosed,)))


def _letter(row: Row) -> KeptLetter:
    page = row["page"]
    return KeptLetter(
        id=row["id"],
        key=row["key"],
        kind=row["kind"],
        recipient=row["recipient"],
        words=json.loads(row["words"]),
        enclosed=page and _ENCLOSED.validate_json(zlib.decompress(page))[0],
        created=from_micros(row["created"]),
    )
