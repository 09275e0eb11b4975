"""Queries about issues and their variants: opened, frozen, sent."""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from pydantic import TypeAdapter

from pipeline.base.clock import from_micros, to_micros
from pipeline.digest.issue import Issue, IssueEvent, IssueState, advance
from pipeline.digest.rendered import Page
from pipeline.digest.variant import Variant
from pipeline.store.database import Row, Transaction
from pipeline.store.statements import statements

_SQL = statements("issues")
_PAGE = TypeAdapter(Page)


@dataclass(frozen=True, slots=True, kw_only=True)
class FrozenVariant:
    """A variant as the issue froze it: its page needs nothing but readers' values."""

    n: int
    language: str
    post_ids: tuple[str, ...]
    page: Page


@dataclass(frozen=True, slots=True)
class GivenPost:
    """A post that a variant of an issue gave out, and the number it then had."""

    post_id: str
    issue_id: int
    variant: int
    number: int


@dataclass(frozen=True, slots=True, kw_only=True)
class IssueCount:
    """An issue and how far its messages came; `members` and the rest are counts."""

    issue: Issue
    opened: datetime
    members: int
    batches: int
    handed: int


def add_issue(tx: Transaction, issue: Issue, opened: datetime) -> int:
    """Keep a new issue and return its id; `issue.id` is not looked at."""
    row = tx.one(
        _SQL["add"],
        newsletter=issue.newsletter,
        cadence=issue.cadence,
        number=issue.number,
        kind=issue.kind,
        state=issue.state,
        boundary=to_micros(issue.boundary),
        from_number=issue.from_number,
        upto_number=issue.upto_number,
        opened=to_micros(opened),
    )
    return int(row["id"]) if row else 0


def add_correction(tx: Transaction, issue: Issue, opened: datetime) -> int:
    """Keep a new correction and return its id; `issue.id` is not looked at.

    It has a number of its own below zero, and is shown with that of the issue it
    corrects.
    """
    row = tx.one(
        _SQL["add_correction"],
        newsletter=issue.newsletter,
        cadence=issue.cadence,
        kind=issue.kind,
        state=issue.state,
        boundary=to_micros(issue.boundary),
        opened=to_micros(opened),
        corrects=issue.corrects,
        shown_number=issue.number,
        intro=issue.intro,
    )
    return int(row["id"]) if row else 0


def corrections_of(tx: Transaction, issue_id: int) -> list[Issue]:
    """Return the corrections of an issue, oldest first."""
    return [_issue(row) for row in tx.all(_SQL["corrections"], issue=issue_id)]


def move_issue(tx: Transaction, issue: Issue, event: IssueEvent) -> bool:
    """Move an issue by its table of states, if it is still where `issue` says."""
    to = advance(issue.state, event)
    return bool(tx.run(_SQL["move"], id=issue.id, expected=issue.state, to=to))


def drop_opened(tx: Transaction, issue_id: int) -> None:
    """Forget an issue of which nothing is frozen, and its drafts."""
    drop_drafts(tx, issue_id)
    tx.run(_SQL["drop_opened"], id=issue_id)


def find_issue(tx: Transaction, issue_id: int) -> Issue | None:
    """Return the issue, or None."""
    row = tx.one(_SQL["find"], id=issue_id)
    return None if row is None else _issue(row)


def last_issue(tx: Transaction, newsletter: str, cadence: str) -> Issue | None:
    """Return the last issue that readers of a newsletter got, or None.

    Where they got any of that cadence, it is the last of these.
    """
    row = tx.one(_SQL["last"], newsletter=newsletter, cadence=cadence)
    return None if row is None else _issue(row)


def unfinished_issues(tx: Transaction) -> list[Issue]:
    """Return the issues a run must carry on with, oldest first."""
    return [_issue(row) for row in tx.all(_SQL["unfinished"])]


def is_waiting(tx: Transaction, newsletter: str, cadence: str) -> bool:
    """Tell whether an issue of a stream is opened or held: none is frozen of it yet."""
    row = tx.one(_SQL["is_waiting"], newsletter=newsletter, cadence=cadence)
    return row is not None


def is_put_off(tx: Transaction, newsletter: str, cadence: str) -> bool:
    """Tell whether a stream's newest issue was stopped before it was frozen."""
    row = tx.one(_SQL["is_put_off"], newsletter=newsletter, cadence=cadence)
    return row is not None


def held_issues(tx: Transaction, newsletter: str) -> list[Issue]:
    """Return a newsletter's issues that are held, oldest first."""
    return [_issue(row) for row in tx.all(_SQL["held"], newsletter=newsletter)]


def highest_unfrozen(tx: Transaction, newsletter: str) -> int:
    """Return the highest number that an issue has which is opened or held, else 0."""
    row = tx.one(_SQL["highest_unfrozen"], newsletter=newsletter)
    return int(row["number"]) if row else 0


def count_issues(tx: Transaction, newsletter: str = "") -> list[IssueCount]:
    """Return issues (of one newsletter, if named) with counts, oldest first."""
    return [
        IssueCount(
            issue=_issue(row),
            opened=from_micros(row["opened"]),
            members=row["members"],
            batches=row["batches"],
            handed=row["handed"],
        )
        for row in tx.all(_SQL["all"], newsletter=newsletter)
    ]


def newest_issue_id(tx: Transaction) -> int:
    """Return the highest id that any issue ever had, 0 where there was none.

    A store from a backup may have forgotten the issue, but never gives its id again.
    """
    row = tx.one(_SQL["newest"])
    return int(row["id"]) if row else 0


def add_variant(tx: Transaction, issue_id: int, variant: FrozenVariant) -> None:
    """Freeze a variant: what its readers get will not change again."""
    tx.run(
        _SQL["add_variant"],
        issue=issue_id,
        n=variant.n,
        language=variant.language,
        posts=json.dumps(variant.post_ids, ensure_ascii=False),
        page=_pack(variant.page),
    )


def note_given(
    tx: Transaction, issue_id: int, variant: int, posts: Mapping[str, int]
) -> None:
    """Note that a variant gives out posts, each under its number."""
    tx.run_many(
        _SQL["give"],
        (
            {"post": post, "issue": issue_id, "variant": variant, "number": number}
            for post, number in posts.items()
        ),
    )


def find_given(
    tx: Transaction, newsletter: str, post_ids: Iterable[str]
) -> list[GivenPost]:
    """Return where a newsletter gave out these posts before."""
    rows = tx.all(
        _SQL["given"], newsletter=newsletter, posts=json.dumps(list(post_ids))
    )
    return [
        GivenPost(row["post"], row["issue"], row["variant"], row["number"])
        for row in rows
    ]


def put_draft(tx: Transaction, issue_id: int, key: str, page: Page) -> None:
    """Keep a page of an issue that is being frozen, until the issue is."""
    tx.run(_SQL["put_draft"], issue=issue_id, key=key, page=_pack(page))


def add_drafted_variant(
    tx: Transaction, issue_id: int, variant: Variant, key: str
) -> None:
    """Freeze a variant with the page that is kept as the draft `key`."""
    tx.run(
        _SQL["add_drafted_variant"],
        issue=issue_id,
        n=variant.n,
        language=variant.language,
        posts=json.dumps(variant.post_ids, ensure_ascii=False),
        key=key,
    )


def drop_drafts(tx: Transaction, issue_id: int) -> None:
    """Forget an issue's drafts."""
    tx.run(_SQL["drop_drafts"], issue=issue_id)


def find_variants(tx: Transaction, issue_id: int) -> list[FrozenVariant]:
    """Return an issue's variants, in order."""
    return [_variant(row) for row in tx.all(_SQL["variants"], issue=issue_id)]


def find_variant(tx: Transaction, issue_id: int, n: int) -> FrozenVariant:
    """Return one variant of an issue; raises KeyError where there is none."""
    row = tx.one(_SQL["variant"], issue=issue_id, n=n)
    if row is None:
        raise KeyError(n)
    return _variant(row)


def has_variants(tx: Transaction, issue_id: int) -> bool:
    """Tell whether anybody gets a mail of a frozen issue."""
    return tx.one(_SQL["variant"], issue=issue_id, n=1) is not None


def _variant(row: Row) -> FrozenVariant:
    return FrozenVariant(
        n=row["n"],
        language=row["language"],
        post_ids=tuple(json.loads(row["posts"])),
        page=_PAGE.validate_json(zlib.decompress(row["page"])),
    )


def _pack(page: Page) -> bytes:
    return zlib.compress(_PAGE.dump_json(page))


def _issue(row: Row) -> Issue:
    return Issue(
        id=row["id"],
        newsletter=row["newsletter"],
        cadence=row["cadence"],
        number=row["shown_number"] or row["number"],
        state=IssueState(row["state"]),
        kind=row["kind"],
        boundary=from_micros(row["boundary"]),
        from_number=row["from_number"],
        upto_number=row["upto_number"],
        corrects=row["corrects"],
        intro=row["intro"],
    )
