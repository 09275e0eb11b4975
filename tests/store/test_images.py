"""Images are kept as long as a rendition or an issue under way shows them."""

from __future__ import annotations

import pytest

from pipeline.digest.issue import IssueEvent, IssueState
from pipeline.store.database import Database, Transaction
from pipeline.store.images import (
    ImageLook,
    KeptImage,
    drop_unused_images,
    find_image,
    images_of_post,
    put_issue_images,
    put_rendition_images,
)
from pipeline.store.issues import add_issue, find_issue, move_issue
from pipeline.store.newsletters import add_newsletter, add_stream
from pipeline.store.renditions import put_rendition
from tests.store.records import KEPT, RENDITION
from tests.store.test_mail import ISSUE, NOW, put_posts

ONE = KeptImage("1" * 32, "image/png", b"one")
TWO = KeptImage("2" * 32, "image/jpeg", b"two, longer")


def put_post_with_images(tx: Transaction, name: str, *images: KeptImage) -> None:
    put_posts(tx, name)
    put_rendition(tx, name, KEPT, RENDITION)
    put_rendition_images(tx, name, images)


def add_an_issue(tx: Transaction) -> int:
    add_newsletter(tx, "weekly", NOW, "all")
    add_stream(tx, "weekly", "own", NOW)
    return add_issue(tx, ISSUE, NOW)


def finish(tx: Transaction, issue_id: int) -> None:
    for event in (IssueEvent.FREEZE, IssueEvent.SEND, IssueEvent.FINISH):
        issue = find_issue(tx, issue_id)
        assert issue is not None
        assert move_issue(tx, issue, event)
    issue = find_issue(tx, issue_id)
    assert issue is not None
    assert issue.state is IssueState.DONE


def test_the_images_of_a_post_are_told_without_their_bytes(database: Database) -> None:
    with database.transaction() as tx:
        put_post_with_images(tx, "a", TWO, ONE)
        assert images_of_post(tx, "a") == [
            ImageLook(ONE.digest, "image/png", 3),
            ImageLook(TWO.digest, "image/jpeg", 11),
        ]
        assert find_image(tx, TWO.digest) == TWO.data


def test_an_image_that_is_not_there_is_none(database: Database) -> None:
    with database.transaction() as tx:
        assert find_image(tx, "0" * 32) is None
        assert images_of_post(tx, "nobody") == []


def test_a_new_rendition_shows_only_its_own(database: Database) -> None:
    with database.transaction() as tx:
        put_post_with_images(tx, "a", ONE)
        put_rendition_images(tx, "a", [TWO])
        drop_unused_images(tx)
        assert find_image(tx, ONE.digest) is None
        assert find_image(tx, TWO.digest) == TWO.data


def test_an_image_that_two_posts_show_stays_with_the_second(database: Database) -> None:
    with database.transaction() as tx:
        put_post_with_images(tx, "a", ONE)
        put_post_with_images(tx, "b", ONE)
        put_rendition_images(tx, "a", [])
        drop_unused_images(tx)
        assert find_image(tx, ONE.digest) == ONE.data


@pytest.mark.parametrize("done", [False, True])
def test_an_issue_keeps_its_images_until_it_is_done(
    database: Database, done: bool
) -> None:
    with database.transaction() as tx:
        issue_id = add_an_issue(tx)
        put_issue_images(tx, issue_id, [ONE, ONE])
        if done:
            finish(tx, issue_id)
        drop_unused_images(tx)
        assert (find_image(tx, ONE.digest) is None) is done
