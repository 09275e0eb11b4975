"""The page behind a preview: looking changes nothing, each button does one thing."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import closing

import pytest

from pipeline.digest.issue import IssueState
from pipeline.runs.outgoing.keys import read_keys
from pipeline.store.holds import Hold, Reason, Scope, put_hold
from pipeline.store.issues import find_issue
from pipeline.store.skips import skipped_posts
from pipeline.subscribers.limited import sign_until
from tests.web.clients import Office, office, with_pages
from tests.world import CONFIG, World, part

HOLD = "    hold: 30m\nowner:\n  address: owner@example.org\n"


@pytest.fixture
def desk(world: World) -> Iterator[Office]:
    world.configure(with_pages(CONFIG + HOLD))
    world.post("a", "Words of a.", title="A & B")
    world.post("b", "Words of b.")
    world.join("ann@example.org")
    world.run()
    with office(world) as found:
        yield found


@pytest.fixture
def link(desk: Office) -> str:
    """Return the path of the link that the preview has, in both its forms."""
    (preview,) = desk.world.messages()
    found = {
        re.sub(r"^https://example.org/mail", "", url)
        for kind in ("plain", "html")
        for url in re.findall(
            r"https://example.org/mail/issue/[\w-]+", part(preview, kind)
        )
    }
    (only,) = found
    return only


def state(world: World) -> IssueState:
    database = world.store()
    with database.transaction() as tx:
        found = find_issue(tx, 1)
    database.close()
    assert found is not None
    return found.state


def skipped(world: World) -> list[str]:
    database = world.store()
    with database.transaction() as tx:
        found = [*skipped_posts(tx, 1)]
    database.close()
    return found


def press(desk: Office, link: str, do: str, post: str = "") -> str:
    return desk.client.post(link, data={"do": do, "post": post}).text


def test_a_look_shows_the_issue_and_changes_nothing(desk: Office, link: str) -> None:
    for _ in range(2):
        page = desk.client.get(link)
        assert page.status_code == 200
        assert "weekly #1 waits for you" in page.text
        assert "It goes to 1 reader by itself, at 2026-11-20 09:30 UTC." in page.text
        assert "A &amp; B" in page.text
    desk.client.head(link)
    assert (state(desk.world), skipped(desk.world)) == (IssueState.HELD, [])
    assert "no-store" in page.headers["Cache-Control"]
    assert "set-cookie" not in page.headers


def test_a_button_sends_it_now(desk: Office, link: str) -> None:
    assert "weekly #1 goes out now" in press(desk, link, "release")
    desk.world.run()
    assert len(desk.world.messages()) == 2
    page = desk.client.get(link).text
    assert "weekly #1 is out" in page
    assert "pressroom issue correct 1<" in page


def test_a_button_stops_it_and_another_goes_on(desk: Office, link: str) -> None:
    assert "weekly #1 is stopped" in press(desk, link, "stop")
    assert state(desk.world) is IssueState.STOPPED
    assert "weekly #1 goes out now" in press(desk, link, "resume")
    assert state(desk.world) is IssueState.OPENED


def test_a_post_is_left_out_and_put_back(desk: Office, link: str) -> None:
    post = "https://example.org/a/"
    page = press(desk, link, "skip", post)
    assert "The post is left out." in page
    assert "<s>A &amp; B</s>" in page
    assert skipped(desk.world) == [post]
    assert "The post is back." in press(desk, link, "back", post)
    assert skipped(desk.world) == []


@pytest.mark.parametrize(("do", "post"), [("skip", "no-such-post"), ("resume", "")])
def test_what_cannot_be_done_shows_how_it_stands(
    desk: Office, link: str, do: str, post: str
) -> None:
    page = press(desk, link, do, post)
    assert "That could not be done any more." in page
    assert "weekly #1 waits for you" in page
    assert state(desk.world) is IssueState.HELD


@pytest.mark.parametrize("do", ["burn", ""])
def test_what_is_no_deed_of_the_page_does_nothing(
    desk: Office, link: str, do: str
) -> None:
    page = press(desk, link, do)
    assert "This page cannot do that." in page
    assert "weekly #1 waits for you" in page
    assert state(desk.world) is IssueState.HELD


def test_a_button_keeps_it_until_another_sends_it(desk: Office, link: str) -> None:
    assert "Keep it until I say" in desk.client.get(link).text
    page = press(desk, link, "hold")
    assert "It goes out when you say so." in page
    assert "Keep it until I say" not in page
    desk.world.later(hours=2)
    desk.world.run()
    assert state(desk.world) is IssueState.HELD
    assert "Keep it until I say" in press(desk, link, "release")
    assert "It goes out when you say so." in press(desk, link, "hold")


def test_another_hold_that_keeps_it_back_is_told(desk: Office, link: str) -> None:
    words = "More than this issue is on hold"
    assert words not in desk.client.get(link).text
    hold = Hold(scope=Scope.EVERYTHING, reason=Reason.OWNER, since=desk.world.time)
    with closing(desk.world.store()) as database, database.transaction() as tx:
        put_hold(tx, hold)
    assert words in desk.client.get(link).text
    assert words in press(desk, link, "release")


def test_the_link_works_until_a_week_after(desk: Office, link: str) -> None:
    desk.world.later(days=7, minutes=29)
    assert desk.client.get(link).status_code == 200
    desk.world.later(minutes=1)
    answer = desk.client.post(link, data={"do": "release"})
    assert answer.status_code == 404
    assert "This link does not work" in answer.text
    assert state(desk.world) is IssueState.HELD


def test_a_link_of_another_purpose_or_key_opens_nothing(
    desk: Office, link: str
) -> None:
    key = read_keys(desk.world.configuration().store.path)[0]
    until = desk.world.time.replace(year=2030)
    for token in (
        sign_until(key, "confirm", 1, until),
        sign_until(b"k" * 32, "issue", 1, until),
        sign_until(key, "issue", 9, until),
        link.rpartition("/")[2][:-1],
    ):
        answer = desk.client.post(f"/issue/{token}", data={"do": "release"})
        assert answer.status_code == 404
    assert state(desk.world) is IssueState.HELD


def test_the_page_speaks_chinese(desk: Office, link: str) -> None:
    page = desk.client.get(link, headers={"Accept-Language": "zh-CN"})
    assert "weekly #1 等待您决定" in page.text
    assert "立即寄出" in page.text
