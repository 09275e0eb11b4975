"""Queries about posts that their owner left out of an issue."""

from __future__ import annotations

from pipeline.store.database import Transaction
from pipeline.store.issues import find_issue
from pipeline.store.ledger import note_passed
from pipeline.store.statements import statements

_SQL = statements("skips")


def add_skip(tx: Transaction, issue_id: int, post_id: str, number: int) -> None:
    """Note that a post is left out, and the number it had."""
    tx.run(_SQL["add"], issue=issue_id, post=post_id, number=number)
    _note(tx, issue_id, post_id)


def drop_skip(tx: Transaction, issue_id: int, post_id: str) -> int | None:
    """Forget that note, and return the number; None where there was no note."""
    row = tx.one(_SQL["drop"], issue=issue_id, post=post_id)
    if row is None:
        return None
    _note(tx, issue_id, post_id, back=True)
    return int(row["number"])


def skipped_posts(tx: Transaction, issue_id: int) -> dict[str, int]:
    """Return the posts left out of an issue with the numbers they had."""
    rows = tx.all(_SQL["of_issue"], issue=issue_id)
    return {row["post"]: row["number"] for row in rows}


def _note(tx: Transaction, issue_id: int, post_id: str, *, back: bool = False) -> None:
    issue = find_issue(tx, issue_id)
    if issue is not None:
        note_passed(tx, issue.newsletter, post_id, back=back)
