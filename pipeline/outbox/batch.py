"""A batch: its name, its messages, and the table of its states. Touches no disk."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from pipeline.base.errors import UsageError


class BatchState(StrEnum):
    """How far a batch has come; the store says so, and the disk follows."""

    OPEN = "open"
    SEALED = "sealed"
    HANDED = "handed"


class BatchEvent(StrEnum):
    """What can happen to a batch: each is one commit of the store."""

    SEAL = "seal"
    HAND = "hand"


class Place(StrEnum):
    """Where in the outbox a batch lies; only NOWHERE and STAGED are hidden."""

    NOWHERE = "nowhere"
    STAGED = "staged"
    NEW = "new"
    CUR = "cur"
    SENT = "sent"
    FAILED = "failed"


PUBLIC = frozenset({Place.NEW, Place.CUR, Place.SENT, Place.FAILED})


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One state: where the batch may lie meanwhile, who moves it on and how, and what
    finding it so after a crash means."""

    state: BatchState
    places: frozenset[Place]
    mover: str
    event: BatchEvent | None
    to: BatchState | None
    after_crash: str


BATCH_STATES = (
    Row(
        state=BatchState.OPEN,
        places=frozenset({Place.NOWHERE, Place.STAGED}),
        mover="mailout, once every file of a stage is on the disk",
        event=BatchEvent.SEAL,
        to=BatchState.SEALED,
        after_crash="no reader has it: its stages, whole or part, are removed, and it "
        "is staged anew",
    ),
    Row(
        state=BatchState.SEALED,
        places=PUBLIC | {Place.STAGED},
        mover="mailout, or the next run's recovery, once the batch is public",
        event=BatchEvent.HAND,
        to=BatchState.HANDED,
        after_crash="its stage is published again; when that is gone, the relay has it",
    ),
    Row(
        state=BatchState.HANDED,
        places=PUBLIC,
        mover="nobody: the relay moves the folder, the ledger is closed",
        event=None,
        to=None,
        after_crash="it is the relay's: nothing is done",
    ),
)
"""Every legal state. NOWHERE is also where a SEALED or HANDED batch lies that a relay
has finished and somebody swept, or whose every reader left before it was staged."""

_MOVES = {(row.state, row.event): row.to for row in BATCH_STATES}


class IllegalBatchMove(UsageError):
    """A batch was told to do what its state does not allow."""


def advance(state: BatchState, event: BatchEvent) -> BatchState:
    """Return the state after `event`; raise IllegalBatchMove where there is none."""
    to = _MOVES.get((state, event))
    if to is None:
        raise IllegalBatchMove(f"a batch that is {state} takes no {event}")
    return to


@dataclass(frozen=True, slots=True, kw_only=True)
class Envelope:
    """One message and who it is from and for.

    `sender` is where bounces go ("" for none), `recipient` the reader's address, both
    bare (RFC 5321 Mailbox, ASCII). `message` is complete: CRLF, 7-bit.
    """

    member: int
    sender: str
    recipient: str
    message: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """What batch.json says of a batch beside its counts; `created` is aware."""

    newsletter: str
    issue: int
    variant: int
    created: datetime


def batch_name(newsletter: str, number: int, variant: int, n: int) -> str:
    """Return the folder name of batch `n` of a variant of an issue.

    Names sort in the order of sending. `newsletter` is a name as config.yaml takes it
    (a-z, 0-9 and -), so that the last three numbers can always be told from it.
    """
    return f"{newsletter}-{number:06}-{variant:03}-{n:04}"


def issue_of(name: str) -> int:
    """Return the issue's id that `batch_name` put into `name`; 0 where it did not."""
    parts = name.rsplit("-", 3)
    of_issue = len(parts) == 4 and all(map(str.isdecimal, parts[1:]))
    return int(parts[1]) if of_issue else 0


def newsletter_of(name: str) -> str:
    """Return the newsletter that `batch_name` put into `name`."""
    return name.rsplit("-", 3)[0]
