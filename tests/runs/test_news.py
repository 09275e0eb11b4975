"""What is news and stays news: nothing is lost, and nothing old floods the readers."""

from __future__ import annotations

import pytest

from pipeline.store.issues import count_issues
from pipeline.store.newsletters import find_newsletter, find_stream
from pipeline.subscribers.choice import Topics
from tests.world import World, part

BLOG = """\
  - name: blog
    folder: blog
    url: https://blog.example.org/
    title: Blog
    output: public/blog
feeds:"""


@pytest.fixture
def weekly(world: World) -> World:
    """A newsletter that has begun, with one reader and no issue yet."""
    world.configure(world.config.replace("backfill: 5", "backfill: 0"))
    world.join("ann@example.org")
    world.run()
    return world


def shown(world: World) -> list[str]:
    """Return which of the posts a to f each message shows."""
    return [
        "".join(name for name in "abcdef" if f"/{name}/" in part(message, "plain"))
        for message in world.messages()
    ]


def blog_post(world: World, name: str, date: str) -> None:
    text = f"---\ntitle: {name}\ndate: {date}\n---\nWords.\n"
    world.write(f"blog/{name}.md", text)


def test_a_post_that_is_gone_on_the_day_comes_with_a_later_issue(weekly: World) -> None:
    path = weekly.post("a", date="2026-11-21")
    weekly.post("b", date="2026-11-21")
    weekly.later(days=1)
    weekly.run()
    path.unlink()
    weekly.later(days=2)
    weekly.run()
    weekly.post("a", date="2026-11-21")
    weekly.run()
    weekly.later(days=7)
    weekly.run()
    assert shown(weekly) == ["b", "a"]


DEEP = "> " * 5000 + "deep"


def counts(world: World) -> tuple[int, int, int]:
    """Return how many issues there are, were counted, and the last post's number."""
    database = world.store()
    with database.transaction() as tx:
        issues = len(count_issues(tx))
        stream = find_stream(tx, "weekly", "own")
        kept = find_newsletter(tx, "weekly")
    database.close()
    assert stream
    assert kept
    return issues, stream.issues, kept.last_number


@pytest.mark.parametrize("schedule", ["instant", "daily 09:00"])
def test_a_post_that_cannot_be_shown_opens_no_issue_after_another(
    weekly: World, schedule: str
) -> None:
    weekly.configure(weekly.config.replace("every monday 09:00", schedule))
    weekly.post("a", date="2026-11-21", body=DEEP)
    weekly.later(days=1)
    for _ in range(5):
        weekly.later(days=1)
        assert weekly.run().faults
    assert counts(weekly) == (0, 0, 1)
    weekly.post("b", date="2026-11-21")
    for _ in range(3):
        weekly.later(days=1)
        weekly.run()
    assert shown(weekly) == ["b"]
    weekly.post("a", date="2026-11-21")
    weekly.later(days=1)
    weekly.run()
    assert shown(weekly) == ["b", "a"]
    assert counts(weekly)[:2] == (2, 2)


def test_a_post_that_nobody_wants_does_not_carry_a_broken_one_along(
    weekly: World,
) -> None:
    weekly.configure(weekly.config.replace("every monday 09:00", "instant"))
    weekly.choose("ann@example.org", topics=Topics.of(tags=["maths"]))
    weekly.post("a", date="2026-11-21", tags="maths", body=DEEP)
    weekly.post("b", date="2026-11-21")
    weekly.later(days=1)
    for _ in range(3):
        weekly.later(hours=1)
        weekly.run()
    weekly.post("a", date="2026-11-21", tags="maths")
    weekly.run()
    assert shown(weekly) == ["a"]
    assert counts(weekly)[:2] == (1, 1)


def test_an_empty_folder_where_posts_were_changes_nothing_and_loses_none(
    weekly: World,
) -> None:
    weekly.post("a", date="2026-11-21")
    weekly.later(days=1)
    weekly.run()
    content = weekly.folder / "content"
    content.rename(weekly.folder / "away")
    content.mkdir()
    weekly.later(days=2)
    before = weekly.feeds()
    report = weekly.run()
    assert (report.issues, report.exit_status()) == ([], 66)
    assert "Is it mounted?" in str(report.errors[0])
    assert weekly.feeds() == before
    content.rmdir()
    (weekly.folder / "away").rename(content)
    weekly.later(days=7)
    weekly.run()
    assert weekly.got()["ann@example.org"] == ["Weekly #1: A"]


def test_a_post_too_deep_to_be_shown_comes_when_it_is_mended(weekly: World) -> None:
    weekly.configure(weekly.config.replace("tags: all", "entries: 1"))
    weekly.post("a", date="2026-11-21", body=DEEP)
    weekly.post("b", date="2026-11-22")
    weekly.later(days=3)
    assert weekly.run().exit_status() == 65
    assert shown(weekly) == ["b"]
    weekly.later(days=1)
    weekly.post("a", date="2026-11-21")
    weekly.later(days=6)
    assert weekly.run().exit_status() == 0
    assert shown(weekly) == ["b", "a"]


def test_a_post_taken_back_before_the_day_is_not_sent(weekly: World) -> None:
    weekly.post("a", date="2026-11-21")
    weekly.post("b", date="2026-11-21")
    weekly.later(days=1)
    weekly.run()
    weekly.post("b", date="2026-11-21", mail="false")
    weekly.later(days=2)
    weekly.run()
    assert shown(weekly) == ["a"]


def test_a_site_under_a_new_name_brings_no_old_news(weekly: World) -> None:
    weekly.post("a", date="2026-11-21", slug="first")
    weekly.run()
    weekly.post("a", date="2026-11-21")
    weekly.later(days=3)
    weekly.run()
    weekly.configure(
        weekly.config.replace("folder: content", "name: journal\n    folder: content")
    )
    weekly.later(days=7)
    assert weekly.run().sites[0].site == "journal"
    assert len(weekly.messages()) == 1
    assert "https://example.org/first/" in weekly.feed()


@pytest.mark.parametrize("chosen", ["", "    sites: [site, blog]\n"])
def test_a_new_site_brings_only_what_is_new(weekly: World, chosen: str) -> None:
    weekly.later(days=20)
    blog_post(weekly, "a", "2010-01-01")
    blog_post(weekly, "b", "2026-11-25")
    weekly.configure(weekly.config.replace("feeds:", BLOG) + chosen)
    weekly.run()
    weekly.later(days=1)
    blog_post(weekly, "c", "2026-12-11")
    weekly.later(days=7)
    weekly.run()
    assert shown(weekly) == ["c"]


def test_posts_that_came_while_a_newsletter_was_refused_are_news(
    weekly: World,
) -> None:
    good = weekly.config
    weekly.configure(good + "    sites: [gone]\n")
    weekly.later(days=1)
    weekly.post("a", date="2026-11-21")
    assert weekly.run().exit_status() == 78
    weekly.configure(good + "    sites: [site]\n")
    weekly.later(days=3)
    weekly.run()
    assert shown(weekly) == ["a"]


def test_the_first_day_is_that_of_the_posts_own_zone(world: World) -> None:
    world.configure(world.config.replace("backfill: 5", "zone: America/New_York"))
    world.join("ann@example.org")
    world.run()
    world.post("a", date="2026-11-20")
    world.later(days=4)
    world.run()
    assert shown(world) == ["a"]


def test_backfill_may_be_set_until_there_is_an_issue(weekly: World) -> None:
    weekly.post("a", date="2026-11-01")
    weekly.later(hours=1)
    report = weekly.run()
    assert any("too old to be news" in note for note in report.notes)
    weekly.configure(weekly.config.replace("backfill: 0", "backfill: 3"))
    weekly.run()
    assert shown(weekly) == ["a"]


def test_a_template_broken_for_weeks_gives_one_catch_up(weekly: World) -> None:
    weekly.write("templates/digest.txt", "{{ newsletter.titel }}")
    for day in (21, 28):
        weekly.post(f"{'a' if day == 21 else 'b'}", date=f"2026-11-{day}")
        weekly.later(days=7)
        assert weekly.run().exit_status() == 78
    (weekly.folder / "templates" / "digest.txt").unlink()
    weekly.run()
    weekly.later(days=7)
    weekly.run()
    assert shown(weekly) == ["a", "b"]


def test_of_two_sites_with_one_id_the_first_keeps_it(weekly: World) -> None:
    weekly.configure(weekly.config.replace("feeds:", BLOG))
    weekly.post("a", id="https://example.org/one")
    weekly.write(
        "blog/b.md",
        "---\ntitle: B\ndate: 2026-11-19\nid: https://example.org/one\n---\n",
    )
    report = weekly.run()
    assert report.exit_status() == 65
    assert "another site has the id https://example.org/one" in str(report.faults[0])
    assert "<title>A</title>" in weekly.feed()


def test_who_leaves_is_pulled_out_of_a_batch_that_was_put_back(world: World) -> None:
    world.post("a")
    world.join("ann@example.org")
    world.join("bob@example.org")
    world.run()
    (name,) = world.batches()
    claimed = world.folder / "outbox" / "cur" / name
    (world.folder / "outbox" / "new" / name).rename(claimed)
    world.leave("ann@example.org")
    claimed.rename(world.folder / "outbox" / "new" / name)
    world.run()
    assert list(world.got()) == ["bob@example.org"]


def test_a_new_post_at_the_address_of_one_long_gone_is_news(weekly: World) -> None:
    weekly.post("b", date="2026-11-21")
    path = weekly.post("a", date="2026-11-21")
    weekly.later(days=3)
    weekly.run()
    path.unlink()
    weekly.run()
    weekly.later(days=35)
    text = "---\ntitle: Another\ndate: 2026-12-27\n---\nOther words.\n"
    weekly.write("content/a.md", text)
    weekly.run()
    assert shown(weekly) == ["ab", "a"]


def test_a_post_that_comes_back_after_months_is_no_news(weekly: World) -> None:
    weekly.post("b", date="2026-11-21")
    path = weekly.post("a", date="2026-11-21")
    weekly.later(days=3)
    weekly.run()
    path.unlink()
    weekly.run()
    weekly.later(days=90)
    weekly.post("a", date="2026-11-21")
    weekly.run()
    assert shown(weekly) == ["ab"]


def test_a_post_of_the_backfill_that_was_away_comes_to_who_still_waits(
    world: World,
) -> None:
    world.configure(world.config + "    cadences: [monthly]\n")
    path = world.post("a", date="2026-01-01")
    world.post("b", date="2026-01-02")
    for name in ("ann", "bob"):
        world.join(f"{name}@example.org")
    world.choose("bob@example.org", cadence="monthly")
    world.run()
    away = path.with_suffix(".away")
    path.rename(away)
    world.later(hours=1)
    world.run()
    away.rename(path)
    for _ in range(3):
        world.later(days=14)
        world.run()
    got = [
        (m["To"], page) for m, page in zip(world.messages(), shown(world), strict=True)
    ]
    assert got == [("ann@example.org", "ab"), ("bob@example.org", "ab")]


def test_what_only_the_filter_leaves_out_is_looked_at_anew(world: World) -> None:
    """So what is old is no news for having been left out for a while."""
    world.configure(world.config + "    cadences: [monthly]\n")
    world.post("a", date="2026-01-01")
    world.post("b", date="2026-01-02", tags="[maths]")
    for name in ("ann", "bob"):
        world.join(f"{name}@example.org")
    world.choose("bob@example.org", cadence="monthly")
    world.run()
    before = world.config
    world.configure(before + "    filter:\n      tags: [maths]\n")
    world.later(hours=1)
    world.run()
    world.configure(before)
    world.take_all()
    for _ in range(3):
        world.later(days=14)
        world.run()
    assert shown(world) == ["b"]
