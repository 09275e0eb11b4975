"""What a store from a backup has forgotten: shown to its owner, applied at their word.

    the ledger's lines since → Plan, in counts → accepted → batches, then readers

Batches first: how far a reader had come is noted where they leave. Whoever came back
after they had left is not made to leave again, and who was erased is erased again.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from pipeline.base.clock import from_micros
from pipeline.base.errors import InputError, UsageError
from pipeline.digest.issue import Issue, IssueEvent
from pipeline.outbox.entries import (
    Covered,
    Kept,
    Left,
    Lifted,
    Line,
    Sealed,
    Summed,
)
from pipeline.outbox.ledger import Ledger
from pipeline.outbox.spool import Spool
from pipeline.runs.backups.reckoning import Reckoning
from pipeline.runs.outgoing.ledger import flush
from pipeline.runs.outgoing.restoring import end_restore, look_unchanged
from pipeline.runs.outgoing.withdrawing import apply_withdrawals
from pipeline.runs.readers.signup import end_subscriptions
from pipeline.store.batches import find_batch, open_batches
from pipeline.store.database import Database, Transaction
from pipeline.store.departures import find_reader, known_newsletters
from pipeline.store.erasures import begin_erasure
from pipeline.store.issues import move_issue, unfinished_issues
from pipeline.store.ledger import Standing, describe_all
from pipeline.store.restores import (
    Restore,
    ask_to_pass,
    count_known,
    count_unpassed,
    joined_since,
    learn_batch,
    learn_coverage,
    learn_passed,
    learn_summary,
    members_of,
    open_restore,
    pass_given,
    summed_issues,
)
from pipeline.store.suppressions import lift_rule, suppress_address, suppress_rule
from pipeline.subscribers.subscriber import State
from pipeline.subscribers.suppression import Reason


@dataclass(frozen=True, slots=True, kw_only=True)
class ForgottenIssue:
    """An issue of which batches went out that the store does not know to be out."""

    label: str
    due: datetime
    posts: int
    batches: int
    readers: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What accepting would do, in counts of readers and batches.

    `earlier` are streams, each with the last of its issues that the ledger has folded.
    `strangers` got mail and are not in the store: they joined after the backup.
    `left_out` are posts that their owner skipped, or refused as too many at once.
    `under_way` are the store's own issues that would go on, with their open batches.
    """

    restore: Restore
    issues: tuple[ForgottenIssue, ...] = ()
    left: int = 0
    erased: int = 0
    kept_out: int = 0
    strangers: int = 0
    earlier: tuple[str, ...] = ()
    left_out: int = 0
    under_way: tuple[tuple[str, int], ...] = ()


def make_plan(database: Database, spool: Spool) -> Plan | None:
    """Return what would be done; None where nothing waits for a decision.

    Raises InputError when the ledger is not as the last run found it, OutputError when
    it cannot be read.
    """
    ledger = Ledger(spool.folder)
    with database.reading() as tx:
        restore = open_restore(tx)
        if restore is None:
            return None
        look_unchanged(tx, restore, ledger)
        if restore.kind is not Standing.OLDER_STORE:
            return Plan(restore=restore)
        return _plan(tx, restore, ledger.read(restore.after))


def accept(
    database: Database, spool: Spool, now: datetime, *, all_since: bool | None = None
) -> Restore:
    """Do what the plan says, and let mail go on with the next run.

    Where the ledger is lost, `all_since` says whether all that is public counts as
    sent, or nothing that the store does not know of. Raises InputError where nothing
    waits for a decision or the ledger is not as the last run found it, UsageError where
    that is not said or means nothing, and OutputError: nothing was done then.
    """
    flush(database, spool)
    ledger = Ledger(spool.folder)
    with database.transaction() as tx:
        restore = open_restore(tx)
        if restore is None:
            raise InputError(
                "there is nothing to accept: the last run found store and outbox to fit"
            )
        look_unchanged(tx, restore, ledger)
        _check(restore, all_since)
        _accept(tx, ledger, now, all_since=bool(all_since))
    apply_withdrawals(database, spool)
    return restore


def _accept(tx: Transaction, ledger: Ledger, now: datetime, *, all_since: bool) -> None:
    """Do what is accepted, and what waited below: as much as its ledger still has."""
    anew = False
    while restore := open_restore(tx):
        if restore.kind is Standing.OLDER_STORE:
            _remember(tx, restore, ledger.read(restore.after), now)
        else:
            anew = True
        end_restore(tx, restore, now)
    if all_since:
        _pass_everything(tx)
    if anew:
        ledger.remove()
        describe_all(tx)


def _check(restore: Restore, all_since: bool | None) -> None:
    if restore.kind is not Standing.NO_LEDGER and all_since is not None:
        raise UsageError(
            "--all-since and --nothing-since are for an outbox that has lost its "
            "ledger; this one has it, and `pressroom restore show` tells what is in it"
        )
    if restore.kind is Standing.NO_LEDGER and all_since is None:
        raise UsageError(
            "the ledger is lost, so say what to think: --nothing-since (nothing went "
            "out that the store does not know of) or --all-since (all that is public "
            "counts as sent)"
        )


def _plan(tx: Transaction, restore: Restore, lines: Iterable[Line]) -> Plan:
    reckoning = Reckoning(restore.readers, joined_since(tx, restore))
    sealed = dict[str, Sealed]()
    strangers, earlier, out = set[int](), list[str](), set[int]()
    for line in lines:
        reckoning.take(line.entry)
        if isinstance(line.entry, Summed):
            earlier.append(_issue(line.entry).label)
            out |= summed_issues(tx, line.entry)
        if isinstance(line.entry, Sealed) and not _is_known(tx, line.entry):
            sealed[line.entry.name] = line.entry
            members = members_of(line.entry)
            strangers.update(m for m in members if m > restore.readers)
    names = {entry.issue.id for entry in sealed.values()}
    return Plan(
        restore=restore,
        issues=_issues(sealed.values()),
        left=len(_leavers(tx, reckoning)),
        erased=count_known(tx, reckoning.erased),
        kept_out=sum(isinstance(one, Kept) for one in reckoning.rules.values()),
        strangers=len(strangers),
        earlier=tuple(earlier),
        left_out=count_unpassed(tx, reckoning.posts.values()),
        under_way=tuple(
            (issue.label, len(open_batches(tx, issue.id)))
            for issue in unfinished_issues(tx)
            if issue.id not in out
            and (issue.id not in names or open_batches(tx, issue.id))
        ),
    )


def _is_known(tx: Transaction, entry: Sealed) -> bool:
    batch = find_batch(tx, entry.name)
    return batch is not None and batch.attempt == entry.attempt


def _issues(sealed: Iterable[Sealed]) -> tuple[ForgottenIssue, ...]:
    found: dict[int, list[Sealed]] = {}
    for entry in sealed:
        found.setdefault(entry.issue.id, []).append(entry)
    return tuple(
        ForgottenIssue(
            label=_issue(some[0]).label,
            due=from_micros(some[0].issue.boundary),
            posts=len({told.id for entry in some for told in entry.posts}),
            batches=len(some),
            readers=sum(len(members_of(entry)) for entry in some),
        )
        for _, some in sorted(found.items())
    )


def _issue(entry: Sealed | Summed) -> Issue:
    facts = entry.issue
    return Issue(
        id=facts.id,
        newsletter=entry.course.name,
        cadence=facts.cadence,
        number=facts.number,
        kind=facts.kind,
        boundary=from_micros(facts.boundary),
        from_number=facts.from_number,
        upto_number=facts.upto_number,
    )


def _leavers(tx: Transaction, reckoning: Reckoning) -> set[int]:
    """Return the readers whom the store has and who had left something it has too."""
    left, ended, found = reckoning.left(), reckoning.ends(), set[int]()
    for member in {*left, *ended} - reckoning.erased:
        reader = find_reader(tx, member) if member <= reckoning.readers else None
        if reader is None:
            continue
        is_active = reader.state is State.ACTIVE
        if left[member].intersection(reader.newsletters) or (
            member in ended and is_active
        ):
            found.add(member)
    return found


def _remember(
    tx: Transaction, restore: Restore, lines: Iterable[Line], now: datetime
) -> None:
    reckoning = Reckoning(restore.readers, joined_since(tx, restore))
    for line in lines:
        reckoning.take(line.entry)
        match line.entry:
            case Sealed() as entry if line.seq <= restore.upto:
                learn_batch(tx, entry)
            case Summed() as entry:
                learn_summary(tx, entry)
            case Covered() as entry:
                learn_coverage(tx, entry)
            case _:
                pass
    pass_given(tx)
    for passed in reckoning.posts.values():
        learn_passed(tx, passed)
    _let_go(tx, reckoning, now)
    for rule in reckoning.rules.values():
        if isinstance(rule, Lifted):
            lift_rule(tx, rule.rule, but_blocked=rule.but_blocked)
        else:
            suppress_rule(tx, rule.rule, Reason(rule.reason), from_micros(rule.at))
    for member in reckoning.erased:
        _erase(tx, member, now)


def _let_go(tx: Transaction, reckoning: Reckoning, now: datetime) -> None:
    """Let readers have left whom the store still has."""
    for (member, newsletter), entry in reckoning.ended.items():
        reader = find_reader(tx, member) if member <= reckoning.readers else None
        if reader and isinstance(entry, Left) and newsletter in reader.newsletters:
            end_subscriptions(tx, reader, State.UNSUBSCRIBED, now, newsletter)
    for member, moved in reckoning.ends().items():
        reader = find_reader(tx, member) if member <= reckoning.readers else None
        if reader and reader.state is not State(moved.state):
            end_subscriptions(tx, reader, State(moved.state), now)


def _erase(tx: Transaction, member: int, now: datetime) -> None:
    reader = find_reader(tx, member)
    if reader is not None:
        rule = suppress_address(tx, reader.key, Reason.ERASED, now)
        begin_erasure(tx, reader.id, rule, now)


def _pass_everything(tx: Transaction) -> None:
    """Count all that is public as sent, and stop what is under way."""
    for issue in unfinished_issues(tx):
        move_issue(tx, issue, IssueEvent.STOP)
    for newsletter in known_newsletters(tx):
        ask_to_pass(tx, newsletter)
