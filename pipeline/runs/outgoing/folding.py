"""Folds the old lines of a ledger into what they come to, so that it stays short.

    lines before a time → how far streams and readers had come, and who is gone

A batch a week for years becomes one number a reader. What is lost by it: a post that
was away for longer than that and comes back under another number, or in a translation,
may come again after the restore of a backup that is older still.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from pipeline.base.clock import to_micros
from pipeline.outbox.entries import (
    Back,
    Begun,
    Covered,
    Entry,
    Erased,
    Kept,
    Left,
    Letters,
    Lifted,
    Line,
    Moved,
    Passed,
    Sealed,
    Summed,
    Told,
)
from pipeline.outbox.ledger import Ledger
from pipeline.runs.outgoing.ledger import flush_lines
from pipeline.store.database import Transaction
from pipeline.store.ledger import Standing, folded_octets, note_folded
from pipeline.store.manifest import (
    decode_members,
    encode_members,
    pack_members,
    unpack_members,
)
from pipeline.store.restores import REGULAR, open_restore
from pipeline.subscribers.subscriber import State

KEPT_WHOLE = timedelta(days=90)
"""Lines as young as that stay as they are: a backup is rarely older."""

WORTH_FOLDING_OCTETS = 1 << 20


def fold_if_long(tx: Transaction, ledger: Ledger, now: datetime) -> bool:
    """Fold the ledger when it is twice as long as after the last time; tell whether.

    Never while its owner still has to look at it. Raises OutputError.
    """
    least = max(WORTH_FOLDING_OCTETS, 2 * folded_octets(tx))
    if ledger.octets() < least or open_restore(tx) is not None:
        return False
    if flush_lines(tx, ledger) is not Standing.IN_STEP:
        return False
    ledger.rewrite(fold(list(ledger.read()), now - KEPT_WHOLE))
    note_folded(tx, ledger.octets())
    return True


def fold(lines: Sequence[Line], before: datetime) -> list[Line]:
    """Return lines that come to the same, those from `before` on as they are.

    The last one stays, by which the store knows its ledger.
    """
    limit = to_micros(before)
    young = (n for n, line in enumerate(lines) if _is_young(line.entry, limit))
    stop = min(next(young, len(lines)), len(lines) - 1)
    if stop < 1:
        return list(lines)
    folded = _Folded()
    for line in lines[:stop]:
        folded.take(line)
    seq = max(line.seq for line in lines[:stop])
    return [*folded.lines(seq), *lines[stop:]]


def _is_young(entry: Entry, limit: int) -> bool:
    return isinstance(entry, Sealed) and entry.at >= limit


@dataclass(slots=True)
class _Folded:
    """What lines come to."""

    others: list[Line] = field(default_factory=list)
    people: dict[object, Line] = field(default_factory=dict)
    streams: dict[tuple[str, str], Summed] = field(default_factory=dict)
    posts: dict[str, dict[str, Told]] = field(default_factory=dict)
    covered: dict[str, dict[int, int]] = field(default_factory=dict)
    ids: dict[str, int] = field(default_factory=dict)

    def take(self, line: Line) -> None:
        """Add a line."""
        entry = line.entry
        if isinstance(entry, (Begun, Erased)):
            self.others.append(line)
        elif isinstance(entry, (Left, Back, Moved, Kept, Lifted, Passed)):
            # The last of all says where it stands: a rule follows who left by it.
            self.people.pop(_whom(entry), None)
            self.people[_whom(entry)] = line
        else:
            self._sum(entry)

    def _sum(self, entry: Sealed | Letters | Summed | Covered) -> None:
        if isinstance(entry, Covered):
            self._cover(entry.newsletter, entry.upto, entry.members)
            return
        for name, seq in entry.ids.items():
            self.ids[name] = max(self.ids.get(name, 0), seq)
        if isinstance(entry, Letters) or entry.issue.kind != REGULAR:
            return
        self._take_issue(entry)
        for part in entry.parts if isinstance(entry, Sealed) else ():
            self._cover(entry.course.name, entry.issue.upto_number, part.members)

    def _take_issue(self, entry: Sealed | Summed) -> None:
        name, issue = entry.course.name, entry.issue
        known = self.streams.get((name, issue.cadence))
        if known is None or issue.number > known.issue.number:
            summed = Summed(course=entry.course, issue=issue, posts=())
            self.streams[name, issue.cadence] = summed
        posts = self.posts.setdefault(name, {})
        posts |= {told.id: told for told in entry.posts}

    def _cover(self, newsletter: str, upto: int, members: str) -> None:
        covered = self.covered.setdefault(newsletter, {})
        for member in unpack_members(decode_members(members)):
            covered[member] = max(covered.get(member, 0), upto)

    def lines(self, seq: int) -> Iterator[Line]:
        """Yield what is left; what is new is numbered `seq`, the last that went in.

        Somebody who came back is as if they had never left.
        """
        yield from self.others
        yield from (line for line in self.people.values() if not _undone(line.entry))
        for entry in self._sums():
            yield Line(seq=seq, mark="", entry=entry)

    def _sums(self) -> Iterator[Summed | Covered]:
        for (name, _), summed in self.streams.items():
            posts = tuple(self.posts.pop(name, {}).values())
            yield replace(summed, posts=posts, ids=self.ids)
        for name, covered in self.covered.items():
            for upto, members in _by_number(covered):
                manifest = encode_members(pack_members(members))
                yield Covered(newsletter=name, upto=upto, members=manifest)


def _whom(entry: Left | Back | Moved | Kept | Lifted | Passed) -> object:
    """Return what a line is about: of two such the later holds."""
    if isinstance(entry, (Kept, Lifted)):
        return entry.rule
    if isinstance(entry, Passed):
        return entry.post, entry.newsletter
    if isinstance(entry, Moved):
        return entry.member
    return entry.member, entry.newsletter


def _undone(entry: Entry) -> bool:
    return isinstance(entry, Back) or (
        isinstance(entry, Moved) and entry.state == State.ACTIVE
    )


def _by_number(covered: dict[int, int]) -> Iterable[tuple[int, list[int]]]:
    groups: dict[int, list[int]] = {}
    for member, upto in covered.items():
        groups.setdefault(upto, []).append(member)
    return groups.items()
