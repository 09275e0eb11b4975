"""Editions are kept as they were frozen, with the images they show."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

from pipeline.digest.archive import summary_of
from pipeline.digest.edition import Edition
from pipeline.store.archive import (
    edition_images,
    find_edition,
    list_edition,
    listed_editions,
    put_edition,
)
from pipeline.store.database import Database, Transaction
from pipeline.store.images import drop_unused_images, find_image, put_issue_images
from pipeline.store.issues import add_issue
from tests.store.test_images import ONE, TWO, add_an_issue, finish
from tests.store.test_mail import ISSUE, NOW

EDITION = Edition(
    id="https://example.org/archive/weekly/1/",
    number=1,
    due=datetime(2026, 11, 20, 9, tzinfo=UTC),
    date=date(2026, 11, 20),
    language="zh-CN",
    subject="周刊",
    preheader="早安",
    intro=("早安",),
    posts=(),
    formulas=(ONE.digest,),
)


def put(tx: Transaction) -> int:
    issue_id = add_an_issue(tx)
    put_issue_images(tx, issue_id, [ONE, TWO])
    put_edition(tx, issue_id, EDITION)
    return issue_id


def test_an_edition_comes_back_as_it_was(database: Database) -> None:
    with database.transaction() as tx:
        issue_id = put(tx)
        assert find_edition(tx, issue_id) == EDITION
        (kept,) = listed_editions(tx, "weekly")
        assert (kept.issue_id, kept.summary) == (issue_id, summary_of(EDITION))
        assert listed_editions(tx, "monthly") == []
        assert find_edition(tx, 99) is None


def test_editions_are_listed_by_their_number(database: Database) -> None:
    with database.transaction() as tx:
        put(tx)
        later = add_issue(tx, replace(ISSUE, number=ISSUE.number + 1), NOW)
        put_edition(tx, later, replace(EDITION, number=2, formulas=()))
        numbers = [kept.summary.number for kept in listed_editions(tx, "weekly")]
        assert numbers == [1, 2]


def test_the_images_of_an_edition_outlive_its_issue(database: Database) -> None:
    with database.transaction() as tx:
        finish(tx, put(tx))
        drop_unused_images(tx)
        assert find_image(tx, ONE.digest) == ONE.data
        assert find_image(tx, TWO.digest) is None
        assert edition_images(tx, "weekly") == [ONE.digest]


def test_an_edition_that_is_taken_out_is_listed_no_more_and_kept(
    database: Database,
) -> None:
    with database.transaction() as tx:
        issue_id = put(tx)
        assert list_edition(tx, issue_id, listed=False)
        assert listed_editions(tx, "weekly") == []
        assert edition_images(tx, "weekly") == []
        assert find_edition(tx, issue_id) == EDITION
        assert list_edition(tx, issue_id, listed=True)
        assert len(listed_editions(tx, "weekly")) == 1
        assert not list_edition(tx, 99, listed=False)


def test_an_issue_that_is_frozen_again_has_its_last_edition(database: Database) -> None:
    with database.transaction() as tx:
        issue_id = put(tx)
        before = listed_editions(tx, "weekly")
        put_edition(tx, issue_id, replace(EDITION, subject="周刊 2"))
        (after,) = listed_editions(tx, "weekly")
        assert after.summary.subject == "周刊 2"
        assert after.digest != before[0].digest
