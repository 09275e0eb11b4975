"""An issue of a newsletter and the table of its states. Reads and writes nothing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from pipeline.base.errors import UsageError
from pipeline.subscribers.choice import OWN_CADENCE


class IssueState(StrEnum):
    """How far an issue has come."""

    OPENED = "opened"
    HELD = "held"
    FROZEN = "frozen"
    SENDING = "sending"
    DONE = "done"
    STOPPED = "stopped"


class IssueEvent(StrEnum):
    """What can happen to an issue."""

    HOLD = "hold"
    RELEASE = "release"
    FREEZE = "freeze"
    SEND = "send"
    FINISH = "finish"
    STOP = "stop"
    REOPEN = "reopen"
    RESUME = "resume"


@dataclass(frozen=True, slots=True)
class Transition:
    """One legal move, and what finding the issue at its end means after a crash."""

    state: IssueState
    event: IssueEvent
    to: IssueState
    after_crash: str


_NOTHING_FROZEN = "nothing is frozen: the next run freezes it"
_WAITS = "nothing is frozen: it waits for its owner"
_ALL_FROZEN = "variants and batches are in the store: the next run seals the first"
_SOME_OPEN = "sealed batches are published again, then the open ones are sealed"
_ALL_HANDED = "every batch was handed over: nothing is left to do"
_STANDS = "sealed batches are published, open ones stay open until its owner resumes"

_S, _E = IssueState, IssueEvent

ISSUE_TRANSITIONS = (
    Transition(_S.OPENED, _E.HOLD, _S.HELD, _WAITS),
    Transition(_S.HELD, _E.RELEASE, _S.OPENED, _NOTHING_FROZEN),
    Transition(_S.OPENED, _E.FREEZE, _S.FROZEN, _ALL_FROZEN),
    Transition(_S.FROZEN, _E.SEND, _S.SENDING, _SOME_OPEN),
    # An issue that is news to nobody has no batch to seal.
    Transition(_S.FROZEN, _E.FINISH, _S.DONE, _ALL_HANDED),
    Transition(_S.SENDING, _E.FINISH, _S.DONE, _ALL_HANDED),
    Transition(_S.OPENED, _E.STOP, _S.STOPPED, _WAITS),
    Transition(_S.HELD, _E.STOP, _S.STOPPED, _WAITS),
    Transition(_S.FROZEN, _E.STOP, _S.STOPPED, _STANDS),
    Transition(_S.SENDING, _E.STOP, _S.STOPPED, _STANDS),
    # Reopened when it was stopped before its batches were written, else resumed.
    Transition(_S.STOPPED, _E.REOPEN, _S.OPENED, _NOTHING_FROZEN),
    Transition(_S.STOPPED, _E.RESUME, _S.SENDING, _SOME_OPEN),
)
"""Every legal move. An issue is born `opened`, by compare-and-set on the boundary of
its stream; the store writes each move in the transaction of what it stands for."""

_DEEDS = {
    _E.HOLD: "hold",
    _E.RELEASE: "release",
    _E.STOP: "stop",
    _E.REOPEN: "resume",
    _E.RESUME: "resume",
}
"""What an owner says to have it moved so; the other moves are a run's."""

_MOVES = {(row.state, row.event): row.to for row in ISSUE_TRANSITIONS}


class IllegalMove(UsageError):
    """An issue was told to do what its state does not allow."""


def advance(state: IssueState, event: IssueEvent) -> IssueState:
    """Return the state after `event`; raise IllegalMove where the table has no row."""
    try:
        return _MOVES[state, event]
    except KeyError:
        moves = [row.event for row in ISSUE_TRANSITIONS if row.state is state]
        allowed = dict.fromkeys(_DEEDS[each] for each in moves if each in _DEEDS)
        remedy = (
            f"it takes {', '.join(allowed)}" if allowed else "nothing is left to do"
        )
        told = _DEEDS.get(event, event)
        raise IllegalMove(
            f"an issue that is {state} takes no {told}: {remedy}"
        ) from None


@dataclass(frozen=True, slots=True, kw_only=True)
class Issue:
    """One number of a stream: the news numbered from_number < n <= upto_number.

    A stream is a newsletter at one `cadence`. `boundary` is the aware time the issue
    was due at; `number` counts the stream's issues from 1; `kind` is `regular`,
    `correction` or `test`. A reader who came over from another stream also gets what
    lies between their coverage and from_number. A correction has the number of the
    issue it `corrects`, and `intro`, its owner's words.
    """

    id: int
    newsletter: str
    cadence: str = OWN_CADENCE
    number: int
    state: IssueState = IssueState.OPENED
    kind: str = "regular"
    boundary: datetime
    from_number: int
    upto_number: int
    corrects: int | None = None
    intro: str = ""

    @property
    def label(self) -> str:
        """What its owner reads: `weekly #12`, or `weekly (daily) #12`."""
        stream = f" ({self.cadence})" if self.cadence != OWN_CADENCE else ""
        kind = "" if self.kind == "regular" else f" ({self.kind})"
        return f"{self.newsletter}{stream} #{self.number}{kind}"
