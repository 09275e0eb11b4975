"""Queries about a store from a backup: what it is taught that it has forgotten.

Everything here may be done again without harm, and in whatever order lines come: what
the store knows already stays, and how far somebody came only grows.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from pipeline.base.clock import from_micros, to_micros
from pipeline.content.identity import digest_of_text
from pipeline.outbox.entries import (
    Back,
    Course,
    Covered,
    IssueFacts,
    Lifted,
    Moved,
    Passed,
    Sealed,
    Summed,
    Told,
)
from pipeline.store.batches import MIXED
from pipeline.store.database import Row, Transaction
from pipeline.store.holds import end_holds_of_issue
from pipeline.store.ledger import Standing, note, rule_of
from pipeline.store.manifest import decode_members, pack_members, unpack_members
from pipeline.store.newsletters import accept_news, count_issue, has_begun, unlist
from pipeline.store.statements import statements
from pipeline.store.ties import find_tie, put_tie
from pipeline.subscribers.choice import OWN_CADENCE
from pipeline.subscribers.subscriber import State

_SQL = statements("restores")
REGULAR = "regular"
"""The kind of issue that moves its readers on."""

_NO_TEXT = digest_of_text("")


@dataclass(frozen=True, slots=True, kw_only=True)
class Restore:
    """A store that does not fit its ledger: which lines of it, after < n <= upto.

    `readers` is the highest id that the store had given to a reader; `id` is 0 before
    it is kept.
    """

    kind: Standing
    after: int
    upto: int
    readers: int
    found: datetime
    id: int = 0


def add_restore(tx: Transaction, restore: Restore) -> None:
    """Keep what was found; it stands until `settle_restore`."""
    tx.run(
        _SQL["add"],
        kind=restore.kind,
        after=restore.after,
        upto=restore.upto,
        readers=restore.readers,
        found=to_micros(restore.found),
    )


def open_restore(tx: Transaction) -> Restore | None:
    """Return what its owner has not decided yet, or None; of several the last."""
    row = tx.one(_SQL["open"])
    return None if row is None else _restore(row)


def settle_restore(tx: Transaction, restore: Restore, time: datetime) -> None:
    """Note that the owner has decided this one, or that it is not so any more."""
    tx.run(_SQL["settle"], id=restore.id, time=to_micros(time))


def members_of(entry: Sealed) -> tuple[int, ...]:
    """Return the members of a batch of the ledger."""
    return tuple(
        member
        for part in entry.parts
        for member in unpack_members(decode_members(part.members))
    )


def count_known(tx: Transaction, members: Iterable[int]) -> int:
    """Return how many of `members` the store has."""
    row = tx.one(_SQL["known_members"], members=json.dumps(list(members)))
    return int(row["n"]) if row else 0


def joined_since(tx: Transaction, restore: Restore) -> frozenset[int]:
    """Return the readers who joined since the store was put back."""
    rows = tx.all(_SQL["joined_since"], readers=restore.readers)
    return frozenset(row["id"] for row in rows)


def note_return(
    tx: Transaction, member: int, newsletters: Iterable[str], time: datetime
) -> None:
    """Note that a reader joined by their own doing, if something waits to be decided.

    The store may have forgotten that they had left: they do not leave again for it.
    """
    if open_restore(tx) is None:
        return
    rule, at = rule_of(tx, member), to_micros(time)
    note(tx, Lifted(rule=rule, but_blocked=True))
    note(tx, Moved(member=member, state=State.ACTIVE, at=None))
    for name in newsletters:
        note(tx, Back(member=member, rule=rule, newsletter=name, at=at))


def learn_batch(tx: Transaction, entry: Sealed) -> None:
    """Have a batch count as handed: its issue, who got it, and what they have now."""
    regular = entry.issue.kind == REGULAR
    _learn_course(tx, entry.course, entry.issue, entry.posts, regular=regular)
    _add_issue(tx, entry)
    numbered = {told.number: told for told in entry.posts}
    for part in entry.parts:
        for number in part.numbers:
            for post_id in _names_of(tx, numbered[number]):
                tx.run(
                    _SQL["give"],
                    post=post_id,
                    issue=entry.issue.id,
                    variant=part.variant,
                    number=number,
                )
        if regular:
            members = unpack_members(decode_members(part.members))
            cover(tx, entry.course.name, entry.issue.upto_number, members)
    _finish(tx, entry.issue.id)


def learn_summary(tx: Transaction, entry: Summed) -> None:
    """Have a stream be as far as a folded ledger says, and its issues up to there out.

    Which of their batches went out it does not say any more: all did, months ago.
    """
    _learn_course(tx, entry.course, entry.issue, entry.posts, regular=True)
    for issue_id in summed_issues(tx, entry):
        tx.run(_SQL["hand_all"], issue=issue_id)
        _finish(tx, issue_id)


def summed_issues(tx: Transaction, entry: Summed) -> set[int]:
    """Return the store's issues that are not out and that a folded ledger sums up."""
    issue = entry.issue
    rows = tx.all(
        _SQL["summed"],
        newsletter=entry.course.name,
        cadence=issue.cadence,
        number=issue.number,
        id=issue.id,
    )
    return {row["id"] for row in rows}


def learn_coverage(tx: Transaction, entry: Covered) -> None:
    """Have readers be as far as a folded ledger says."""
    members = unpack_members(decode_members(entry.members))
    cover(tx, entry.newsletter, entry.upto, members)


def learn_passed(tx: Transaction, entry: Passed) -> None:
    """Have a post be left out of a newsletter; one put back comes with a later issue.

    For after the batches: one that went out has its number from them.
    """
    place = {"newsletter": entry.newsletter}
    for post_id in _names_of(tx, Told(entry.post, 0, entry.text)):
        if not entry.back:
            tx.run(_SQL["pass_post"], post=post_id, **place)
        elif tx.one(_SQL["is_passed"], post=post_id, **place):
            unlist(tx, entry.newsletter, post_id)
            accept_news(tx, entry.newsletter, [post_id])


def count_unpassed(tx: Transaction, entries: Iterable[Passed]) -> int:
    """Return how many posts are left out that the store does not leave out."""
    return sum(
        not entry.back
        and not tx.one(_SQL["is_passed"], newsletter=entry.newsletter, post=entry.post)
        for entry in entries
    )


def cover(tx: Transaction, newsletter: str, upto: int, members: Iterable[int]) -> None:
    """Have members be no less far than `upto`."""
    tx.run(
        _SQL["cover"],
        newsletter=newsletter,
        upto=upto,
        members=json.dumps(list(members)),
    )


def pass_given(tx: Transaction) -> None:
    """Let who joins from now on begin behind all that anybody was given.

    They may be readers who joined after the backup, and join again.
    """
    tx.run(_SQL["pass_given"], cadence=OWN_CADENCE)


def ask_to_pass(tx: Transaction, newsletter: str) -> None:
    """Have the next run count all that is news to a newsletter as sent."""
    put_tie(tx, f"pass {newsletter}", "all")


def is_asked_to_pass(tx: Transaction, newsletter: str) -> bool:
    """Tell whether that was asked, and is not done."""
    return bool(find_tie(tx, f"pass {newsletter}"))


def pass_news(tx: Transaction, newsletter: str, now: datetime) -> None:
    """Count all that is numbered as sent, also by one that had no issue yet."""
    if not has_begun(tx, newsletter):
        place = {"newsletter": newsletter, "cadence": OWN_CADENCE}
        tx.run(_SQL["stream"], **place, boundary=to_micros(now))
        count_issue(tx, newsletter, OWN_CADENCE)
    tx.run(_SQL["pass_all"], newsletter=newsletter)
    tx.run(_SQL["pass_streams"], newsletter=newsletter)
    put_tie(tx, f"pass {newsletter}", "")


def _learn_course(
    tx: Transaction,
    course: Course,
    issue: IssueFacts,
    posts: Iterable[Told],
    *,
    regular: bool,
) -> None:
    """Bring newsletter, stream and numbers no less far than they were."""
    name = course.name
    tx.run(
        _SQL["newsletter"],
        name=name,
        started=course.started,
        selection=course.selection,
    )
    place = {"newsletter": name, "cadence": issue.cadence}
    tx.run(_SQL["stream"], **place, boundary=issue.boundary)
    upto = issue.upto_number if regular else 0
    boundary = issue.boundary if regular else 0
    tx.run(_SQL["reach"], **place, boundary=boundary, number=issue.number, upto=upto)
    for told in posts:
        upto = max(upto, told.number)
        for post_id in _names_of(tx, told):
            tx.run(_SQL["number"], newsletter=name, post=post_id, number=told.number)
    tx.run(_SQL["reach_number"], name=name, number=upto)


def _names_of(tx: Transaction, told: Told) -> tuple[str, ...]:
    """Return the ids a post has: the one it had, and the one it was made under anew.

    A post that was first seen after the backup and then renamed is known by its text.
    """
    if told.text in ("", _NO_TEXT) or tx.one(_SQL["known_post"], id=told.id):
        return (told.id,)
    row = tx.one(_SQL["same_text"], text=told.text)
    return (told.id, row["id"]) if row else (told.id,)


def _add_issue(tx: Transaction, entry: Sealed) -> None:
    """Add the issue and its batch where they are not there, as handed."""
    issue = entry.issue
    tx.run(
        _SQL["issue"],
        id=issue.id,
        newsletter=entry.course.name,
        cadence=issue.cadence,
        number=issue.number,
        kind=issue.kind,
        boundary=issue.boundary,
        from_number=issue.from_number,
        upto_number=issue.upto_number,
        opened=issue.opened,
    )
    if tx.run(_SQL["hand"], name=entry.name, attempt=entry.attempt, sealed=entry.at):
        return
    mixed = len(entry.parts) > 1 or _variant_of(entry.name) == MIXED
    members = members_of(entry)
    tx.run(
        _SQL["add_batch"],
        name=entry.name,
        issue=issue.id,
        variant=MIXED if mixed else entry.parts[0].variant,
        n=int(entry.name.rsplit("-", 1)[1]),
        attempt=entry.attempt,
        count=len(members),
        members=pack_members(members),
        sealed=entry.at,
    )
    for part in entry.parts if mixed else ():
        tx.run(
            _SQL["add_part"],
            batch=entry.name,
            issue=issue.id,
            variant=part.variant,
            members=decode_members(part.members),
        )


def _finish(tx: Transaction, issue_id: int) -> None:
    """Close an issue of which every batch is handed; what held it holds it no more."""
    tx.run(_SQL["drop_drafts"], issue=issue_id)
    if tx.run(_SQL["finish"], issue=issue_id):
        end_holds_of_issue(tx, issue_id)


def _variant_of(name: str) -> int:
    return int(name.rsplit("-", 2)[1])


def _restore(row: Row) -> Restore:
    return Restore(
        id=row["id"],
        kind=Standing(row["kind"]),
        after=row["after"],
        upto=row["upto"],
        readers=row["readers"],
        found=from_micros(row["found"]),
    )
