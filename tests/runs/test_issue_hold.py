"""An issue that waits for its owner: previewed, and then let go, skipped or stopped."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from pipeline.base.clock import FixedClock
from pipeline.base.errors import InputError, UsageError
from pipeline.digest.issue import IllegalMove, Issue, IssueState
from pipeline.runs.issues import previewing
from pipeline.runs.issues.deciding import (
    hold_issue,
    let_go,
    look_at_issue,
    put_post_back,
    resume_issue,
    skip_post,
    stop_issue,
)
from pipeline.runs.owner.ownermail import send_owner_letters
from pipeline.runs.telling import Event, tell_owner
from pipeline.store.database import Database, Transaction
from pipeline.store.holds import standing_holds
from pipeline.store.issues import IssueCount, count_issues, find_issue
from pipeline.store.newsletters import numbered_posts
from tests.runs.test_letters import Killed, Points
from tests.world import CONFIG, NOW, World, part

OWNER = "owner:\n  address: owner@example.org\n"


@pytest.fixture
def site(world: World) -> World:
    world.configure(CONFIG + "    hold: 30m\n" + OWNER)
    for name in ("a", "b", "c"):
        world.post(name, f"Words of {name}.")
    world.join("ann@example.org")
    world.join("bob@example.org")
    return world


def issue(world: World, number: int = 1) -> Issue:
    with opened(world) as tx:
        found = find_issue(tx, number)
    assert found is not None
    return found


@contextmanager
def opened(world: World) -> Iterator[Transaction]:
    database = world.store()
    with database.transaction() as tx:
        yield tx
    database.close()


def decide(
    world: World, deed: Callable[..., Any], *words: str, number: int = 1
) -> None:
    with opened(world) as tx:
        found = find_issue(tx, number)
        deed(tx, found, *words)


def hold_forever(tx: Transaction, found: Issue) -> None:
    hold_issue(tx, found, NOW)


def got(world: World) -> list[str]:
    return [str(m["To"]) for m in world.messages() if "owner@" not in str(m["To"])]


def titles(world: World) -> list[str]:
    text = part(world.messages()[-1], "plain")
    return [name for name in "abc" if f"Words of {name}." in text]


def test_the_owner_gets_a_preview_and_readers_nothing_yet(site: World) -> None:
    report = site.run()
    (preview,) = site.messages()
    assert preview["To"] == "owner@example.org"
    assert preview["Subject"] == ("Preview: weekly #1 goes out at 09:30 UTC")
    for kind in ("plain", "html"):
        body = part(preview, kind)
        assert "09:30 UTC the issue below" in body
        assert "pressroom issue release 1" in body
        assert "Words of a." in body
        assert "unsubscribe/" not in body
    assert report.due[-1] == site.time.replace(minute=30)
    assert "`pressroom issue release 1` sends it now" in "\n".join(report.notes)


def test_after_its_time_it_goes_out_by_itself(site: World) -> None:
    site.run()
    site.later(minutes=29)
    site.run()
    assert got(site) == []
    site.later(minutes=1)
    site.run()
    assert sorted(got(site)) == ["ann@example.org", "bob@example.org"]
    with opened(site) as tx:
        assert standing_holds(tx) == []


def test_it_goes_out_as_its_posts_are_then(site: World) -> None:
    site.run()
    site.post("a", "Better words of a.")
    (site.folder / "content" / "b.md").unlink()
    site.later(minutes=30)
    site.run()
    text = part(site.messages()[-1], "plain")
    assert "Better words of a." in text
    assert "Words of b." not in text
    assert "Words of c." in text


def test_what_vanished_meanwhile_comes_later_if_it_returns(site: World) -> None:
    site.run()
    site.post("b", "Words of b.", draft="true")
    site.later(minutes=30)
    site.run()
    assert titles(site) == ["a", "c"]
    site.post("b", "Words of b.")
    site.later(days=3)
    site.take_all()
    site.run()
    site.later(minutes=30)
    site.run()
    assert titles(site) == ["b"]


def test_an_edit_while_it_waits_counts_though_the_post_has_not_rested(
    site: World,
) -> None:
    site.configure(site.config.replace("settle: 0", "settle: 10m"))
    site.run()
    site.later(minutes=29)
    site.post("a", "Better words of a.")
    site.run()
    site.later(minutes=1)
    site.run()
    assert "Better words of a." in part(site.messages()[-1], "plain")


def test_its_stream_waits_for_it_and_makes_one_issue_then(site: World) -> None:
    site.configure(site.config.replace("hold: 30m", "hold: 20d"))
    site.run()
    for _ in range(2):
        site.later(days=7)
        site.post(f"n{site.time.day}", date=f"{site.time:%Y-%m-%d}")
        site.run()
    with opened(site) as tx:
        assert [entry.issue.state for entry in count_issues(tx)] == [IssueState.HELD]
    site.later(days=7)
    site.run()
    site.later(minutes=1)
    site.run()
    with opened(site) as tx:
        states = [entry.issue.state for entry in count_issues(tx)]
    assert states == [IssueState.DONE, IssueState.HELD]


def test_it_can_be_released_at_once(site: World) -> None:
    site.run()
    decide(site, let_go)
    site.run()
    assert len(got(site)) == 2


def test_a_post_that_is_skipped_is_in_this_issue_no_more_nor_in_a_later_one(
    site: World,
) -> None:
    site.run()
    decide(site, skip_post, "b.md")
    site.later(minutes=30)
    site.run()
    assert titles(site) == ["a", "c"]
    site.take_all()
    site.later(days=14)
    site.run()
    assert got(site) == []


def test_a_post_can_be_put_back_until_the_issue_is_made(site: World) -> None:
    site.run()
    decide(site, skip_post, "https://example.org/b/")
    decide(site, skip_post, "B")
    with opened(site) as tx:
        places = look_at_issue(tx, issue_in(tx)).places
    assert [(place.post.path, place.skipped) for place in places] == [
        ("c.md", False),
        ("b.md", True),
        ("a.md", False),
    ]
    decide(site, put_post_back, "b.md")
    decide(site, put_post_back, "b.md")
    site.later(minutes=30)
    site.run()
    assert titles(site) == ["a", "b", "c"]
    with pytest.raises(UsageError, match="only before it is made"):
        decide(site, put_post_back, "b.md")


@pytest.fixture
def cadences(site: World) -> World:
    """Return the site after its first issue; bob has chosen daily mail since."""
    site.configure(site.config.replace("hold: 30m", "hold: 3d\n    cadences: [daily]"))
    site.choose("bob@example.org", cadence="daily")
    site.run()
    decide(site, let_go)
    site.run()
    return site


def write_today(world: World, name: str) -> None:
    world.post(name, f"Words of {name}.", date=f"{world.time:%Y-%m-%d %H:%M}")


def read_by(world: World, reader: str) -> str:
    return "".join(part(m, "plain") for m in world.messages() if m["To"] == reader)


def test_a_post_that_others_were_not_sent_meanwhile_comes_with_the_next_issue(
    cadences: World,
) -> None:
    site = cadences
    site.later(hours=1)
    write_today(site, "x")
    write_today(site, "y")
    site.later(days=2, hours=23)
    site.run()
    waiting = {i.issue.cadence: i.issue.id for i in issues(site) if is_held(i.issue)}
    assert waiting.keys() == {"own", "daily"}
    decide(site, skip_post, "x.md", number=waiting["own"])
    decide(site, let_go, number=waiting["daily"])
    site.run()
    decide(site, put_post_back, "x.md", number=waiting["own"])
    decide(site, let_go, number=waiting["own"])
    site.run()
    for _ in range(14):
        site.take_all_letters()
        site.later(days=1)
        site.run()
    for reader in ("ann@example.org", "bob@example.org"):
        for name in ("x", "y"):
            assert read_by(site, reader).count(f"Words of {name}.") == 1


def test_what_is_edited_in_an_issue_that_waits_passes_nobody_by(
    cadences: World,
) -> None:
    site = cadences
    site.configure(site.config.replace("settle: 0", "settle: 10m"))
    site.later(hours=1)
    write_today(site, "x")
    site.later(days=2)
    site.run()
    assert [i.issue.cadence for i in issues(site) if is_held(i.issue)] == ["daily"]
    site.later(hours=22, minutes=59)
    site.post("x", "Better words of x.", date="2026-11-20 10:00")
    site.later(minutes=1)
    site.run()
    for _ in range(14):
        site.take_all_letters()
        site.later(days=1)
        site.run()
    for reader in ("ann@example.org", "bob@example.org"):
        assert read_by(site, reader).count("Better words of x.") == 1


def issues(world: World) -> list[IssueCount]:
    with opened(world) as tx:
        return count_issues(tx)


def is_held(found: Issue) -> bool:
    return found.state is IssueState.HELD


def test_a_post_it_does_not_have_is_told(site: World) -> None:
    site.run()
    with pytest.raises(InputError, match=r"it has c.md, b.md, a.md"):
        decide(site, skip_post, "z.md")


def test_a_stopped_issue_stays_until_it_is_resumed(site: World) -> None:
    site.run()
    decide(site, stop_issue)
    site.later(hours=2)
    site.run()
    assert got(site) == []
    with opened(site) as tx:
        assert standing_holds(tx) == []
    decide(site, resume_issue)
    site.run()
    assert len(got(site)) == 2


def test_an_owner_may_hold_it_for_as_long_as_they_like(site: World) -> None:
    site.run()
    with opened(site) as tx:
        hold_issue(tx, issue_in(tx), site.time)
    site.later(days=3)
    site.run()
    assert got(site) == []
    decide(site, let_go)
    site.run()
    assert len(got(site)) == 2


def issue_in(tx: Transaction) -> Issue:
    found = find_issue(tx, 1)
    assert found is not None
    return found


def test_what_is_not_held_cannot_be_released(site: World) -> None:
    site.run()
    site.later(minutes=30)
    site.run()
    with pytest.raises(IllegalMove):
        decide(site, let_go)


def test_a_machine_that_was_off_leaves_the_owner_the_whole_time(
    site: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr("pipeline.runs.issues.mailout.show_held_issue", lambda *_: None)
        site.run()
    site.later(hours=5)
    site.run()
    assert got(site) == []
    assert "at 14:30 UTC" in str(site.messages()[-1]["Subject"])


@pytest.mark.parametrize("schedule", ["instant", "every monday 09:00"])
def test_the_posts_of_a_stopped_issue_wait_for_new_ones(
    site: World, schedule: str
) -> None:
    site.configure(site.config.replace("every monday 09:00", schedule))
    site.run()
    decide(site, stop_issue)
    site.take_all()
    for _ in range(3):
        site.later(days=7)
        site.run()
    with opened(site) as tx:
        assert len(count_issues(tx)) == 1
    site.later(days=2)
    site.post("d", "Words of d.", date=f"{site.time:%Y-%m-%d}")
    site.later(days=7)
    site.run()
    site.later(minutes=30)
    site.run()
    assert titles(site) == ["a", "b", "c"]
    assert "Words of d." in part(site.messages()[-1], "plain")


def test_a_week_without_news_ends_also_after_an_issue_was_stopped(site: World) -> None:
    site.run()
    decide(site, stop_issue)
    site.later(days=7)
    site.run()
    site.later(hours=1)
    site.post("d", "Words of d.", date=f"{site.time:%Y-%m-%d}")
    site.run()
    with opened(site) as tx:
        assert len(count_issues(tx)) == 1


def test_a_hold_put_by_a_clock_far_ahead_begins_when_it_is_right(site: World) -> None:
    site.later(days=20)
    site.run()
    site.later(days=-20)
    site.run()
    site.later(minutes=29)
    site.run()
    assert got(site) == []
    site.later(minutes=1)
    site.run()
    assert len(got(site)) == 2


def test_one_that_nobody_gets_any_more_is_made_in_the_same_run(site: World) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("pipeline.runs.issues.mailout.show_held_issue", lambda *_: None)
        site.run()
    for name in ("ann", "bob"):
        site.leave(f"{name}@example.org")
    site.run()
    assert issue(site).state is IssueState.DONE


def test_its_time_runs_once_the_preview_is_out(site: World) -> None:
    """Of letters to the owner the next wait until a relay has claimed the last ones."""
    with opened(site) as tx:
        first = Event(key="1", kind="restore", values={"found": "older store"})
        tell_owner(tx, first, site.time)
    send_owner_letters(site.store(), site.configuration(), FixedClock(site.time))
    for _ in range(2):
        site.run()
        site.later(minutes=20)
    assert len(site.messages()) == 1
    site.take_all()
    site.run()
    assert "at 10:10 UTC" in str(site.messages()[-1]["Subject"])
    site.later(minutes=29)
    site.run()
    assert got(site) == []
    site.later(minutes=1)
    site.run()
    assert len(got(site)) == 2


@pytest.mark.parametrize("step", [0, 1])
def test_killed_before_its_preview_is_out_it_waits_for_it(
    site: World, monkeypatch: pytest.MonkeyPatch, step: int
) -> None:
    """And however long the machine is off then."""
    with monkeypatch.context() as patch:
        place = ("send_owner_letters", "begin_shown_holds")[step]
        patch.setattr(f"pipeline.runs.once.{place}", kill)
        with pytest.raises(Killed):
            site.run()
        with pytest.raises(Killed):
            site.run()
    site.later(hours=10)
    site.run()
    site.later(minutes=29)
    site.run()
    assert got(site) == []
    assert len(site.messages()) == 1


def kill(*_: object) -> None:
    raise Killed


@pytest.mark.parametrize("deed", [hold_forever, stop_issue, let_go])
def test_what_is_decided_while_the_preview_is_made_stands(
    site: World, monkeypatch: pytest.MonkeyPatch, deed: Callable[..., Any]
) -> None:
    preview = previewing.preview_issue

    def decide_meanwhile(*args: Any) -> Any:
        decide(site, deed)
        return preview(*args)

    with monkeypatch.context() as patch:
        patch.setattr(previewing, "preview_issue", decide_meanwhile)
        site.run()
    site.later(hours=3)
    report = site.run()
    assert report.errors == []
    assert len(got(site)) == (2 if deed is let_go else 0)
    with opened(site) as tx:
        assert len(standing_holds(tx)) == (deed is hold_forever)


def test_a_hold_of_an_issue_that_is_out_ends(site: World) -> None:
    site.run()
    with opened(site) as tx:
        tx.run("UPDATE issues SET state = 'done'")
    site.later(hours=1)
    assert site.run().errors == []
    with opened(site) as tx:
        assert standing_holds(tx) == []


def test_an_issue_that_nobody_would_get_waits_for_nobody(site: World) -> None:
    site.run()
    decide(site, stop_issue)
    for name in ("ann", "bob"):
        site.leave(f"{name}@example.org")
    decide(site, resume_issue)
    site.run()
    assert issue(site).state is IssueState.DONE


PAGE = "{% for post in posts %}{{ post.text }} {% endfor %}{{ unsubscribe_url }}"


def make_quick(world: World) -> None:
    """Give a world small templates and no archive: they take half the time of a run."""
    world.write("templates/digest.html", f"<html><body>{PAGE}</body></html>")
    world.write("templates/digest.txt", PAGE)
    lines = "    backfill: 5\n", "    backfill: 5\n    archive: false\n"
    world.configure(world.config.replace(*lines))


@pytest.mark.parametrize("moment", ["opening", "release"])
def test_wherever_a_run_is_killed_it_goes_out_once(
    tmp_path_factory: pytest.TempPathFactory, moment: str
) -> None:
    """Kill between the transactions of a run, and within each before it commits."""
    n, step = 1, 9
    while True:
        world = World(tmp_path_factory.mktemp("world") / "site")
        world.configure(CONFIG + "    hold: 30m\n" + OWNER)
        make_quick(world)
        world.post("a", "Words of a.")
        world.post("b", "Words of b.")
        world.join("ann@example.org")
        if moment == "release":
            world.run()
            decide(world, skip_post, "b.md")
            world.later(minutes=30)
        lived = run_killed_at(n, world)
        for _ in range(2):
            world.run()
            world.later(minutes=30)
        assert got(world) == ["ann@example.org"], f"killed at {n}"
        owners = [m for m in world.messages() if "owner@" in str(m["To"])]
        assert len(owners) == 1, f"killed at {n}"
        assert titles(world) == (["a"] if moment == "release" else ["a", "b"])
        if lived:
            break
        n += step
    assert n > 30


def run_killed_at(n: int, world: World) -> bool:
    points = Points(n)
    original = Database.transaction

    @contextmanager
    def reached(database: Database) -> Iterator[Transaction]:
        points.reach()
        with original(database) as tx:
            yield tx
            points.reach()

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Database, "transaction", reached)
        try:
            world.run()
        except Killed:
            return False
    return True


def test_the_next_issue_is_opened_in_the_run_that_makes_the_last(site: World) -> None:
    site.configure(site.config.replace("hold: 30m", "hold: 7d"))
    site.run()
    site.take_all_letters()
    site.later(days=4)
    site.post("d", "Words of d.", date=f"{site.time:%Y-%m-%d}")
    site.later(days=3)
    site.run()
    states = [entry.issue.state for entry in issues(site)]
    assert states == [IssueState.DONE, IssueState.HELD]


def test_an_issue_in_which_nothing_is_left_is_told_as_such(site: World) -> None:
    site.run()
    for name in "abc":
        decide(site, skip_post, f"{name}.md")
    site.later(minutes=30)
    site.run()
    assert got(site) == []
    with opened(site) as tx:
        outlook = look_at_issue(tx, issue_in(tx))
    assert (outlook.issue.state, outlook.is_empty) == (IssueState.DONE, True)


def test_a_preview_that_comes_to_nothing_is_not_sent(site: World) -> None:
    """Of letters to the owner the next wait until a relay has claimed the last ones."""
    with opened(site) as tx:
        first = Event(key="1", kind="restore", values={"found": "older store"})
        tell_owner(tx, first, site.time)
    send_owner_letters(site.store(), site.configuration(), FixedClock(site.time))
    assert site.run().letters_wait
    decide(site, stop_issue)
    site.take_all()
    assert not site.run().letters_wait
    assert site.messages() == []


def test_a_post_that_an_issue_kept_from_resting_rests_when_it_is_made(
    cadences: World,
) -> None:
    """In the same run, so that it does not depend on whether another comes soon."""
    site = cadences
    site.configure(site.config.replace("settle: 0", "settle: 2h"))
    site.later(days=1)
    write_today(site, "x")
    site.later(days=1)
    site.run()
    (held,) = (i.issue.id for i in issues(site) if is_held(i.issue))
    site.later(minutes=1)
    site.post("x", "Better words of x.", date="2026-11-21 09:00")
    site.later(minutes=1)
    site.run()
    decide(site, let_go, number=held)
    before = issues(site)[-1].issue.upto_number
    site.run()
    site.later(hours=3)
    site.run()
    with opened(site) as tx:
        numbers = {post: n for n, post in numbered_posts(tx, "weekly", 0).items()}
    assert numbers["https://example.org/x/"] == before + 1
