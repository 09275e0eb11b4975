"""Too much news, or too much gone, at once: everything is held, its owner asked."""

from __future__ import annotations

import pytest

from pipeline.runs.issues import mailout
from pipeline.runs.issues.holding import accept, refuse
from pipeline.runs.issues.mailroom import Mailroom
from pipeline.runs.issues.newsdesk import Listing, look_for_news
from pipeline.runs.issues.newsroom import Newsroom
from pipeline.store.holds import Hold, standing_holds
from tests.world import CONFIG, World, part

OWNER_ADDRESS = "owner@example.org"
OWNER = f"owner:\n  address: {OWNER_ADDRESS}\n"
NEWS_OF_NOTHING = """\
newsletters:
  - name: other
    title: Other
    schedule: instant
    sender: Ann <ann@example.org>
    postal_address: 1 Main Street
"""


@pytest.fixture
def site(world: World) -> World:
    """Return a site whose newsletter began before, of which 3 posts are a flood."""
    config = CONFIG.replace("settle: 0", "settle: 0\n  flood: 2")
    config = config.replace("every monday 09:00", "instant")
    world.configure(config.replace("    backfill: 5\n", "") + OWNER)
    for n in range(4):
        world.post(f"old{n}", f"Old words, {n}.", date="2026-01-01")
    world.join("ann@example.org")
    world.run()
    world.later(hours=1)
    return world


def pour(world: World, count: int = 3, name: str = "new") -> None:
    for n in range(count):
        world.post(f"{name}{n}", f"Words of {name}, {n}.", date="2026-11-20")


def holds(world: World) -> list[Hold]:
    database = world.store()
    with database.transaction() as tx:
        found = standing_holds(tx)
    database.close()
    return found


def end(world: World, *, going_on: bool) -> None:
    (hold,) = holds(world)
    database = world.store()
    with database.transaction() as tx:
        (accept if going_on else refuse)(tx, hold.id)
    database.close()


def readers_mail(world: World) -> list[str]:
    return [
        str(message["Subject"])
        for message in world.messages()
        if message["To"] == "ann@example.org"
    ]


def test_as_many_as_may_be_go_out(site: World) -> None:
    pour(site, 2)
    site.run()
    assert (holds(site), readers_mail(site)) == ([], ["Weekly #1: New1"])


def test_more_are_held_and_the_owner_is_asked_once(site: World) -> None:
    pour(site)
    for _ in range(2):
        report = site.run()
        site.later(minutes=1)
    assert readers_mail(site) == []
    assert "<title>New2</title>" in site.feed()
    (hold,) = holds(site)
    assert report.notes[-1] == (
        "everything has been held since 2026-11-20 10:00 UTC: "
        "3 posts are news at once, more than mail.flood (2): New0, New1, New2; "
        f"`pressroom hold accept {hold.id}` sends them, "
        f"`pressroom hold refuse {hold.id}` passes over them"
    )
    (letter,) = site.messages()
    assert letter["To"] == "owner@example.org"
    assert letter["Subject"] == "On hold: 3 posts are news at once"
    assert f"pressroom hold refuse {hold.id}" in part(letter, "plain")


def owners_letters(world: World) -> list[str]:
    """Return the subjects of the owner's letters that wait, and take all mail."""
    subjects = [str(m["Subject"]) for m in world.messages() if m["To"] == OWNER_ADDRESS]
    world.take_all()
    return subjects


def test_the_owner_is_asked_again_when_it_has_grown_but_not_post_by_post(
    site: World,
) -> None:
    pour(site)
    site.run()
    assert owners_letters(site) == ["On hold: 3 posts are news at once"]
    for n in range(5):
        site.later(minutes=1)
        pour(site, 1, f"more{n}")
        site.run()
    assert owners_letters(site) == []
    for _ in range(3):
        site.later(minutes=5)
        site.run()
    assert owners_letters(site) == ["On hold: 8 posts are news at once"]
    remove(site, "new0")
    site.later(hours=1)
    site.run()
    assert owners_letters(site) == []


def test_what_cannot_be_looked_at_is_held_as_it_was(site: World) -> None:
    pour(site)
    site.run()
    before = holds(site)
    (site.folder / "content").rename(site.folder / "away")
    site.later(minutes=1)
    site.run()
    assert holds(site) == before
    (site.folder / "away").rename(site.folder / "content")
    config = site.config
    site.configure(config.replace("schedule: instant", "schedule: every blue moon"))
    site.later(minutes=1)
    assert site.run().errors
    assert holds(site) == before
    site.configure(config)
    site.later(minutes=1)
    site.run()
    assert (holds(site), len(owners_letters(site))) == (before, 1)
    site.configure(config.partition("newsletters:")[0] + NEWS_OF_NOTHING + OWNER)
    site.run()
    assert holds(site) == []


def test_what_vanished_of_a_site_that_cannot_be_read_stays_held(site: World) -> None:
    remove(site, "old0", "old1", "old2")
    site.run()
    before = holds(site)
    (site.folder / "content").rename(site.folder / "away")
    site.later(minutes=1)
    site.run()
    assert holds(site) == before


@pytest.mark.parametrize("going_on", [True, False])
def test_a_decision_in_the_middle_of_a_run_stands(
    site: World, monkeypatch: pytest.MonkeyPatch, going_on: bool
) -> None:
    pour(site)
    site.run()
    site.take_all()

    def look(room: Mailroom, newsroom: Newsroom) -> Listing:
        listing = look_for_news(room, newsroom)
        end(site, going_on=going_on)
        return listing

    with monkeypatch.context() as patched:
        patched.setattr(mailout, "look_for_news", look)
        site.run()
    assert (holds(site), site.messages()) == ([], [])
    site.run()
    assert readers_mail(site) == (["Weekly #1: New2"] if going_on else [])
    assert (holds(site), owners_letters(site)) == ([], [])


def test_what_is_accepted_goes_out_however_many(site: World) -> None:
    pour(site)
    site.run()
    end(site, going_on=True)
    site.run()
    assert readers_mail(site) == ["Weekly #1: New2"]
    pour(site, name="later")
    site.run()
    assert len(holds(site)) == 1


def test_what_is_refused_never_goes_out(site: World) -> None:
    pour(site)
    site.run()
    end(site, going_on=False)
    site.run()
    assert (holds(site), readers_mail(site)) == ([], [])
    site.post("after", date="2026-11-20")
    site.run()
    assert readers_mail(site) == ["Weekly #1: After"]


def test_what_is_accepted_while_it_rests_goes_out_when_it_has_rested(
    site: World,
) -> None:
    site.configure(site.config.replace("settle: 0", "settle: 10m"))
    pour(site)
    site.run()
    end(site, going_on=True)
    site.run()
    assert (holds(site), readers_mail(site)) == ([], [])
    site.later(minutes=10)
    site.run()
    assert readers_mail(site) == ["Weekly #1: New2"]


def test_posts_that_come_one_by_one_within_their_rest_are_a_flood_too(
    site: World,
) -> None:
    site.configure(site.config.replace("settle: 0", "settle: 10m"))
    for n in range(3):
        site.post(f"slow{n}", date="2026-11-20")
        site.run()
        site.later(minutes=2)
    assert len(holds(site)) == 1
    assert readers_mail(site) == []


def test_a_hold_ends_by_itself_when_the_posts_are_drafts_again(site: World) -> None:
    pour(site)
    site.run()
    site.post("new0", date="2026-11-20", draft="true")
    site.run()
    assert (holds(site), readers_mail(site)) == ([], ["Weekly #1: New2"])


def test_one_newsletters_flood_holds_the_others_in_the_same_run(site: World) -> None:
    head, _, weekly = site.config.partition("newsletters:\n")
    first = weekly.removesuffix(OWNER).replace("name: weekly", "name: alpha")
    filtered = first + "    filter:\n      tags: [rare]\n"
    site.configure(f"{head}newsletters:\n{filtered}{weekly}")
    site.run()
    site.join("ann@example.org")
    site.later(hours=1)
    pour(site)
    site.post("rare", date="2026-11-20", tags="[rare]")
    site.run()
    assert readers_mail(site) == []


def test_a_backfill_is_no_flood_nor_is_what_is_passed_over(world: World) -> None:
    world.configure(CONFIG.replace("settle: 0", "settle: 0\n  flood: 2"))
    for n in range(9):
        world.post(f"p{n}", date="2026-01-01")
    world.join("ann@example.org")
    world.run()
    assert len(world.messages()) == 1
    for n in range(9):
        world.post(f"late{n}", date="2025-01-01")
    world.later(days=7)
    world.run()
    assert holds(world) == []


def test_the_guard_can_be_off(site: World) -> None:
    site.configure(site.config.replace("flood: 2", "flood: 0"))
    pour(site, 9)
    site.run()
    assert (holds(site), len(readers_mail(site))) == ([], 1)


def remove(world: World, *names: str) -> None:
    for name in names:
        (world.folder / "content" / f"{name}.md").unlink()


def test_many_that_vanish_are_held_until_they_are_back(site: World) -> None:
    remove(site, "old0", "old1", "old2")
    site.post("new", "New words.", date="2026-11-20")
    report = site.run()
    (told,) = (note for note in report.notes if note.startswith("everything has been"))
    assert "3 posts have vanished at once" in told
    assert "leaves them gone" in told
    assert "hold refuse" not in told
    assert readers_mail(site) == []
    assert site.messages()[0]["Subject"] == "On hold: 3 posts have vanished at once"
    for n in range(3):
        site.post(f"old{n}", f"Old words, {n}.", date="2026-01-01")
    site.run()
    assert (holds(site), readers_mail(site)) == ([], ["Weekly #1: New"])


def test_many_that_are_gone_for_good_are_accepted_once(site: World) -> None:
    remove(site, "old0", "old1", "old2")
    site.run()
    end(site, going_on=True)
    site.post("new", "New words.", date="2026-11-20")
    site.run()
    assert (holds(site), readers_mail(site)) == ([], ["Weekly #1: New"])


def test_posts_that_vanish_one_by_one_are_a_flood_too_but_not_over_days(
    site: World,
) -> None:
    for n in range(3):
        remove(site, f"old{n}")
        site.run()
        site.later(minutes=20)
    assert holds(site) == []
    pour(site, 2)
    site.run()
    site.later(minutes=20)
    for name in ("old3", "new0"):
        remove(site, name)
        site.run()
        site.later(minutes=1)
    assert holds(site) == []
    remove(site, "new1")
    site.post("last", "Last words.", date="2026-11-20")
    site.run()
    assert len(holds(site)) == 1


def test_other_addresses_for_all_posts_are_held_with_both_counts(site: World) -> None:
    remove(site, "old0", "old1", "old2")
    pour(site)
    notes = "\n".join(site.run().notes)
    assert "3 posts are news and 3 posts have vanished at once" in notes


def test_a_letter_about_a_hold_that_has_ended_is_not_sent(site: World) -> None:
    """As where it had to wait for a relay, and all is as before meanwhile."""
    pour(site)
    site.run()
    for n in range(3):
        (site.folder / "content" / f"new{n}.md").unlink()
    site.run()
    pour(site, 4, "more")
    site.run()
    site.configure(site.config.replace("flood: 2", "flood: 9"))
    site.take_all()
    site.run()
    letters = [m for m in site.messages() if m["To"] == "owner@example.org"]
    assert letters == []
