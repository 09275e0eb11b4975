"""Posts become an issue, an issue messages: once, for all who should get them."""

from __future__ import annotations

import pytest

from pipeline.base.clock import FixedClock
from pipeline.outbox.spool import Spool
from pipeline.runs.readers.signup import Outcome
from tests.world import World, part

WEEKLY = "Weekly #1: B"


def test_backfill_opens_an_issue_at_once_with_the_newest_posts(world: World) -> None:
    world.configure(world.config.replace("backfill: 5", "backfill: 2"))
    for day, name in enumerate("abc", 1):
        world.post(name, date=f"2026-11-0{day}", body=f"Text of {name}.")
    world.join("ann@example.org")
    report = world.run()
    (message,) = world.messages()
    assert message["Subject"] == "Weekly #1: C"
    text = part(message, "plain")
    assert "Text of c." in text
    assert "Text of b." in text
    assert "Text of a." not in text
    assert report.issues[0].posts == 2


def test_without_backfill_what_was_there_is_no_news(world: World) -> None:
    world.configure(world.config.replace("backfill: 5", "backfill: 0"))
    world.post("old")
    world.join("ann@example.org")
    world.run()
    world.later(days=1)
    world.post("new", date="2026-11-21")
    world.run()
    assert world.messages() == []
    world.later(days=2)
    world.run()
    (message,) = world.messages()
    assert message["Subject"] == "Weekly #1: New"
    assert "Old" not in part(message, "plain")


def test_a_post_of_the_newsletters_first_day_is_news(world: World) -> None:
    world.configure(world.config.replace("backfill: 5", "backfill: 0"))
    world.join("ann@example.org")
    world.run()
    world.post("today", date="2026-11-20")
    world.post("before", date="2026-11-19")
    world.later(days=3)
    world.run()
    (message,) = world.messages()
    assert "Today" in part(message, "plain")
    assert "Before" not in part(message, "plain")


def test_every_reader_gets_every_issue_exactly_once(world: World) -> None:
    world.post("a")
    for name in ("ann", "bob", "eve"):
        world.join(f"{name}@example.org")
    for _ in range(3):
        world.run()
    world.later(days=3)
    world.post("b", date="2026-11-22")
    for _ in range(3):
        world.run()
    subjects = ["Weekly #1: A", "Weekly #2: B"]
    assert world.got() == {
        f"{name}@example.org": subjects for name in ("ann", "bob", "eve")
    }


def test_many_missed_periods_give_one_issue(world: World) -> None:
    world.post("a")
    world.join("ann@example.org")
    world.run()
    for day in range(21, 29):
        world.post(f"p{day}", date=f"2026-11-{day}")
    world.later(days=40)
    world.run()
    subjects = world.got()["ann@example.org"]
    assert len(subjects) == 2
    assert "P21" in part(world.messages()[1], "plain")


def test_a_period_without_a_post_has_no_issue(world: World) -> None:
    world.post("a")
    world.join("ann@example.org")
    world.run()
    world.later(days=7)
    world.run()
    assert len(world.messages()) == 1
    world.post("b", date="2026-11-27")
    world.run()
    assert len(world.messages()) == 1
    world.later(days=7)
    world.run()
    assert len(world.messages()) == 2


def test_an_instant_newsletter_sends_a_post_as_it_comes(world: World) -> None:
    world.configure(world.config.replace("every monday 09:00", "instant"))
    world.post("a")
    world.join("ann@example.org")
    world.run()
    world.later(minutes=5)
    assert not world.run().changed()
    world.post("b", date="2026-11-20")
    world.run()
    assert world.got()["ann@example.org"] == ["Weekly #1: A", "Weekly #2: B"]


def test_posts_beyond_the_most_of_an_issue_wait_for_the_next(world: World) -> None:
    text = world.config.replace("backfill: 5", "backfill: 1\n    max_posts: 2")
    world.configure(text)
    world.post("a")
    world.join("ann@example.org")
    world.run()
    for name in "bcd":
        world.post(name, date="2026-11-21")
    world.later(days=7)
    world.run()
    world.later(days=7)
    world.run()
    posts = [
        {name for name in "ABCD" if f"https://example.org/{name.lower()}/" in text}
        for text in (part(message, "plain") for message in world.messages())
    ]
    assert [len(some) for some in posts] == [1, 2, 1]
    assert set.union(*posts) == set("ABCD")


def test_the_first_issue_waits_for_the_first_reader(world: World) -> None:
    world.post("a")
    report = world.run()
    assert world.messages() == []
    assert "nobody subscribes yet" in report.notes[0]
    world.later(days=1)
    world.join("ann@example.org")
    world.run()
    assert world.got() == {"ann@example.org": ["Weekly #1: A"]}


def test_who_joins_later_gets_the_next_issue_whole_and_none_before(
    world: World,
) -> None:
    world.post("a")
    world.join("ann@example.org")
    world.run()
    world.post("b", date="2026-11-20")
    world.run()
    world.join("late@example.org")
    world.later(days=3)
    world.run()
    assert world.got()["late@example.org"] == ["Weekly #2: B"]


def test_a_filter_takes_only_its_posts(world: World) -> None:
    world.configure(world.config + "    filter:\n      tags: 数学\n")
    world.post("a", tags="[数学]")
    world.post("b", tags="[生活]")
    world.join("ann@example.org")
    world.run()
    text = part(world.messages()[0], "plain")
    assert "https://example.org/a/" in text
    assert "https://example.org/b/" not in text


def test_another_filter_makes_no_news_of_old_posts(world: World) -> None:
    text = world.config.replace("backfill: 5", "backfill: 0")
    world.configure(text + "    filter:\n      tags: 数学\n")
    world.join("ann@example.org")
    world.run()
    world.post("old", tags="[生活]", date="2026-11-20")
    world.run()
    world.later(days=2)
    world.configure(text)
    world.post("new", date="2026-11-22")
    world.run()
    world.later(days=2)
    world.run()
    (message,) = world.messages()
    assert "New" in part(message, "plain")
    assert "Old" not in part(message, "plain")


@pytest.mark.parametrize(("mail", "sent"), [("false", False), ("only", True)])
def test_a_post_says_itself_whether_it_goes_into_mail(
    world: World, mail: str, sent: bool
) -> None:
    world.post("a")
    world.post("b", mail=mail)
    world.join("ann@example.org")
    world.run()
    assert ("Words" in world.feed("atom.xml")) is True
    assert ("https://example.org/b/" in part(world.messages()[0], "plain")) is sent


def test_a_post_that_wants_to_be_read_in_full_is_in_full(world: World) -> None:
    body = "Begin.\n\n<!--more-->\n\nThe end of it."
    world.post("short", body=body)
    world.post("whole", body=body.replace("end", "finish"), mail="full")
    world.join("ann@example.org")
    world.run()
    text = part(world.messages()[0], "plain")
    assert "The finish of it." in text
    assert "The end of it." not in text


def test_readers_of_two_languages_get_their_own_words(world: World) -> None:
    world.post("a")
    world.join("ann@example.org", "en")
    world.join("duzhe@example.org", "zh-CN")
    world.run()
    pages = {str(m["To"]): part(m, "html") for m in world.messages()}
    assert 'lang="zh-CN"' in pages["duzhe@example.org"]
    assert "退订" in pages["duzhe@example.org"]
    assert "Unsubscribe" in pages["ann@example.org"]


def test_who_leaves_gets_nothing_more_even_of_what_lies_in_the_outbox(
    world: World,
) -> None:
    world.post("a")
    world.join("ann@example.org")
    world.join("bob@example.org")
    world.run()
    assert len(world.messages()) == 2
    world.leave("ann@example.org")
    assert list(world.got()) == ["bob@example.org"]
    world.post("b", date="2026-11-20")
    world.later(days=3)
    world.run()
    assert world.got()["bob@example.org"] == ["Weekly #1: A", "Weekly #2: B"]
    assert "ann@example.org" not in world.got()


def test_who_left_is_not_brought_back_by_being_added(world: World) -> None:
    world.join("ann@example.org")
    world.leave("ann@example.org")
    assert world.join("ann@example.org") is Outcome.KEPT_OUT


def test_the_outbox_runs_only_so_far_ahead_of_the_relay(world: World) -> None:
    world.configure(
        world.config.replace("mail:", "outbox:\n  ahead: 2\nmail:\n  batch_size: 1")
    )
    world.post("a")
    for n in range(5):
        world.join(f"r{n}@example.org")
    report = world.run()
    assert len(world.batches()) == 2
    assert report.issues[0].waiting == 3
    assert len(world.run().issues[0].batches) == 0
    got = set(world.got())
    for _ in range(3):
        world.take_all()
        world.run()
        got |= set(world.got())
    assert got == {f"r{n}@example.org" for n in range(5)}


def test_an_issue_changes_no_more_once_it_is_frozen(world: World) -> None:
    world.configure(
        world.config.replace("mail:", "outbox:\n  ahead: 1\nmail:\n  batch_size: 1")
    )
    world.post("a", body="As it was.")
    world.join("ann@example.org")
    world.join("bob@example.org")
    world.run()
    world.take_all()
    world.later(minutes=5)
    world.post("a", body="As it is.", title="Changed")
    world.join("late@example.org")
    world.run()
    (message,) = world.messages()
    assert message["Subject"] == "Weekly #1: A"
    assert "As it was." in part(message, "plain")
    world.take_all()
    world.run()
    assert world.messages() == []


def test_an_edited_or_moved_post_never_goes_out_twice(world: World) -> None:
    path = world.post("a", body="A text that stays.")
    world.join("ann@example.org")
    world.run()
    path.unlink()
    world.post("b", body="A text that stays.", date="2026-11-21")
    world.later(days=7)
    world.run()
    assert len(world.messages()) == 1


def test_a_newsletter_nobody_could_leave_is_refused_and_feeds_go_on(
    world: World,
) -> None:
    text = world.config.replace("unsubscribe_address: leave@example.org", "")
    world.configure(text)
    world.post("a")
    world.join("ann@example.org")
    report = world.run()
    assert report.exit_status() == 78
    (error,) = report.errors
    assert "mail.unsubscribe_address" in str(error)
    assert world.messages() == []
    assert "Words." in world.feed()


def test_a_wrong_schedule_stops_only_its_own_newsletter(world: World) -> None:
    good = world.config.split("newsletters:\n")[1]
    bad = good.replace("weekly", "other").replace("every monday", "every munday")
    world.configure(world.config + bad)
    world.post("a")
    world.join("ann@example.org")
    report = world.run()
    assert "newsletters.other.schedule" in str(report.errors[0])
    assert world.got() == {"ann@example.org": ["Weekly #1: A"]}


def test_a_template_that_is_wrong_is_told_and_its_issue_waits(world: World) -> None:
    world.write("templates/digest.txt", "{{ newsletter.titel }}")
    world.post("a")
    world.join("ann@example.org")
    report = world.run()
    assert report.exit_status() == 78
    assert "digest.txt" in str(report.errors[0])
    assert world.messages() == []
    (world.folder / "templates" / "digest.txt").unlink()
    world.run()
    assert world.got() == {"ann@example.org": ["Weekly #1: A"]}


def test_a_page_too_large_is_shortened_and_told(world: World) -> None:
    world.configure(
        world.config.replace("mail:", "mail:\n  max_html_bytes: 20000")
        + "    body: full\n"
    )
    world.post("a", body="Long words. " * 4000)
    world.join("ann@example.org")
    report = world.run()
    assert any("Weekly" in note or "weekly" in note for note in report.notes)
    assert len(part(world.messages()[0], "html").encode()) <= 20_000


def test_a_site_that_cannot_be_read_opens_no_issue_without_its_posts(
    world: World,
) -> None:
    world.post("a")
    world.join("ann@example.org")
    (world.folder / "content").rename(world.folder / "elsewhere")
    report = world.run()
    assert report.exit_status() == 66
    assert world.messages() == []
    (world.folder / "elsewhere").rename(world.folder / "content")
    world.run()
    assert world.got() == {"ann@example.org": ["Weekly #1: A"]}


def test_a_message_holds_what_mail_providers_ask_for(world: World) -> None:
    world.configure(
        world.config.replace(
            "mail:", "web:\n  public_url: https://example.org/mail\nmail:"
        )
    )
    world.post("a")
    world.join("ann@example.org")
    world.run()
    (message,) = world.messages()
    assert message["From"] == "Ann <ann@example.org>"
    assert message["To"] == "ann@example.org"
    assert message["List-Id"] == "Weekly <weekly.example.org>"
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    leaving = str(message["List-Unsubscribe"])
    assert leaving.startswith("<https://example.org/mail/unsubscribe/")
    assert "<mailto:leave+" in leaving
    assert message["List-Archive"] == "<https://example.org/archive/weekly/>"
    assert message["Precedence"] == "bulk"
    assert message["Date"].datetime == world.time.replace(microsecond=0)
    assert not message.defects
    assert not any(body.defects for body in message.walk())


def test_message_ids_are_the_same_after_a_lost_outbox_and_differ_by_reader(
    world: World,
) -> None:
    world.post("a")
    for name in ("ann", "bob"):
        world.join(f"{name}@example.org")
    world.run()
    ids = {str(message["Message-ID"]) for message in world.messages()}
    assert len(ids) == 2
    assert all(one.startswith("<weekly-1-202611200900.") for one in ids)


def test_the_envelope_names_reader_and_returns(world: World) -> None:
    world.configure(
        world.config.replace("mail:", "mail:\n  bounce_address: back@example.org")
    )
    world.post("a")
    world.join("ann@example.org")
    world.run()
    (file,) = (world.folder / "outbox" / "new").glob("*/*.eml")
    sender, receiver, _ = file.read_bytes().split(b"\r\n", 2)
    assert sender.startswith(b"X-Sender: <back+")
    assert receiver == b"X-Receiver: <ann@example.org>"


def test_a_clock_set_back_after_an_issue_opens_no_period_again(world: World) -> None:
    world.post("a")
    world.join("ann@example.org")
    world.run()
    world.later(days=3)
    world.post("b", date="2026-11-22")
    world.run()
    world.later(minutes=-10)
    world.post("c", date="2026-11-22")
    world.run()
    assert len(world.messages()) == 2
    assert FixedClock(world.time).now() == world.time


def test_a_clock_that_once_ran_months_ahead_silences_no_newsletter(
    world: World,
) -> None:
    world.post("a")
    world.join("ann@example.org")
    world.run()
    world.later(days=200)
    world.post("b", date="2026-11-22")
    world.run()
    world.later(days=-200)
    world.post("c", date="2026-11-20")
    world.run()
    for _ in range(2):
        world.later(days=7)
        world.run()
    assert [str(m["Subject"])[-1] for m in world.messages()] == ["A", "B", "C"]


def test_a_batch_of_readers_who_all_left_is_not_published(world: World) -> None:
    world.configure(
        world.config.replace("mail:", "outbox:\n  ahead: 1\nmail:\n  batch_size: 1")
    )
    world.post("a")
    for name in ("ann", "bob", "eve"):
        world.join(f"{name}@example.org")
    world.run()
    world.leave("bob@example.org")
    world.take_all()
    world.run()
    assert list(world.got()) == ["eve@example.org"]
    world.take_all()
    assert Spool(world.folder / "outbox").unclaimed() == ()
