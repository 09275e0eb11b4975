"""A backup put back: all on hold, a plan, and nothing twice once it is accepted."""

from __future__ import annotations

import shutil
from contextlib import closing
from pathlib import Path

import pytest

from pipeline.base.clock import FixedClock
from pipeline.base.errors import InputError
from pipeline.outbox.entries import Erased
from pipeline.runs.issues.deciding import put_post_back, skip_post
from pipeline.runs.issues.holding import refuse
from pipeline.runs.once import run_once
from pipeline.runs.readers.suppressing import block
from pipeline.runs.report import Silent
from pipeline.runs.trial import prepare_trial
from pipeline.store.holds import standing_holds
from pipeline.store.issues import held_issues
from pipeline.store.ledger import Standing
from pipeline.subscribers.address import normalise
from tests.restore.lives import (
    agree,
    ask,
    back_up_world,
    entries,
    open_spool,
    plan,
    restore,
    simplify,
    take_and_sweep,
)
from tests.runs.test_erasing import erase
from tests.runs.test_letters import WEB, asked, keep
from tests.world import CONFIG, World, part

ANN, BOB, EVE = (f"{name}@example.org" for name in ("ann", "bob", "eve"))


@pytest.fixture
def backed_up(tmp_path: Path) -> tuple[World, Path]:
    """Return a world of two readers who had a first issue, and its backup."""
    world = World(tmp_path / "site", config=CONFIG.replace("tags: all", "entries: 1"))
    simplify(world)
    world.post("a")
    for reader in (ANN, BOB):
        world.join(reader)
    world.run()
    take_and_sweep(world)
    return world, back_up_world(world)


def next_issue(world: World, *posts: str) -> None:
    """Let a week pass, with posts, and send what is due."""
    world.later(days=7)
    for name in posts:
        world.post(name, date=f"{world.time:%Y-%m-%d}")
    report = world.run()
    assert report.errors == []


def test_a_backup_of_a_store_that_nothing_befell_since_goes_on(
    backed_up: tuple[World, Path],
) -> None:
    world, backup = backed_up
    restore(world, backup)
    next_issue(world, "b")
    assert plan(world) is None
    assert world.got() == {ANN: ["Weekly #2: B"], BOB: ["Weekly #2: B"]}


def test_after_an_older_backup_no_mail_goes_out_and_feeds_go_on(
    backed_up: tuple[World, Path],
) -> None:
    world, backup = backed_up
    next_issue(world, "b")
    take_and_sweep(world)
    restore(world, backup)
    world.later(days=7)
    world.post("c", date=f"{world.time:%Y-%m-%d}")
    report = world.run()
    assert world.got() == {}
    assert "C" in world.feed()
    (note,) = report.notes
    assert "the store is older than the outbox" in note
    assert "pressroom restore accept" in note
    assert world.run().notes == [note]


def test_the_plan_tells_issues_readers_and_who_cannot_be_brought_back(
    backed_up: tuple[World, Path],
) -> None:
    world, backup = backed_up
    world.join(EVE)
    next_issue(world, "b", "c")
    world.leave(BOB)
    take_and_sweep(world)
    restore(world, backup)
    world.run()
    found = plan(world)
    assert found
    (issue,) = found.issues
    assert (issue.label, issue.posts, issue.batches, issue.readers) == (
        "weekly #2",
        2,
        1,
        3,
    )
    assert (found.left, found.erased, found.strangers) == (1, 0, 1)


def test_once_accepted_nothing_comes_twice_and_nothing_is_lost(
    backed_up: tuple[World, Path],
) -> None:
    world, backup = backed_up
    next_issue(world, "b")
    sent = take_and_sweep(world)
    world.post("late", date=f"{world.time:%Y-%m-%d}")
    world.run()
    restore(world, backup)
    world.run()
    agree(world)
    next_issue(world, "c")
    sent += take_and_sweep(world)
    assert set(sent.values()) == {1}
    assert {subject for reader, subject in sent if reader == ANN} == {
        "Weekly #2: B",
        "Weekly #3: C",
    }
    (given,) = ask(world, "SELECT posts FROM variants WHERE issue = 3")
    assert "late" in str(given)


def test_who_left_after_the_backup_gets_nothing_more(
    backed_up: tuple[World, Path],
) -> None:
    world, backup = backed_up
    world.leave(BOB)
    restore(world, backup)
    world.run()
    agree(world)
    next_issue(world, "b")
    assert list(world.got()) == [ANN]
    assert ask(world, "SELECT state FROM subscribers WHERE key LIKE 'bob%'") == [
        ("unsubscribed",)
    ]


def test_who_left_after_the_backup_and_before_any_mail_gets_none(
    world: World,
) -> None:
    world.configure(CONFIG.replace("backfill: 5", "backfill: 0"))
    simplify(world)
    world.join(ANN)
    world.join(BOB)
    world.run()
    backup = back_up_world(world)
    world.leave(BOB)
    restore(world, backup)
    world.run()
    found = plan(world)
    assert found
    assert found.left == 1
    agree(world)
    next_issue(world, "a")
    assert list(world.got()) == [ANN]


def test_who_left_and_came_back_after_the_backup_stays(
    backed_up: tuple[World, Path],
) -> None:
    world, backup = backed_up
    world.leave(BOB)
    world.join(BOB, again=True)
    world.run()
    restore(world, backup)
    world.run()
    agree(world)
    next_issue(world, "b")
    assert sorted(world.got()) == [ANN, BOB]


def test_who_comes_back_while_the_plan_waits_stays_too(
    backed_up: tuple[World, Path],
) -> None:
    world, backup = backed_up
    world.leave(BOB)
    restore(world, backup)
    world.run()
    world.leave(BOB)
    world.join(BOB, again=True)
    agree(world)
    next_issue(world, "b")
    assert sorted(world.got()) == [ANN, BOB]


def test_who_came_back_just_before_the_backup_and_left_after_it_stays_away(
    backed_up: tuple[World, Path],
) -> None:
    """That they came back waits in the backup; the ledger has it before the rest."""
    world, _ = backed_up
    world.later(minutes=1)
    world.leave(BOB)
    world.join(BOB, again=True)
    backup = back_up_world(world)
    world.run()
    world.leave(BOB)
    restore(world, backup)
    world.run()
    found = plan(world)
    assert found
    assert found.left == 1
    agree(world)
    next_issue(world, "b")
    assert list(world.got()) == [ANN]


def test_a_stranger_who_left_is_not_brought_back_by_a_list(
    backed_up: tuple[World, Path],
) -> None:
    world, backup = backed_up
    world.join(EVE)
    world.leave(EVE)
    restore(world, backup)
    world.run()
    agree(world)
    assert world.join(EVE) == "kept out"
    assert world.join(EVE, again=True) == "added"


def test_a_stranger_who_joins_again_while_the_plan_waits_gets_mail(
    backed_up: tuple[World, Path],
) -> None:
    world, backup = backed_up
    world.join(EVE)
    world.leave(EVE)
    restore(world, backup)
    world.run()
    world.join(EVE, again=True)
    agree(world)
    next_issue(world, "b")
    assert sorted(world.got()) == [ANN, BOB, EVE]


def test_who_had_left_and_confirms_while_the_plan_waits_stays(
    backed_up: tuple[World, Path],
) -> None:
    """In the store from the backup they never left, and it learns nothing new."""
    world, backup = backed_up
    world.leave(BOB)
    restore(world, backup)
    world.run()
    world.join(BOB, again=True)
    agree(world)
    next_issue(world, "b")
    assert sorted(world.got()) == [ANN, BOB]


@pytest.mark.parametrize("stranger", [False, True])
@pytest.mark.parametrize("joins", [False, True])
def test_who_was_blocked_stays_out_whether_or_not_they_join_while_the_plan_waits(
    backed_up: tuple[World, Path], *, stranger: bool, joins: bool
) -> None:
    world, backup = backed_up
    reader = EVE if stranger else BOB
    world.join(EVE)
    database, _ = open_spool(world)
    with database.transaction() as tx:
        block(tx, normalise(reader), world.time)
    database.close()
    world.run()
    restore(world, backup)
    world.run()
    if joins:
        world.join(reader, again=True)
    agree(world)
    next_issue(world, "b")
    assert reader not in world.got()
    assert world.join(reader, again=True) == "kept out"


def test_who_joins_while_the_plan_waits_and_leaves_one_newsletter_keeps_the_other(
    tmp_path: Path,
) -> None:
    other = CONFIG.partition("newsletters:\n")[2].replace("weekly", "other")
    world = World(tmp_path / "site", config=CONFIG + other.replace("Weekly", "Other"))
    simplify(world)
    world.post("a")
    world.join(ANN)
    world.run()
    backup = back_up_world(world)
    next_issue(world, "b")
    take_and_sweep(world)
    restore(world, backup)
    world.run()
    world.join(EVE)
    world.leave(EVE, "other")
    agree(world)
    next_issue(world, "c")
    assert world.got()[EVE] == ["Weekly #3: C"]


def test_no_id_is_given_twice(backed_up: tuple[World, Path]) -> None:
    """A link in an old mail would be somebody else's."""
    world, backup = backed_up
    world.join(EVE)
    next_issue(world, "b")
    ((eve,),) = ask(world, "SELECT id FROM subscribers WHERE key LIKE 'eve%'")
    restore(world, backup)
    world.run()
    world.join("tom@example.org")
    ((tom,),) = ask(world, "SELECT id FROM subscribers WHERE key LIKE 'tom%'")
    assert isinstance(eve, int)
    assert isinstance(tom, int)
    assert tom > eve


def test_who_joins_after_the_restore_gets_nothing_that_was_sent_before(
    backed_up: tuple[World, Path],
) -> None:
    """They may be a reader who had joined before, and is not in the store."""
    world, backup = backed_up
    world.join(EVE)
    next_issue(world, "b")
    sent = take_and_sweep(world)
    restore(world, backup)
    world.run()
    agree(world)
    world.join(EVE)
    next_issue(world, "c")
    sent += take_and_sweep(world)
    assert {n for (reader, _), n in sent.items() if reader == EVE} == {1}
    assert len([reader for reader, _ in sent if reader == EVE]) == 2


def test_a_post_first_seen_after_the_backup_and_renamed_is_known(
    backed_up: tuple[World, Path],
) -> None:
    world, backup = backed_up
    world.later(days=7)
    path = world.post("b", body="Words of b.", date=f"{world.time:%Y-%m-%d}")
    world.run()
    take_and_sweep(world)
    path.rename(path.with_name("renamed.md"))
    restore(world, backup)
    world.run()
    agree(world)
    next_issue(world, "c")
    assert set(map(str, ask(world, "SELECT posts FROM variants WHERE issue = 3"))) == {
        "('[\"https://example.org/c/\"]',)"
    }


def test_two_backups_one_after_the_other_are_both_found(
    backed_up: tuple[World, Path],
) -> None:
    world, backup = backed_up
    next_issue(world, "b")
    sent = take_and_sweep(world)
    restore(world, backup)
    world.run()
    agree(world)
    next_issue(world, "c")
    sent += take_and_sweep(world)
    restore(world, backup)
    world.run()
    found = plan(world)
    assert found
    assert [issue.label for issue in found.issues] == ["weekly #2", "weekly #3"]
    agree(world)
    next_issue(world, "d")
    sent += take_and_sweep(world)
    assert sent == {
        (reader, subject): 1
        for reader in (ANN, BOB)
        for subject in ("Weekly #2: B", "Weekly #3: C", "Weekly #4: D")
    }


def test_a_backup_made_while_a_plan_waits_has_the_same_plan(
    backed_up: tuple[World, Path],
) -> None:
    world, backup = backed_up
    next_issue(world, "b")
    restore(world, backup)
    world.run()
    world.later(minutes=1)
    waiting = back_up_world(world)
    agree(world)
    next_issue(world, "c")
    restore(world, waiting)
    world.run()
    found = plan(world)
    assert found
    assert [issue.label for issue in found.issues] == ["weekly #2", "weekly #3"]


def test_an_issue_that_was_half_out_goes_on_with_the_rest(tmp_path: Path) -> None:
    text = CONFIG.replace("mail:\n", "mail:\n  batch_size: 1\n")
    world = World(tmp_path / "site", config=f"{text}outbox:\n  ahead: 1\n")
    simplify(world)
    world.post("a")
    for reader in (ANN, BOB, EVE):
        world.join(reader)
    world.run()
    sent = take_and_sweep(world)
    backup = back_up_world(world)
    world.run()
    sent += take_and_sweep(world)
    restore(world, backup)
    world.run()
    found = plan(world)
    assert found
    assert [(i.label, i.batches) for i in found.issues] == [("weekly #1", 1)]
    assert found.under_way == (("weekly #1", 2),)
    agree(world)
    for _ in range(3):
        world.run()
        sent += take_and_sweep(world)
    assert sent == {(reader, "Weekly #1: A"): 1 for reader in (ANN, BOB, EVE)}


def test_an_issue_that_was_held_and_has_gone_out_since_is_held_no_more(
    tmp_path: Path,
) -> None:
    world = World(tmp_path / "site", config=f"{CONFIG}    hold: 30m\n")
    simplify(world)
    world.post("a")
    world.join(ANN)
    world.run()
    backup = back_up_world(world)
    assert ask(world, "SELECT state FROM issues") == [("held",)]
    world.later(hours=1)
    world.run()
    sent = take_and_sweep(world)
    restore(world, backup)
    world.run()
    agree(world)
    assert ask(world, "SELECT target FROM holds") == []
    next_issue(world, "b")
    world.later(hours=1)
    world.run()
    sent += take_and_sweep(world)
    assert sent == {(ANN, "Weekly #1: A"): 1, (ANN, "Weekly #2: B"): 1}


def skip(world: World, title: str, *, back: bool) -> None:
    """Leave a post out of the issue that is held, and put it `back` again."""
    database, _ = open_spool(world)
    with closing(database), database.transaction() as tx:
        (issue,) = held_issues(tx, "weekly")
        skip_post(tx, issue, title)
        if back:
            put_post_back(tx, issue, title)


@pytest.mark.parametrize("back", [False, True])
def test_a_post_that_was_skipped_since_stays_out_but_if_it_was_put_back(
    tmp_path: Path, *, back: bool
) -> None:
    world = World(tmp_path / "site", config=f"{CONFIG}    hold: 30m\n")
    simplify(world)
    world.post("a")
    world.join(ANN)
    world.run()
    world.later(hours=1)
    world.run()
    take_and_sweep(world)
    before = back_up_world(world)
    next_issue(world, "secret", "b")
    skip(world, "Secret", back=back)
    world.later(hours=1)
    world.run()
    (message,) = world.messages()
    assert ("/secret/" in part(message, "plain")) is back
    take_and_sweep(world)
    restore(world, before)
    world.run()
    found = plan(world)
    assert found
    assert found.left_out == (not back)
    agree(world)
    next_issue(world, "c")
    world.later(hours=1)
    world.run()
    (message,) = world.messages()
    assert "/c/" in part(message, "plain")
    assert "/secret/" not in part(message, "plain")


def test_posts_refused_as_too_many_since_stay_out(tmp_path: Path) -> None:
    text = CONFIG.replace("settle: 0", "settle: 0\n  flood: 1")
    world = World(tmp_path / "site", config=text)
    simplify(world)
    world.post("a")
    world.join(ANN)
    world.run()
    take_and_sweep(world)
    backup = back_up_world(world)
    next_issue(world, "b", "c")
    database, _ = open_spool(world)
    with closing(database), database.transaction() as tx:
        (hold,) = standing_holds(tx)
        refuse(tx, hold.id)
    world.run()
    restore(world, backup)
    world.run()
    found = plan(world)
    assert found
    assert found.left_out == 2
    agree(world)
    next_issue(world, "d")
    assert world.got() == {ANN: ["Weekly #2: D"]}


def test_who_leaves_while_the_plan_waits_is_taken_out_of_a_forgotten_batch(
    backed_up: tuple[World, Path],
) -> None:
    world, backup = backed_up
    next_issue(world, "b")
    restore(world, backup)
    world.run()
    world.leave(BOB)
    assert list(world.got()) == [ANN]


def test_who_had_left_is_not_in_a_forgotten_stage_that_is_published(
    backed_up: tuple[World, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    world, backup = backed_up
    with monkeypatch.context() as broken:
        broken.setattr("pipeline.outbox.spool.Spool.publish", lambda *_: False)
        next_issue(world, "b")
    world.leave(BOB)
    assert world.got() == {}
    restore(world, backup)
    world.run()
    assert list(world.got()) == [ANN]


def test_who_had_left_is_taken_out_of_what_waits_once_it_is_accepted(
    backed_up: tuple[World, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    world, backup = backed_up
    next_issue(world, "b")
    with monkeypatch.context() as broken:
        broken.setattr("pipeline.outbox.spool.Spool.withdraw", lambda *_: False)
        world.leave(BOB)
    restore(world, backup)
    world.run()
    assert sorted(world.got()) == [ANN, BOB]
    agree(world)
    assert list(world.got()) == [ANN]


def test_a_lost_outbox_is_asked_about(backed_up: tuple[World, Path]) -> None:
    world, backup = backed_up
    next_issue(world, "b")
    (world.folder / "outbox").rename(world.folder / "lost")
    restore(world, backup)
    (note,) = world.run().notes
    assert "the outbox has lost its ledger" in note
    found = plan(world)
    assert found
    assert found.restore.kind is Standing.NO_LEDGER


def test_an_outbox_that_was_only_away_goes_on_by_itself(
    backed_up: tuple[World, Path],
) -> None:
    world, _ = backed_up
    outbox = world.folder / "outbox"
    outbox.rename(world.folder / "away")
    world.run()
    # What was written meanwhile is below the mount.
    shutil.rmtree(outbox)
    (world.folder / "away").rename(outbox)
    next_issue(world, "b")
    assert sorted(world.got()) == [ANN, BOB]
    assert plan(world) is None


def put_away(world: World) -> Path:
    """Take the outbox away, as a disk that is not mounted."""
    return (world.folder / "outbox").rename(world.folder / "away")


def put_there_again(world: World, away: Path) -> None:
    """Mount it again: what was written meanwhile is below the mount."""
    shutil.rmtree(world.folder / "outbox", ignore_errors=True)
    away.rename(world.folder / "outbox")


def test_a_plan_stands_while_the_outbox_is_away_and_after(
    backed_up: tuple[World, Path],
) -> None:
    world, backup = backed_up
    next_issue(world, "b")
    world.leave(BOB)
    sent = take_and_sweep(world)
    restore(world, backup)
    world.run()
    before = plan(world)
    away = put_away(world)
    (note,) = world.run().notes
    assert "the outbox has lost its ledger" in note
    put_there_again(world, away)
    next_issue(world, "c")
    (note,) = world.run().notes
    assert "the store is older than the outbox" in note
    assert plan(world) == before
    agree(world)
    world.run()
    assert world.got() == {ANN: ["Weekly #3: C"]}
    assert (ANN, "Weekly #2: B") in sent


def test_a_plan_of_which_the_ledger_is_lost_is_accepted_with_that(
    backed_up: tuple[World, Path],
) -> None:
    world, backup = backed_up
    next_issue(world, "b")
    restore(world, backup)
    world.run()
    shutil.rmtree(world.folder / "outbox")
    world.run()
    agree(world, all_since=True)
    world.run()
    assert plan(world) is None
    next_issue(world, "c")
    assert sorted(world.got()) == [ANN, BOB]


def test_nothing_is_accepted_of_an_outbox_that_has_changed_since_the_last_run(
    backed_up: tuple[World, Path],
) -> None:
    world, backup = backed_up
    next_issue(world, "b")
    restore(world, backup)
    world.run()
    away = put_away(world)
    with pytest.raises(InputError, match="not as the last run found it"):
        agree(world)
    with pytest.raises(InputError, match="not as the last run found it"):
        plan(world)
    world.run()
    put_there_again(world, away)
    with pytest.raises(InputError, match="not as the last run found it"):
        agree(world, all_since=False)
    world.run()
    found = plan(world)
    assert found
    assert [issue.label for issue in found.issues] == ["weekly #2"]


@pytest.mark.parametrize("all_since", [False, True])
def test_where_the_ledger_is_lost_its_owner_says_what_was_sent(
    backed_up: tuple[World, Path], *, all_since: bool
) -> None:
    world, backup = backed_up
    next_issue(world, "b")
    shutil.rmtree(world.folder / "outbox")
    restore(world, backup)
    world.run()
    agree(world, all_since=all_since)
    world.run()
    next_issue(world, "c")
    assert (world.folder / "outbox" / "ledger.jsonl").exists()
    given = str(ask(world, "SELECT posts FROM variants"))
    assert ("/b/" in given) is not all_since
    assert "/c/" in given


@pytest.mark.parametrize(
    ("mail", "posts"),
    [("settle: 10m", "b"), ("settle: 0\n  flood: 2", "bcd")],
    ids=["rests", "flood"],
)
def test_all_that_is_public_counts_as_sent_also_where_it_is_held_back(
    tmp_path: Path, mail: str, posts: str
) -> None:
    world = World(tmp_path / "site", config=CONFIG.replace("settle: 0", mail))
    simplify(world)
    world.post("a")
    world.join(ANN)
    for _ in range(2):
        world.later(hours=1)
        world.run()
    take_and_sweep(world)
    backup = back_up_world(world)
    world.later(days=7)
    for name in posts:
        world.post(name, date=f"{world.time:%Y-%m-%d}")
    shutil.rmtree(world.folder / "outbox")
    restore(world, backup)
    world.run()
    agree(world, all_since=True)
    report = world.run()
    assert (report.errors, report.notes) == ([], [])
    next_issue(world)
    next_issue(world)
    assert world.got() == {}


def test_all_that_is_public_counts_as_sent_also_by_one_without_an_issue(
    world: World,
) -> None:
    simplify(world)
    world.post("a")
    (world.folder / "outbox").mkdir()
    world.run()
    world.join(ANN)
    backup = back_up_world(world)
    world.later(days=7)
    world.run()
    assert take_and_sweep(world) == {(ANN, "Weekly #1: A"): 1}
    shutil.rmtree(world.folder / "outbox")
    restore(world, backup)
    world.run()
    agree(world, all_since=True)
    world.run()
    next_issue(world)
    assert world.got() == {}
    next_issue(world, "b")
    assert world.got() == {ANN: ["Weekly #2: B"]}


def test_one_erased_after_the_backup_is_erased_again(
    backed_up: tuple[World, Path],
) -> None:
    world, backup = backed_up
    world.leave(BOB)
    erase(world, BOB)
    told = [e for e in entries(world) if getattr(e, "member", None) == 2]
    assert told == [Erased(member=2)]
    restore(world, backup)
    world.run()
    found = plan(world)
    assert found
    assert found.erased == 1
    agree(world)
    world.run()
    assert ask(world, "SELECT key FROM subscribers") == [(ANN,)]
    assert world.join(BOB) == "kept out"


def test_a_domain_blocked_after_the_backup_is_blocked_again(
    backed_up: tuple[World, Path],
) -> None:
    world, backup = backed_up
    database, _ = open_spool(world)
    with database.transaction() as tx:
        block(tx, "@bad.example", world.time)
    database.close()
    world.run()
    restore(world, backup)
    world.run()
    agree(world)
    assert world.join("eve@bad.example") == "kept out"


def test_a_letter_that_went_out_is_not_sent_again(world: World) -> None:
    world.configure(world.config + WEB)
    keep(world, asked(world, EVE))
    backup = back_up_world(world)
    world.run()
    assert list(world.got()) == [EVE]
    take_and_sweep(world)
    restore(world, backup)
    world.run()
    assert world.got() == {}


def test_accepting_nothing_would_send_twice(
    backed_up: tuple[World, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control: what is learned is what keeps posts from coming again."""
    monkeypatch.setattr(
        "pipeline.runs.backups.remembering.learn_batch", lambda *_: None
    )
    world, backup = backed_up
    next_issue(world, "b")
    sent = take_and_sweep(world)
    restore(world, backup)
    world.run()
    agree(world)
    next_issue(world, "c")
    (given,) = ask(world, "SELECT posts FROM variants ORDER BY issue DESC LIMIT 1")
    assert sent
    assert "/b/" in str(given)


def test_a_trial_on_a_copy_is_not_taken_for_a_restore(
    backed_up: tuple[World, Path], tmp_path: Path
) -> None:
    world, _ = backed_up
    world.later(days=7)
    world.post("b", date=f"{world.time:%Y-%m-%d}")
    trial = prepare_trial(world.configuration(), tmp_path / "trial")
    report = run_once(trial, FixedClock(world.time), Silent())
    assert [issue.label for issue in report.issues] == ["weekly #2"]
    assert world.run().issues
