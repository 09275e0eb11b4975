"""Finds a store that is older than its outbox, and puts everything on hold until told.

    the ledger's last line → is it one the store knows? → else a hold, for its owner

That costs a look at the end of one file. Only a store from a backup does not know the
line: since it was made, issues went out, and readers left. What the ledger says of that
is applied when the owner accepts it (runs/backups/remembering.py); until then no issue
is opened, frozen or sent, and what was decided before is finished: stages that the
ledger names are published, letters that it names are not sent again, and no id is given
twice.

An outbox that is away for a while stands on top of that, and uncovers it when it ends.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from pipeline.base.errors import InputError
from pipeline.base.files import make_folder
from pipeline.outbox.batch import newsletter_of
from pipeline.outbox.entries import (
    Back,
    Covered,
    Entry,
    Erased,
    Left,
    Letters,
    Line,
    Position,
    Sealed,
    Summed,
)
from pipeline.outbox.ledger import Ledger
from pipeline.outbox.ownership import take_ownership
from pipeline.outbox.spool import Spool
from pipeline.runs.outgoing.ledger import flush_lines
from pipeline.store.database import Database, Transaction
from pipeline.store.holds import (
    Hold,
    Reason,
    Scope,
    end_hold,
    hold_of,
    put_hold,
)
from pipeline.store.ledger import (
    Standing,
    compare,
    describe_all,
    drop_lines,
    drop_marked,
    given_ids,
    pending_lines,
    position,
    put_lines_behind,
    raise_ids,
    set_position,
)
from pipeline.store.letters import drop_letters
from pipeline.store.restores import (
    Restore,
    add_restore,
    open_restore,
    settle_restore,
)
from pipeline.store.subscribers import count_members
from pipeline.store.ties import store_name

_READERS = "subscribers"


def claim_outbox(database: Database, spool: Spool, now: datetime) -> Restore | None:
    """Make sure that the outbox is this store's, and that both know the same.

    A store with readers gets one before there is mail: the ledger has who leaves.
    Returns what its owner must decide first, None where all is well. Raises OutputError
    when the outbox is another store's, or the disk refuses.
    """
    with database.transaction() as tx:
        if position(tx) is None and count_members(tx):
            make_folder(spool.folder)
        take_ownership(spool.folder, store_name(tx))
        restore = _settle(tx, spool, now)
    with database.transaction() as tx:
        flush_lines(tx, Ledger(spool.folder))
    return restore


def told_restore(restore: Restore) -> str:
    """Return what was found, in one sentence."""
    return _TOLD[restore.kind]


_TOLD = {
    Standing.OLDER_STORE: "the store is older than the outbox, as one from a backup is",
    Standing.NO_LEDGER: "the outbox has lost its ledger, or is not mounted: what went "
    "out since this store was written cannot be known",
    Standing.OLDER_LEDGER: "the outbox is older than the store, as one from a backup "
    "is: what lies in its new/ and cur/ may have been sent before",
}


def end_restore(tx: Transaction, restore: Restore, now: datetime) -> None:
    """Note that this is decided, or is not so any more.

    What it stood on holds mail again; where there is nothing below, mail goes on.
    """
    settle_restore(tx, restore, now)
    below = open_restore(tx)
    hold = hold_of(tx, Scope.EVERYTHING, "", Reason.RESTORE)
    if below is not None:
        _hold(tx, below)
    elif hold is not None:
        end_hold(tx, hold.id)


def look_unchanged(tx: Transaction, restore: Restore, ledger: Ledger) -> None:
    """Raise InputError when the ledger is not as it was when `restore` was found."""
    expected = restore.kind
    if expected is Standing.OLDER_STORE:
        # What waits for its owner is of a ledger that this store goes on with.
        expected = Standing.IN_STEP
    if compare(tx, ledger.end()) is not expected:
        raise InputError(
            f"{ledger.path} is not as the last run found it: mount the outbox, if it "
            "is away, and let `pressroom once` look again"
        )


def _settle(tx: Transaction, spool: Spool, now: datetime) -> Restore | None:
    ledger = Ledger(spool.folder)
    end = ledger.end()
    standing = compare(tx, end)
    found = _found(tx, standing, now)
    if standing is Standing.NEW and ledger.can_be():
        describe_all(tx)
    elif standing is Standing.OLDER_STORE and end is not None:
        _catch_up(tx, spool, end, found, now)
    elif standing in (Standing.NO_LEDGER, Standing.OLDER_LEDGER):
        _put(tx, Restore(kind=standing, after=0, upto=0, readers=0, found=now), found)
    return open_restore(tx)


def _found(tx: Transaction, standing: Standing, now: datetime) -> Restore | None:
    """Return what waits for its owner, once what is not so any more has ended."""
    found = open_restore(tx)
    if found is None or found.kind is Standing.OLDER_STORE:
        return found
    if standing in (found.kind, Standing.NEW):
        return found
    # Its ledger is there again, as after a disk was mounted, or is lost in another way.
    end_restore(tx, found, now)
    return open_restore(tx)


def _catch_up(
    tx: Transaction,
    spool: Spool,
    end: Position,
    found: Restore | None,
    now: datetime,
) -> None:
    """Have a store from a backup go on behind the ledger's end, held.

    What was noted since the backup was put back is behind it too; what waited when the
    backup was made came to the ledger since, and stays where it is there.
    """
    known, readers = position(tx), given_ids(tx).get(_READERS, 0)
    after = known.seq if known else 0
    if found is not None:
        # The backup was made while an earlier one waited for its owner.
        after, readers = min(after, found.after), min(readers, found.readers)
    waiting = {line.mark for line in pending_lines(tx)}
    met = _Met(waiting, set(spool.leftovers()))
    for line in Ledger(spool.folder).read(after):
        met.take(line)
    for name, attempt in met.decided:
        spool.publish(name, attempt, met.gone)
    drop_letters(tx, met.letters)
    drop_lines(tx, met.folded)
    drop_marked(tx, met.marks)
    put_lines_behind(tx, end.seq)
    raise_ids(tx, met.ids)
    set_position(tx, end)
    restore = Restore(
        kind=Standing.OLDER_STORE,
        after=after,
        upto=end.seq,
        readers=readers,
        found=now,
    )
    _put(tx, restore, found)


@dataclass(slots=True)
class _Met:
    """What the ledger's lines show, of lines that wait and of stages too.

    Ids that were given, letters that went out, who left; which marks of `waiting` it
    has, and which of `stages` it decided on. What is `folded` up to a number is met no
    more, and was there all the same.
    """

    waiting: set[str]
    stages: set[tuple[str, str]]
    marks: set[str] = field(default_factory=set)
    decided: list[tuple[str, str]] = field(default_factory=list)
    ids: dict[str, int] = field(default_factory=dict)
    letters: list[int] = field(default_factory=list)
    folded: int = 0
    left: set[tuple[str, int]] = field(default_factory=set)
    erased: set[int] = field(default_factory=set)

    def take(self, line: Line) -> None:
        """Look at one line."""
        entry = line.entry
        self.marks |= self.waiting & {line.mark}
        if isinstance(entry, (Summed, Covered)):
            self.folded = line.seq
        if isinstance(entry, Letters):
            self.letters += entry.letters
        if isinstance(entry, (Sealed, Letters)):
            self.decided += self.stages & {(entry.name, entry.attempt)}
        if isinstance(entry, (Sealed, Letters, Summed)):
            for name, given in entry.ids.items():
                self.ids[name] = max(self.ids.get(name, 0), given)
        self._take_reader(entry)

    def _take_reader(self, entry: Entry) -> None:
        match entry:
            case Left():
                self.left.add((entry.newsletter, entry.member))
            case Back():
                self.left.discard((entry.newsletter, entry.member))
            case Erased():
                self.erased.add(entry.member)
            case _:
                pass

    def gone(self, name: str, _stage: Path) -> set[int]:
        """Return who must not be in a batch that the store has forgotten."""
        newsletter = newsletter_of(name)
        return self.erased | {m for known, m in self.left if known == newsletter}


def _put(tx: Transaction, restore: Restore, found: Restore | None) -> None:
    if found is not None and found.kind is restore.kind:
        if found.upto == restore.upto:
            return
        settle_restore(tx, found, restore.found)
    add_restore(tx, restore)
    _hold(tx, restore)


def _hold(tx: Transaction, restore: Restore) -> None:
    hold = Hold(
        scope=Scope.EVERYTHING,
        reason=Reason.RESTORE,
        since=restore.found,
        detail={"what": told_restore(restore)},
    )
    put_hold(tx, hold)
