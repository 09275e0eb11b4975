"""Who must not be in a batch any more: those who left it, and those being erased.

Asked in the write transaction that makes a batch public: whoever leaves later finds it
there, and is pulled out of it (runs/outgoing/withdrawing.py).
"""

from __future__ import annotations

from pathlib import Path

from pipeline.outbox.batch import issue_of, newsletter_of
from pipeline.outbox.erasure import Search
from pipeline.outbox.spool import Gone
from pipeline.store.batches import find_batch
from pipeline.store.database import Transaction
from pipeline.store.erasures import pending_erasures
from pipeline.store.issues import find_issue
from pipeline.store.letters import withdrawn_letters
from pipeline.store.subscribers import withdrawn_members
from pipeline.store.ties import suppression_key


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


def gone_now(tx: Transaction) -> Gone:
    """Return what tells who must not be in a batch that is published now."""
    pending = [one.wanted for one in pending_erasures(tx)]
    search = Search(pending, suppression_key(tx)) if pending else None

    def gone(name: str, stage: Path) -> set[int]:
        erased = search.members(stage) if search else set[int]()
        return members_who_left(tx, name) | erased

    return gone
