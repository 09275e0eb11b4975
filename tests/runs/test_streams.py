"""Readers who chose: how often, about what, in which language, and not just now.

No choice loses a post, and none repeats one.
"""

from __future__ import annotations

from datetime import timedelta

import pytest

from pipeline.base.errors import InputError, UsageError
from pipeline.digest.issue import IssueEvent
from pipeline.runs.readers.choosing import find_choice
from pipeline.store.issues import find_issue, move_issue
from pipeline.store.subscribers import find_subscriber
from pipeline.subscribers.choice import Topics
from tests.world import World, part

ANN, BOB = "ann@example.org", "bob@example.org"
CADENCES = "    cadences: [instant, daily, weekly, monthly]\n"
NAMES = "abcdefgh"


@pytest.fixture
def weekly(world: World) -> World:
    """A newsletter that has begun on a Friday, with two readers and every cadence."""
    world.configure(world.config.replace("backfill: 5", "backfill: 0") + CADENCES)
    world.join(ANN)
    world.join(BOB)
    world.run()
    return world


def day(world: World, *names: str, **fields: str) -> None:
    """Publish posts, and let a day pass."""
    for name in names:
        world.post(name, date=f"{world.time:%Y-%m-%d}", **fields)
    world.later(days=1)
    world.run()


def got(world: World, address: str = ANN) -> list[str]:
    """Return which of the posts a to h each of a reader's messages shows."""
    return [
        "".join(n for n in NAMES if f"/{n}/" in part(message, "plain"))
        for message in world.messages()
        if message["To"] == address
    ]


def test_each_cadence_has_issues_and_numbers_of_its_own(weekly: World) -> None:
    weekly.choose(ANN, cadence="daily")
    day(weekly, "a")
    day(weekly, "b")
    day(weekly, "c")
    assert got(weekly, ANN) == ["a", "b", "c"]
    assert got(weekly, BOB) == ["abc"]
    subjects = weekly.got()
    assert subjects[ANN] == ["Weekly #1: A", "Weekly #2: B", "Weekly #3: C"]
    assert subjects[BOB] == ["Weekly #1: C"]


def test_who_goes_from_weekly_to_daily_gets_the_days_since(weekly: World) -> None:
    weekly.choose(BOB, cadence="daily")
    day(weekly, "a")
    day(weekly, "b")
    weekly.choose(ANN, cadence="daily")
    day(weekly, "c")
    day(weekly, "d")
    assert got(weekly, ANN) == ["abc", "d"]
    assert got(weekly, BOB) == ["a", "b", "c", "d"]


def test_who_goes_from_daily_to_weekly_gets_nothing_twice(weekly: World) -> None:
    weekly.choose(ANN, cadence="daily")
    day(weekly, "a")
    day(weekly, "b")
    weekly.choose(ANN, cadence="own")
    day(weekly, "c")
    assert got(weekly, ANN) == ["a", "b", "c"]
    assert got(weekly, BOB) == ["abc"]


def test_an_issue_is_due_for_one_who_came_over_alone(weekly: World) -> None:
    day(weekly, "a")
    weekly.choose(ANN, cadence="instant")
    weekly.later(minutes=5)
    weekly.run()
    assert got(weekly, ANN) == ["a"]
    weekly.later(days=2)
    weekly.run()
    assert (got(weekly, ANN), got(weekly, BOB)) == (["a"], ["a"])


def test_posts_of_one_who_came_over_are_on_top_of_the_most(weekly: World) -> None:
    weekly.configure(weekly.config + "    max_posts: 2\n")
    weekly.choose(BOB, cadence="instant")
    for name in "abc":
        weekly.later(hours=1)
        weekly.post(name, date="2026-11-20")
        weekly.run()
    weekly.choose(ANN, cadence="instant")
    weekly.later(minutes=1)
    weekly.run()
    assert got(weekly, ANN) == ["abc"]
    assert got(weekly, BOB) == ["a", "b", "c"]


def open_without_freezing(world: World) -> None:
    """Let a run open an issue, and stop at a template that is wrong."""
    world.write("templates/digest.txt", "{{ newsletter.titel }}")
    assert world.run().exit_status() == 78
    (world.folder / "templates" / "digest.txt").unlink()


@pytest.mark.parametrize(("before", "after"), [("own", "daily"), ("daily", "own")])
def test_who_changes_while_an_issue_is_opened_gets_each_post_once(
    weekly: World, before: str, after: str
) -> None:
    weekly.choose(ANN, cadence=before)
    day(weekly, "a")
    day(weekly, "b")
    weekly.post("c", date="2026-11-22")
    weekly.later(days=1)
    open_without_freezing(weekly)
    weekly.choose(ANN, cadence=after)
    for _ in range(8):
        day(weekly)
    assert "".join(got(weekly, ANN)) == "abc"
    assert got(weekly, BOB) == ["abc"]


def test_who_changes_while_an_issue_is_sent_gets_it_and_nothing_twice(
    weekly: World,
) -> None:
    weekly.configure(
        weekly.config.replace("mail:", "outbox:\n  ahead: 1\nmail:\n  batch_size: 1")
    )
    weekly.post("a", date="2026-11-21")
    weekly.later(days=3)
    weekly.run()
    weekly.choose(BOB, cadence="instant")
    weekly.later(minutes=1)
    weekly.run()
    weekly.take_all()
    weekly.run()
    assert got(weekly, BOB) == ["a"]
    weekly.take_all()
    weekly.run()
    assert weekly.messages() == []


def test_posts_of_an_issue_that_is_stopped_unfrozen_come_with_the_next(
    weekly: World,
) -> None:
    weekly.post("a", date="2026-11-21")
    weekly.later(days=3)
    open_without_freezing(weekly)
    database = weekly.store()
    with database.transaction() as tx:
        issue = find_issue(tx, 1)
        assert issue is not None
        move_issue(tx, issue, IssueEvent.STOP)
    weekly.post("b", date="2026-11-24")
    weekly.later(days=7)
    weekly.run()
    assert got(weekly) == ["ab"]
    with database.transaction() as tx:
        issue = find_issue(tx, 1)
        assert issue is not None
        move_issue(tx, issue, IssueEvent.REOPEN)
    database.close()
    weekly.run()
    assert got(weekly) == ["ab"]


def test_who_leaves_and_comes_back_gets_nothing_twice(weekly: World) -> None:
    weekly.choose(ANN, cadence="daily")
    day(weekly, "a")
    weekly.leave(ANN)
    weekly.join(ANN, again=True)
    day(weekly, "b")
    day(weekly)
    assert got(weekly, BOB) == ["ab"]
    # What no relay had claimed was pulled out when they left.
    assert got(weekly, ANN) == ["b"]


def test_a_choice_survives_what_the_owner_takes_back(weekly: World) -> None:
    weekly.choose(ANN, cadence="daily")
    day(weekly, "a")
    weekly.configure(weekly.config.replace(CADENCES, ""))
    weekly.later(minutes=1)
    report = weekly.run()
    assert any("not offered any more" in note for note in report.notes)
    day(weekly, "b")
    day(weekly, "c")
    assert (got(weekly, ANN), got(weekly, BOB)) == (["a", "bc"], ["abc"])


def test_a_backfill_is_for_readers_of_every_cadence(world: World) -> None:
    world.configure(world.config + CADENCES)
    world.post("a")
    world.join(ANN)
    world.choose(ANN, cadence="daily")
    world.run()
    assert got(world) == []
    world.later(days=1)
    world.run()
    world.join(BOB)
    day(world, "b")
    day(world)
    assert got(world, ANN) == ["a", "b"]
    assert got(world, BOB)[-1].endswith("b")


def test_topics_pass_over_the_rest_for_good(weekly: World) -> None:
    weekly.choose(ANN, topics=Topics.of(tags=["maths"]))
    day(weekly, "a", tags="[maths]")
    day(weekly, "b", tags="[cooking]")
    day(weekly)
    assert (got(weekly, ANN), got(weekly, BOB)) == (["a"], ["ab"])
    weekly.choose(ANN, topics=Topics())
    for _ in range(5):
        day(weekly)
    day(weekly, "c")
    day(weekly)
    assert (got(weekly, ANN), got(weekly, BOB)) == (["a", "c"], ["ab", "c"])


def test_an_issue_without_a_post_for_anybody_is_none(weekly: World) -> None:
    for reader in (ANN, BOB):
        weekly.choose(reader, topics=Topics.of(tags=["maths"]))
    day(weekly, "a")
    day(weekly)
    assert weekly.time.weekday() == 6
    assert weekly.later(days=1) is None
    assert weekly.run().issues == []
    weekly.choose(ANN, topics=Topics())
    weekly.post("b", date="2026-11-24")
    weekly.later(days=7)
    weekly.run()
    assert weekly.got() == {ANN: ["Weekly #1: B"]}
    assert got(weekly) == ["b"]


def test_a_reader_on_holiday_finds_no_pile(weekly: World) -> None:
    weekly.choose(ANN, cadence="daily", paused_until=weekly.time + timedelta(days=2))
    day(weekly, "a")
    day(weekly, "b")
    day(weekly, "c")
    assert got(weekly, ANN) == ["b", "c"]
    assert got(weekly, BOB) == ["abc"]


def test_a_pause_that_is_over_by_the_day_changes_nothing(weekly: World) -> None:
    weekly.choose(ANN, paused_until=weekly.time + timedelta(days=1))
    day(weekly, "a")
    day(weekly, "b")
    day(weekly)
    assert got(weekly, ANN) == got(weekly, BOB) == ["ab"]


def test_of_translations_a_reader_gets_one_in_their_language(weekly: World) -> None:
    weekly.choose(BOB, language="zh-CN")
    day(weekly, "a", language="en", translationKey="one")
    day(weekly, "b", language="zh", translationKey="one")
    day(weekly)
    assert (got(weekly, ANN), got(weekly, BOB)) == (["a"], ["b"])


def test_a_translation_of_a_later_issue_is_for_who_had_none(weekly: World) -> None:
    weekly.choose(ANN, cadence="daily", language="zh")
    weekly.choose(BOB, cadence="daily", topics=Topics.of(languages=["zh"]))
    weekly.join("late@example.org")
    day(weekly, "a", language="en", translationKey="one")
    weekly.choose("late@example.org", cadence="daily")
    day(weekly, "b", language="zh", translationKey="one")
    day(weekly, "c")
    assert got(weekly, ANN) == ["a", "c"]
    assert got(weekly, BOB) == ["b"]
    assert got(weekly, "late@example.org") == ["a", "c"]


def test_a_post_that_is_away_on_the_day_comes_later_to_who_had_it_not(
    weekly: World,
) -> None:
    weekly.choose(ANN, cadence="daily")
    path = weekly.post("a", date="2026-11-20")
    day(weekly, "b")
    path.unlink()
    day(weekly)
    day(weekly)
    assert (got(weekly, ANN), got(weekly, BOB)) == (["ab"], ["b"])
    weekly.post("a", date="2026-11-20")
    for _ in range(7):
        day(weekly)
    assert (got(weekly, ANN), got(weekly, BOB)) == (["ab"], ["b", "a"])


def test_more_variants_than_the_most_share_batches_and_lose_nothing(
    weekly: World,
) -> None:
    weekly.configure(
        weekly.config.replace("mail:", "mail:\n  most_variants: 1\n  batch_size: 2")
    )
    weekly.join("eve@example.org")
    weekly.join("all@example.org")
    for address, tag in ((ANN, "ta"), (BOB, "tb"), ("eve@example.org", "tc")):
        weekly.choose(address, topics=Topics.of(tags=[tag]))
    for name in "abc":
        weekly.post(name, date="2026-11-21", tags=f"[t{name}]")
    weekly.later(days=3)
    weekly.run()
    assert [name.rsplit("-", 2)[1] for name in weekly.batches()] == [
        "000",
        "000",
        "001",
    ]
    assert got(weekly, ANN) == ["a"]
    assert got(weekly, BOB) == ["b"]
    assert got(weekly, "eve@example.org") == ["c"]
    assert got(weekly, "all@example.org") == ["abc"]


def test_pages_of_a_freezing_that_was_cut_short_are_made_anew(weekly: World) -> None:
    weekly.configure(weekly.config.replace("mail:", "mail:\n  most_variants: 1"))
    for address, tag in ((ANN, "ta"), (BOB, "tb")):
        weekly.choose(address, topics=Topics.of(tags=[tag]))
    for address in ("both@example.org", "eve@example.org"):
        weekly.join(address)
    weekly.choose("eve@example.org", topics=Topics.of(tags=["tc"]))
    for name in "abc":
        weekly.post(name, date="2026-11-21", tags=f"[t{name}]", body="As it was.")
    broken = "{% if posts[0].title == 'C' and posts|length == 1 %}{{ oops }}{% endif %}"
    text = "{% for post in posts %}{{ post.url }} {{ post.text }}{% endfor %}"
    weekly.write("templates/digest.txt", f"{broken}{text} {{{{ unsubscribe_url }}}}")
    weekly.later(days=3)
    assert weekly.run().exit_status() == 78
    weekly.write("templates/digest.txt", f"{text} {{{{ unsubscribe_url }}}}")
    for name in "abc":
        weekly.post(name, date="2026-11-21", tags=f"[t{name}]", body="As it is.")
    weekly.later(minutes=5)
    weekly.run()
    assert got(weekly, ANN) == ["a"]
    assert len(weekly.messages()) == 4
    assert not any("As it was." in part(m, "plain") for m in weekly.messages())


def test_only_what_the_owner_allows_can_be_chosen(weekly: World) -> None:
    weekly.configure(weekly.config.replace(CADENCES, "    cadences: daily\n"))
    with pytest.raises(UsageError, match="there is own, daily"):
        weekly.choose(ANN, cadence="monthly")
    weekly.leave(ANN)
    with pytest.raises(InputError, match="not subscribed"):
        weekly.choose(ANN, cadence="daily")


def test_a_post_that_is_past_for_all_is_no_news_when_it_comes_back(
    weekly: World,
) -> None:
    weekly.choose(BOB, paused_until=weekly.time + timedelta(days=4))
    day(weekly, "a")
    day(weekly)
    day(weekly)
    weekly.post("a", date="2026-11-20", draft="true")
    weekly.choose(ANN, cadence="monthly")
    weekly.post("b", date="2026-11-23")
    # The monthly stream has had no boundary yet: its issue goes over both posts.
    weekly.later(days=9)
    weekly.run()
    weekly.post("a", date="2026-11-20")
    weekly.later(days=7)
    weekly.run()
    assert got(weekly, ANN) == ["a", "b"]
    assert got(weekly, BOB) == ["b"]


def test_a_choice_keeps_nobody_in_a_cadence_that_was_taken_away(world: World) -> None:
    """Also before a run has brought them back to the newsletter's own."""
    world.configure(world.config + "    cadences: [monthly]\n")
    world.join("ann@example.org")
    world.choose("ann@example.org", cadence="monthly")
    world.configure(world.config.replace("[monthly]", "[daily]"))
    world.choose("ann@example.org", language="fr")
    database = world.store()
    with database.transaction() as tx:
        reader = find_subscriber(tx, "ann@example.org")
        assert reader
        assert find_choice(tx, reader, "weekly").cadence == "own"
    database.close()
