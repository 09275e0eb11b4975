"""Erases a reader, whatever crashes: out of the store at once, then out of the outbox.

    no row of theirs any more, a keyed digest on the list, a note of what is to do
    → their messages withdrawn from batches nobody has claimed → the store's free pages
    → these batches → batches that are finished

What a relay is sending just now is not touched; the next run takes up what is left, and
so does the same command given again.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from pipeline.base.errors import BusyError, InputError
from pipeline.base.lock import exclusive_lock
from pipeline.outbox.batch import Place
from pipeline.outbox.erasure import Search, Wanted
from pipeline.outbox.ledger import Ledger
from pipeline.outbox.spool import Spool
from pipeline.runs.issues.deliver import recover
from pipeline.runs.outgoing.gone import members_who_left
from pipeline.runs.outgoing.ledger import erase_from_ledger
from pipeline.runs.outgoing.withdrawing import apply_withdrawals
from pipeline.runs.previews import clear_previews
from pipeline.runs.readers.moving import tell_moved
from pipeline.store.asks import asks_of, forget_asks_by, forget_asks_of
from pipeline.store.database import Database, Transaction
from pipeline.store.erasures import (
    Pending,
    begin_erasure,
    finish_erasure,
    note_scrubbed,
    pending_erasures,
)
from pipeline.store.letters import withdraw_moves
from pipeline.store.moves import former_addresses
from pipeline.store.ownerletters import forget_owner_letters_to
from pipeline.store.subscribers import find_subscriber
from pipeline.store.suppressions import find_suppression, suppress_address
from pipeline.store.ties import suppression_key
from pipeline.subscribers.address import Address
from pipeline.subscribers.subscriber import State, Subscriber
from pipeline.subscribers.suppression import Reason, address_rule


@dataclass(frozen=True, slots=True, kw_only=True)
class Erased:
    """How far erasures came: `done` of them are complete, `waiting` are not.

    `claimed` names the batches that a relay holds. `busy`: a run is under way, and its
    end goes on with it. `scrubbed` is False while the store's file is in use.
    """

    done: int = 0
    waiting: int = 0
    claimed: tuple[str, ...] = ()
    scrubbed: bool = True
    busy: bool = False


def erase_reader(
    database: Database, spool: Spool, store: Path, address: Address, now: datetime
) -> Erased:
    """Erase a reader for good, as far as that can be done now.

    Raises InputError when nothing is known of them, OutputError and StoreError when the
    disk refuses: they are then out of the store, and the next run does the rest.
    """
    clear_previews(store)
    _withdraw_asking(database, spool, address)
    _erase_rows(database, address, now)
    _withdraw_erased(database, spool)
    try:
        with exclusive_lock(store.with_name("lock")):
            recover(database, spool, now)
            return finish_erasures(database, spool)
    except BusyError:
        with database.transaction() as tx:
            return Erased(waiting=len(pending_erasures(tx)), scrubbed=False, busy=True)


def _withdraw_asking(database: Database, spool: Spool, address: Address) -> None:
    """Keep from a relay what asks a mailbox they named as their new one.

    That may be somebody else's own address, whose other mail stays.
    """
    with database.transaction() as tx:
        reader = find_subscriber(tx, address.key)
        if reader is not None:
            withdraw_moves(tx, reader.id)
    if reader is not None:
        apply_withdrawals(database, spool, reader.id)


def _erase_rows(database: Database, address: Address, now: datetime) -> None:
    with database.transaction() as tx:
        reader = find_subscriber(tx, address.key)
        if reader is not None:
            _erase_moves(tx, reader, now)
        asked = forget_asks_of(tx, address.key) + forget_owner_letters_to(
            tx, address.key
        )
        if reader is not None or asked:
            why = _reason(reader.state) if reader else Reason.ERASED
            rule = suppress_address(tx, address.key, why, now)
            begin_erasure(tx, reader.id if reader else 0, rule, now)
        elif find_suppression(tx, address.key) is None:
            raise InputError(f"{address.address} is not known{tell_moved(tx, address)}")


def _erase_moves(tx: Transaction, reader: Subscriber, now: datetime) -> None:
    """Keep out the addresses a reader had before, and note what they were written.

    One that they only named, and that never was theirs, is not kept out. One that is
    somebody's own by now is left to them.
    """
    named = {ask.address.key for ask in asks_of(tx, reader.key, reader.id)}
    forget_asks_by(tx, reader.id)
    formers = {former.key for former in former_addresses(tx, reader.id)}
    for key in formers | named:
        if find_subscriber(tx, key) is not None:
            continue
        if key in formers:
            suppress_address(tx, key, Reason.ERASED, now)
        elif asks_of(tx, key):
            continue
        begin_erasure(tx, 0, address_rule(suppression_key(tx), key), now)


def _withdraw_erased(database: Database, spool: Spool) -> None:
    """Keep from a relay what waits for readers who are erased.

    A run under way may hold up the rest for long.
    """
    with database.transaction() as tx:
        search = _search(tx, pending_erasures(tx))
    for folder in spool.folders(Place.NEW):
        for member in search.members(folder):
            spool.withdraw(folder.name, member)


def _search(tx: Transaction, pending: Iterable[Pending]) -> Search:
    return Search([one.wanted for one in pending], suppression_key(tx))


def _reason(state: State) -> Reason:
    """Return why one who was in `state` gets no mail once they are erased."""
    return Reason.ERASED if state in (State.ACTIVE, State.PENDING) else Reason(state)


def finish_erasures(database: Database, spool: Spool) -> Erased:
    """Do what is left of every erasure; for the holder of the run lock.

    Raises OutputError and StoreError; the same call goes on from there.
    """
    for name in spool.aside():
        _put_back(database, spool, name)
    with database.transaction() as tx:
        pending = pending_erasures(tx)
        search = _search(tx, pending)
    if not pending:
        return Erased()
    scrubbed = all(one.scrubbed for one in pending) or database.scrub()
    with database.transaction() as tx:
        members = {one.wanted.member for one in pending}
        erase_from_ledger(tx, Ledger(spool.folder), members)
    claimed = _erase_from_outbox(database, spool, search)
    held = {wanted for some in claimed.values() for wanted in some}
    with database.transaction() as tx:
        if scrubbed:
            note_scrubbed(tx, [one.id for one in pending])
        for one in pending:
            if one.wanted not in held:
                finish_erasure(tx, one.id)
        left = {one.id for one in pending_erasures(tx)}
    waiting = sum(one.id in left for one in pending)
    return Erased(
        done=len(pending) - waiting,
        waiting=waiting,
        claimed=tuple(claimed),
        scrubbed=scrubbed,
    )


def _erase_from_outbox(
    database: Database, spool: Spool, search: Search
) -> Mapping[str, set[Wanted]]:
    """Take readers out of every batch; return who is in those that a relay holds.

    Places are looked through in the order of a batch's way: none is missed on its move.
    """
    for folder in spool.folders(Place.NEW):
        if search.find(folder):
            _erase_from_waiting(database, spool, folder.name, search)
    claimed = {
        folder.name: found
        for folder in spool.folders(Place.CUR)
        if (found := search.find(folder))
    }
    for place in (Place.SENT, Place.FAILED):
        for folder in spool.folders(place):
            with suppress(FileNotFoundError):
                search.erase(folder)
    return claimed


def _erase_from_waiting(
    database: Database, spool: Spool, name: str, search: Search
) -> None:
    """Take readers out of a batch that waits, hidden from relays meanwhile."""
    aside = spool.set_aside(name)
    if aside is None:
        return
    try:
        search.erase(aside)
    finally:
        _put_back(database, spool, name)


def _put_back(database: Database, spool: Spool, name: str) -> None:
    with database.transaction() as tx:
        spool.put_back(name, members_who_left(tx, name))
