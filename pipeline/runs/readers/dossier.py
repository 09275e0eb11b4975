"""All that is known of one reader, for the day they ask (GDPR, article 15)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, replace

from pipeline.base.errors import InputError
from pipeline.outbox.spool import Spool
from pipeline.runs.readers.moving import tell_moved
from pipeline.store.asks import Ask, asks_of
from pipeline.store.batches import issue_batches
from pipeline.store.database import Database
from pipeline.store.dossier import Facts, find_facts, find_record
from pipeline.store.issues import IssueCount, count_issues
from pipeline.store.ownerletters import owner_letters_to
from pipeline.store.suppressions import Suppression, find_suppression
from pipeline.subscribers.address import Address


def gather(database: Database, spool: Spool, address: Address) -> Facts:
    """Return what store and outbox hold of an address, ready for JSON.

    `issues` has every issue they were to get: the batch, how far it came in the store,
    and where it lies now; `asks` what was asked for them on a form of late; `letters`
    what waits that the site's owner sends to them alone.
    Raises InputError when nothing is known of them.
    """
    with database.transaction() as tx:
        record = find_record(tx, address.key)
        suppression = find_suppression(tx, address.key)
        member = int(str(record["id"])) if record else 0
        facts = find_facts(tx, member)
        issues, moved = count_issues(tx), tell_moved(tx, address)
        asks = asks_of(tx, address.key, member)
        letters = owner_letters_to(tx, address.key)
    if record is None and suppression is None and not asks and not letters:
        raise InputError(f"{address.address} is not known{moved}")
    return {
        "address": address.address,
        "record": record,
        **facts,
        "issues": list(_issues(database, spool, issues, member)) if record else [],
        "asks": [_asked(ask, member) for ask in asks],
        "letters": [{"kind": kind, "created": time} for kind, time in letters],
        "suppression": _told(suppression),
    }


def _asked(ask: Ask, member: int) -> Facts:
    """Return an ask; where another reader had mistyped their own, not who that is."""
    if ask.reader in (None, member):
        return asdict(ask)
    return asdict(replace(ask, reader=None, former=""))


def _issues(
    database: Database, spool: Spool, issues: list[IssueCount], member: int
) -> Iterator[Facts]:
    """Yield the issues a reader is in; no transaction is open for more than one."""
    for counted in issues:
        issue = counted.issue
        with database.transaction() as tx:
            batches = issue_batches(tx, issue.id)
        for batch in batches:
            if member in batch.members:
                yield {
                    "newsletter": issue.newsletter,
                    "number": issue.number,
                    "opened": counted.opened.isoformat(),
                    "issue": issue.state,
                    "batch": batch.name,
                    "state": batch.state,
                    "sealed": batch.sealed and batch.sealed.isoformat(),
                    "place": spool.where(batch.name, batch.attempt),
                }


def _told(suppression: Suppression | None) -> Facts | None:
    if suppression is None:
        return None
    return {
        "rule": suppression.rule,
        "reason": suppression.reason,
        "since": suppression.since.isoformat(),
    }
