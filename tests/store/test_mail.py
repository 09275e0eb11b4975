"""What goes into the store comes out the same: newsletters, issues, readers."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from pipeline.base.errors import StoreError
from pipeline.content.post import Post
from pipeline.digest.issue import IllegalMove, Issue, IssueEvent, IssueState
from pipeline.digest.rendered import Page
from pipeline.digest.variant import Member
from pipeline.outbox.batch import BatchState
from pipeline.store.batches import (
    add_batch,
    all_handed,
    find_batch,
    hand_batch,
    issue_batches,
    open_batches,
    seal_batch,
    sealed_batches,
)
from pipeline.store.database import Database, Transaction
from pipeline.store.issues import (
    FrozenVariant,
    add_issue,
    add_variant,
    count_issues,
    find_issue,
    find_variants,
    move_issue,
    newest_issue_id,
    unfinished_issues,
)
from pipeline.store.newsletters import (
    Stream,
    add_newsletter,
    add_stream,
    count_issue,
    find_newsletter,
    find_stream,
    listed_posts,
    move_boundary,
    note_listing,
    number_post,
    numbered_posts,
    pass_over,
    unlist,
    unlist_all,
)
from pipeline.store.posts import put_post
from pipeline.store.subscribers import (
    add_subscriber,
    count_members,
    find_addresses,
    find_subscriber,
    move_subscriber,
    subscribe,
    subscribers_after,
    unsubscribe,
    withdraw,
    withdrawn_members,
)
from pipeline.store.subscriptions import Reach, has_members, stream_members
from pipeline.subscribers.subscriber import State, Subscriber

NOW = datetime(2026, 11, 20, 9, 30, tzinfo=UTC)
ISSUE = Issue(
    id=0, newsletter="weekly", number=1, boundary=NOW, from_number=0, upto_number=2
)
REACH = Reach(newsletter="weekly", cadence="own", issue=1, from_number=0, upto_number=9)


def put_posts(tx: Transaction, *names: str) -> None:
    for name in names:
        put_post(
            tx,
            Post(
                id=name,
                site="site",
                path=f"{name}.md",
                url=f"https://example.org/{name}/",
                title=name,
                published=NOW,
                updated=NOW,
            ),
        )


def begin(tx: Transaction) -> None:
    add_newsletter(tx, "weekly", NOW, "all")
    add_stream(tx, "weekly", "own", NOW)


def send(tx: Transaction, issue_id: int) -> None:
    for event in (IssueEvent.FREEZE, IssueEvent.SEND):
        issue = find_issue(tx, issue_id)
        assert issue is not None
        move_issue(tx, issue, event)


def add_reader(tx: Transaction, name: str, state: State = State.ACTIVE) -> int:
    reader = add_subscriber(
        tx,
        Subscriber(
            id=0,
            address=f"{name}@example.org",
            key=f"{name.lower()}@example.org",
            state=state,
            language="zh-CN",
            created=NOW,
            source="test",
            name=name,
        ),
    )
    subscribe(tx, reader, ("weekly", "own"), 0, NOW)
    return reader


def test_posts_are_numbered_from_one_without_gaps(database: Database) -> None:
    with database.transaction() as tx:
        begin(tx)
        put_posts(tx, "a", "b", "c")
        assert number_post(tx, "weekly", "a") == 1
        pass_over(tx, "weekly", "b")
        assert number_post(tx, "weekly", "c") == 2
        assert listed_posts(tx, "weekly") == {"a", "b", "c"}
        assert numbered_posts(tx, "weekly", 0, 2) == {1: "a", 2: "c"}
        assert numbered_posts(tx, "weekly", 1, 2) == {2: "c"}
        known = find_newsletter(tx, "weekly")
    assert known is not None
    assert (known.started, known.selection, known.last_number) == (NOW, "all", 2)


def test_a_post_is_never_listed_twice(database: Database) -> None:
    with database.transaction() as tx:
        begin(tx)
        put_posts(tx, "a")
        number_post(tx, "weekly", "a")
    with pytest.raises(StoreError), database.transaction() as tx:
        number_post(tx, "weekly", "a")
    with database.transaction() as tx:
        assert numbered_posts(tx, "weekly", 0, 9) == {1: "a"}


def test_a_newsletter_remembers_when_it_looked_and_by_which_selection(
    database: Database,
) -> None:
    with database.transaction() as tx:
        assert find_newsletter(tx, "weekly") is None
        begin(tx)
        note_listing(tx, "weekly", "some", NOW + timedelta(days=1))
        known = find_newsletter(tx, "weekly")
    assert known is not None
    assert (known.selection, known.listed) == ("some", NOW + timedelta(days=1))


def test_a_number_that_is_taken_back_is_never_given_again(database: Database) -> None:
    with database.transaction() as tx:
        begin(tx)
        put_posts(tx, "a", "b")
        number_post(tx, "weekly", "a")
        number_post(tx, "weekly", "b")
        unlist(tx, "weekly", "b")
        assert numbered_posts(tx, "weekly", 0) == {1: "a"}
        assert number_post(tx, "weekly", "b") == 3
        unlist_all(tx, "weekly")
        assert listed_posts(tx, "weekly") == set()


def test_a_boundary_moves_only_from_where_it_was(database: Database) -> None:
    later = NOW + timedelta(days=7)
    with database.transaction() as tx:
        assert find_stream(tx, "weekly", "own") is None
        begin(tx)

        def move() -> bool:
            return move_boundary(
                tx, "weekly", "own", expected=NOW, boundary=later, last_number=3
            )

        assert (move(), move()) == (True, False)
        assert count_issue(tx, "weekly", "own") == 1
        assert find_stream(tx, "weekly", "own") == Stream(later, 3, 1)


def test_an_issue_moves_by_its_table_and_only_once(database: Database) -> None:
    with database.transaction() as tx:
        begin(tx)
        assert newest_issue_id(tx) == 0
        issue = replace(ISSUE, id=add_issue(tx, ISSUE, NOW))
        assert find_issue(tx, issue.id) == issue
        assert find_issue(tx, 99) is None
        assert unfinished_issues(tx) == [issue]
        assert move_issue(tx, issue, IssueEvent.FREEZE)
        assert not move_issue(tx, issue, IssueEvent.FREEZE)
        frozen = replace(issue, state=IssueState.FROZEN)
        assert move_issue(tx, frozen, IssueEvent.FINISH)
        assert unfinished_issues(tx) == []
        assert newest_issue_id(tx) == issue.id
        with pytest.raises(IllegalMove):
            move_issue(tx, replace(issue, state=IssueState.DONE), IssueEvent.SEND)


def test_a_variant_comes_back_with_its_page(database: Database) -> None:
    page = Page(
        subject="周刊",
        preheader="熵",
        html="<p>熵</p>",
        text="熵",
        body="excerpt",
        notes=("shorter",),
        sentinel="zq",
    )
    variant = FrozenVariant(n=1, language="zh-CN", post_ids=("a", "b"), page=page)
    with database.transaction() as tx:
        begin(tx)
        issue = add_issue(tx, ISSUE, NOW)
        add_variant(tx, issue, variant)
        assert find_variants(tx, issue) == [variant]


def test_a_batch_goes_open_sealed_handed_and_never_back(database: Database) -> None:
    with database.transaction() as tx:
        begin(tx)
        issue = add_issue(tx, ISSUE, NOW)
        add_batch(tx, "weekly-1", issue, (1, 1), {3, 1, 2})
        assert not seal_batch(tx, "weekly-1", "a1", NOW)
        send(tx, issue)
        (batch,) = open_batches(tx, issue)
        assert (batch.state, batch.members) == (BatchState.OPEN, (1, 2, 3))
        assert not hand_batch(tx, "weekly-1")
        assert seal_batch(tx, "weekly-1", "a1", NOW)
        assert not seal_batch(tx, "weekly-1", "a2", NOW)
        assert sealed_batches(tx) == {"weekly-1": "a1"}
        assert not all_handed(tx, issue)
        assert hand_batch(tx, "weekly-1")
        assert not hand_batch(tx, "weekly-1")
        assert all_handed(tx, issue)
        assert (open_batches(tx, issue), sealed_batches(tx)) == ([], {})
        kept = find_batch(tx, "weekly-1")
        assert issue_batches(tx, issue) == [kept]
        assert find_batch(tx, "none") is None
    assert kept is not None
    assert (kept.state, kept.attempt, kept.sealed) == (BatchState.HANDED, "a1", NOW)


def test_issues_are_counted_with_their_members_and_batches(database: Database) -> None:
    with database.transaction() as tx:
        begin(tx)
        issue = add_issue(tx, ISSUE, NOW)
        add_batch(tx, "w-1", issue, (1, 1), {1, 2})
        add_batch(tx, "w-2", issue, (1, 2), {3})
        send(tx, issue)
        seal_batch(tx, "w-1", "a", NOW)
        hand_batch(tx, "w-1")
        (entry,) = count_issues(tx, "weekly")
        assert (entry.members, entry.batches, entry.handed) == (3, 2, 1)
        assert entry.opened == NOW
        assert count_issues(tx, "daily") == []


def test_a_reader_is_found_by_key_with_their_newsletters(database: Database) -> None:
    with database.transaction() as tx:
        reader = add_reader(tx, "Ann")
        found = find_subscriber(tx, "ann@example.org")
        assert find_subscriber(tx, "bob@example.org") is None
    assert found is not None
    assert (found.id, found.address, found.name) == (reader, "Ann@example.org", "Ann")
    assert (found.language, found.newsletters) == ("zh-CN", ("weekly",))


def test_only_the_active_get_mail(database: Database) -> None:
    with database.transaction() as tx:
        begin(tx)
        assert not has_members(tx, "weekly")
        ann = add_reader(tx, "ann")
        bob = add_reader(tx, "bob", State.UNSUBSCRIBED)
        eve = add_reader(tx, "eve")
        move_subscriber(tx, eve, State.BOUNCED)
        assert has_members(tx, "weekly")
        assert list(stream_members(tx, REACH, NOW)) == [
            Member(id=ann, coverage=0, language="zh-CN")
        ]
        assert set(find_addresses(tx, [ann, bob, eve])) == {ann}
        assert count_members(tx) == {"weekly": 1}


def test_readers_come_page_by_page_and_none_is_missed(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in ("subscribers", "subscriptions"):
        monkeypatch.setattr(f"pipeline.store.{module}.PAGE_ROWS", 2)
    with database.transaction() as tx:
        begin(tx)
        ids = [add_reader(tx, name) for name in "abcde"]
        assert [member.id for member in stream_members(tx, REACH, NOW)] == ids
        page = subscribers_after(tx, ids[1])
        assert [reader.id for reader in page] == ids[2:4]
        assert all(reader.newsletters == ("weekly",) for reader in page)
        assert subscribers_after(tx, ids[-1]) == []


def test_a_subscription_ends_once_and_joining_twice_changes_nothing(
    database: Database,
) -> None:
    with database.transaction() as tx:
        reader = add_reader(tx, "ann")
        subscribe(tx, reader, ("weekly", "own"), 7, NOW)
        assert [m.coverage for m in stream_members(tx, REACH, NOW)] == [0]
        assert unsubscribe(tx, reader, "weekly")
        assert not unsubscribe(tx, reader, "weekly")


def test_a_withdrawal_counts_for_the_issues_of_its_time_only(
    database: Database,
) -> None:
    with database.transaction() as tx:
        ann, bob = add_reader(tx, "ann"), add_reader(tx, "bob")
        withdraw(tx, ann, "weekly", 4, NOW)
        assert withdrawn_members(tx, "weekly", 4, [ann, bob]) == {ann}
        assert withdrawn_members(tx, "weekly", 5, [ann, bob]) == set()
        assert withdrawn_members(tx, "daily", 4, [ann, bob]) == set()
