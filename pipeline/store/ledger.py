"""Queries about the outbox's ledger: what it must be told, and how far it is.

Whatever must outlive the loss of the store is noted here, in the transaction that makes
it so; runs/outgoing/ledger.py brings it to the disk. `position` is the last line that
is known to be there. A store from a backup has an older one: so it is known for what
it is.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping
from enum import StrEnum

from pipeline.outbox.entries import (
    Begun,
    Course,
    Entry,
    Erased,
    IssueFacts,
    Kept,
    Left,
    Letters,
    Line,
    Moved,
    Part,
    Passed,
    Position,
    Sealed,
    Told,
    dump_entry,
    load_entry,
)
from pipeline.store.database import Row, Transaction
from pipeline.store.manifest import encode_members
from pipeline.store.statements import statements
from pipeline.store.ties import find_tie, put_tie, store_name, suppression_key
from pipeline.subscribers.suppression import address_rule

_SQL = statements("ledger")
_POSITION = "ledger"
_FOLDED = "ledger folded"
_NOTHING_YET = Position(0, "")

SPARE_IDS = 10_000
"""Left free behind the highest id the ledger knows: readers may have joined since."""


class Standing(StrEnum):
    """How a store stands to its outbox's ledger."""

    NEW = "new"
    IN_STEP = "in step"
    OLDER_STORE = "older store"
    OLDER_LEDGER = "older ledger"
    NO_LEDGER = "no ledger"


def compare(tx: Transaction, end: Position | None) -> Standing:
    """Tell how this store stands to a ledger that ends at `end`, None for no ledger."""
    known = position(tx)
    if known is None:
        return Standing.NEW if end is None else Standing.OLDER_STORE
    if end is None:
        return Standing.IN_STEP if known == _NOTHING_YET else Standing.NO_LEDGER
    if end == known or tx.one(_SQL["known"], seq=end.seq, mark=end.mark):
        return Standing.IN_STEP
    return Standing.OLDER_STORE if end.seq >= known.seq else Standing.OLDER_LEDGER


def position(tx: Transaction) -> Position | None:
    """Return the last line known to be in the ledger; None for a store without one."""
    seq, _, mark = find_tie(tx, _POSITION).partition(" ")
    return Position(int(seq), mark) if seq else None


def set_position(tx: Transaction, place: Position) -> None:
    """Note that the ledger is known up to `place`."""
    put_tie(tx, _POSITION, f"{place.seq} {place.mark}")


def forget_ledger(tx: Transaction) -> None:
    """Have a copy of a store begin a ledger of its own."""
    put_tie(tx, _POSITION, "")


def folded_octets(tx: Transaction) -> int:
    """Return how long the ledger was when it was folded last, 0 where it never was."""
    return int(find_tie(tx, _FOLDED) or 0)


def note_folded(tx: Transaction, octets: int) -> None:
    """Note how long the ledger is, now that it was folded."""
    put_tie(tx, _FOLDED, str(octets))


def pending_lines(tx: Transaction, most: int = -1) -> list[Line]:
    """Return the lines that are not known to be in the ledger, in order.

    At most `most` of them where that is not negative.
    """
    return [
        Line(seq=row["seq"], mark=row["mark"], entry=load_entry(row["entry"]))
        for row in tx.all(_SQL["pending"], most=most)
    ]


def drop_lines(tx: Transaction, upto: int) -> None:
    """Forget the lines up to number `upto`: the ledger has them."""
    tx.run(_SQL["drop"], upto=upto)


def drop_marked(tx: Transaction, marks: Iterable[str]) -> None:
    """Forget the waiting lines of these marks: the ledger has them, wherever."""
    tx.run(_SQL["drop_marked"], marks=json.dumps(list(marks)))


def put_lines_behind(tx: Transaction, seq: int) -> None:
    """Number the waiting lines, and all that follow, above `seq`."""
    raise_ids(tx, {"ledger": seq}, spare=0)
    tx.run(_SQL["renumber"])
    tx.run(_SQL["renumber_back"], by=seq)
    highest = max((line.seq for line in pending_lines(tx)), default=seq)
    raise_ids(tx, {"ledger": highest}, spare=0)


def raise_ids(
    tx: Transaction, ids: Mapping[str, int], *, spare: int = SPARE_IDS
) -> None:
    """Let no id be given again that is not above those of `ids`, by table."""
    for name, seq in ids.items():
        tx.run(_SQL["begin_counting"], name=name)
        tx.run(_SQL["raise"], name=name, seq=seq + (spare if name in _READERS else 0))


_READERS = frozenset({"subscribers"})


def given_ids(tx: Transaction) -> dict[str, int]:
    """Return the highest id that was ever given in each table."""
    row = tx.one(_SQL["ids"])
    found: dict[str, int] = json.loads(row["ids"]) if row else {}
    return found


def note(tx: Transaction, entry: Entry) -> None:
    """Note what the ledger must be told."""
    tx.run(_SQL["note"], entry=dump_entry(entry))


def note_batch(tx: Transaction, name: str) -> None:
    """Note a batch of an issue that was sealed, with all it was."""
    row = tx.one(_SQL["batch"], name=name)
    if row is None:
        return
    given = tx.all(_SQL["given"], batch=name)
    parts = [(row["one"], row["members"])] if row["one"] else _parts(tx, name)
    posts = {g["number"]: Told(g["post"], g["number"], g["text"]) for g in given}
    numbers = defaultdict[int, list[int]](list)
    for g in given:
        numbers[g["variant"]].append(g["number"])
    note(
        tx,
        Sealed(
            name=name,
            attempt=row["attempt"],
            at=row["sealed"] or row["opened"],
            course=Course(row["newsletter"], row["started"], row["selection"]),
            issue=_facts(row),
            posts=tuple(posts.values()),
            parts=tuple(
                Part(variant, tuple(numbers[variant]), encode_members(members))
                for variant, members in parts
            ),
            ids=given_ids(tx),
        ),
    )


def note_letters(
    tx: Transaction, name: str, attempt: str, letters: Iterable[int]
) -> None:
    """Note a batch of letters that was sealed."""
    note(
        tx,
        Letters(name=name, attempt=attempt, letters=tuple(letters), ids=given_ids(tx)),
    )


def note_passed(
    tx: Transaction, newsletter: str, post_id: str, *, back: bool = False
) -> None:
    """Note that an owner has left a post out of a newsletter, or put it `back`."""
    row = tx.one(_SQL["text"], post=post_id)
    text = row["text_digest"] if row else ""
    note(tx, Passed(newsletter=newsletter, post=post_id, text=text, back=back))


def rule_of(tx: Transaction, member: int) -> str:
    """Return the digest of a reader's address; empty where there is no such reader."""
    row = tx.one(_SQL["reader"], id=member)
    return address_rule(suppression_key(tx), row["key"]) if row else ""


def describe_all(tx: Transaction) -> None:
    """Note all that a ledger would say of this store, and that it begins with that."""
    erased = [one.entry for one in pending_lines(tx) if isinstance(one.entry, Erased)]
    tx.run(_SQL["drop_all"])
    key = suppression_key(tx)
    note(tx, Begun(store=store_name(tx)))
    for row in tx.all(_SQL["handed"]):
        note_batch(tx, row["name"])
    for row in tx.all(_SQL["gone"]):
        left = Left(
            member=row["subscriber"],
            rule=address_rule(key, row["key"]),
            newsletter=row["newsletter"],
            at=row["created"],
        )
        note(tx, left)
    for row in tx.all(_SQL["moved"]):
        note(tx, Moved(member=row["id"], state=row["state"], at=row["ended"]))
    for row in tx.all(_SQL["suppressions"]):
        note(tx, Kept(rule=row["rule"], reason=row["reason"], at=row["created"]))
    for entry in erased:
        note(tx, entry)
    set_position(tx, _NOTHING_YET)


def note_erasure(tx: Transaction, member: int) -> None:
    """Note that a reader was erased; what waits to be said of them is said no more."""
    for line in pending_lines(tx):
        if getattr(line.entry, "member", None) == member:
            tx.run(_SQL["drop_one"], seq=line.seq)
    if member:
        note(tx, Erased(member=member))


def _parts(tx: Transaction, name: str) -> list[tuple[int, bytes]]:
    return [
        (row["variant"], row["members"]) for row in tx.all(_SQL["parts"], batch=name)
    ]


def _facts(row: Row) -> IssueFacts:
    return IssueFacts(
        id=row["id"],
        cadence=row["cadence"],
        number=row["number"],
        kind=row["kind"],
        boundary=row["boundary"],
        from_number=row["from_number"],
        upto_number=row["upto_number"],
        opened=row["opened"],
    )
