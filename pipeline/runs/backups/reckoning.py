"""What the lines of a ledger come to for readers and posts: of each the last counts.

Left, Back → gone from which newsletter     Moved → ended     Passed → left out
Kept, Lifted → who must get no mail         Erased → erased
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field

from pipeline.outbox.entries import (
    Back,
    Entry,
    Erased,
    Kept,
    Left,
    Lifted,
    Moved,
    Passed,
)
from pipeline.subscribers.subscriber import State
from pipeline.subscribers.suppression import Reason


@dataclass(slots=True)
class Reckoning:
    """What lines come to.

    The store had given ids up to `readers` to them, and since it was put back those of
    `joined`. What was blocked nobody but its owner lifts.
    """

    readers: int
    joined: frozenset[int]
    ended: dict[tuple[int, str], Left | Back] = field(default_factory=dict)
    moved: dict[int, Moved] = field(default_factory=dict)
    rules: dict[str, Kept | Lifted] = field(default_factory=dict)
    erased: set[int] = field(default_factory=set)
    posts: dict[tuple[str, str], Passed] = field(default_factory=dict)

    def take(self, entry: Entry) -> None:
        """Let one line have been."""
        match entry:
            case Left() | Back():
                self.ended[entry.member, entry.newsletter] = entry
                if self._is_stranger(entry.member) and entry.rule:
                    self._note_stranger(entry)
            case Moved():
                if entry.state != State.ACTIVE or not self._is_put_out(entry.member):
                    self.moved[entry.member] = entry
            case Kept() | Lifted():
                if isinstance(entry, Kept) or not self._stays_blocked(entry):
                    self.rules[entry.rule] = entry
            case Erased():
                self.erased.add(entry.member)
            case Passed():
                self.posts[entry.newsletter, entry.post] = entry
            case _:
                pass

    def left(self) -> dict[int, set[str]]:
        """Return what each reader left and did not come back to, but of the erased."""
        found = defaultdict[int, set[str]](set)
        for (member, newsletter), entry in self.ended.items():
            if isinstance(entry, Left) and member not in self.erased:
                found[member].add(newsletter)
        return found

    def ends(self) -> dict[int, Moved]:
        """Return the readers who came into a state in which they get no mail."""
        return {m: moved for m, moved in self.moved.items() if _ends(moved)}

    def _note_stranger(self, entry: Left | Back) -> None:
        """Keep somebody who left, and is not in the store, out of lists they are on."""
        if isinstance(entry, Left):
            reason = Reason.UNSUBSCRIBED
            kept = Kept(rule=entry.rule, reason=reason, at=entry.at)
            if not isinstance(self.rules.get(entry.rule), Kept):
                self.rules[entry.rule] = kept
        elif self._merely_left(entry.rule):
            del self.rules[entry.rule]

    def _is_stranger(self, member: int) -> bool:
        return member > self.readers and member not in self.joined

    def _is_put_out(self, member: int) -> bool:
        known = self.moved.get(member)
        return known is not None and known.state == State.BLOCKED

    def _stays_blocked(self, entry: Lifted) -> bool:
        known = self.rules.get(entry.rule)
        is_blocked = isinstance(known, Kept) and known.reason == Reason.BLOCKED
        return is_blocked and entry.but_blocked

    def _merely_left(self, rule: str) -> bool:
        known = self.rules.get(rule)
        return isinstance(known, Kept) and known.reason == Reason.UNSUBSCRIBED


def _ends(moved: Moved) -> bool:
    return moved.state not in (State.ACTIVE, State.PENDING)
