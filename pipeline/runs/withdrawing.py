"""Pulls readers who left out of batches that no relay has claimed."""

from __future__ import annotations

from pipeline.outbox.batch import issue_of, newsletter_of
from pipeline.outbox.spool import Spool
from pipeline.runs.ledger import flush
from pipeline.store.batches import find_batch
from pipeline.store.database import Database, Transaction
from pipeline.store.issues import find_issue
from pipeline.store.letters import withdrawn_letters
from pipeline.store.subscribers import withdrawn_members


def apply_withdrawals(database: Database, spool: Spool, only: int | None = None) -> int:
    """Pull readers who left out of published, unclaimed batches; return how many.

    The ledger is told too that they have left. `only` is one who left just now: the
    others were pulled out when they did.
    """
    with database.transaction() as tx:
        gone = [(name, members_who_left(tx, name, only)) for name in spool.unclaimed()]
    pulled = sum(spool.withdraw(name, member) for name, left in gone for member in left)
    flush(database, spool)
    return pulled


def members_who_left(tx: Transaction, name: str, only: int | None = None) -> set[int]:
    """Return the members of a batch whose reader has left it; none for no batch.

    With `only` none but that one is looked at, also in a batch of an issue that a store
    from a backup has forgotten.
    """
    batch = find_batch(tx, name)
    issue = batch and find_issue(tx, batch.issue_id)
    if not batch or not issue:
        asked = [] if only is None else [only]
        left = withdrawn_members(tx, newsletter_of(name), issue_of(name), asked)
        return left | withdrawn_letters(tx, name)
    members = batch.members if only is None else {only}.intersection(batch.members)
    return withdrawn_members(tx, issue.newsletter, issue.id, members)
