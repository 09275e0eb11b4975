"""What the owner is told by mail: each event once, whatever crashes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from pipeline.base.clock import FixedClock
from pipeline.outbox.spool import Spool
from pipeline.runs.owner.ownermail import send_owner_letters
from pipeline.runs.telling import Event, tell_owner
from pipeline.store.database import Database, Transaction
from pipeline.store.ownerletters import is_told
from tests.runs.test_letters import Killed, Points
from tests.world import World, part

OWNER = "owner:\n  address: owner@example.org\n"
FLOOD = {
    "gone": 0,
    "new": 34,
    "limit": 20,
    "hold": 3,
    "titles": ["On\nforgetting"],
    "more": 33,
}
FEWEST_POINTS = 12


@pytest.fixture
def site(world: World) -> World:
    world.configure(world.config + OWNER)
    return world


def tell(world: World, key: str = "flood 3", **changes: Any) -> bool:
    event = Event(**{"key": key, "kind": "flood", "values": FLOOD} | changes)
    database = world.store()
    try:
        with database.transaction() as tx:
            return tell_owner(tx, event, world.time)
    finally:
        database.close()


def send(world: World) -> int:
    database = world.store()
    try:
        return send_owner_letters(
            database, world.configuration(), FixedClock(world.time)
        )
    finally:
        database.close()


def test_the_owner_gets_a_letter_from_the_newsletters_sender(site: World) -> None:
    tell(site)
    assert send(site) == 1
    (message,) = site.messages()
    assert message["To"] == "owner@example.org"
    assert message["From"] == "Ann <ann@example.org>"
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["List-Unsubscribe"] is None
    assert message["Subject"] == "On hold: 34 posts are news at once"
    assert "- On forgetting\r\n" in part(message, "plain")
    assert "On forgetting</li>" in part(message, "html")


def test_an_event_is_told_once(site: World) -> None:
    assert tell(site)
    assert not tell(site)
    assert send(site) == 1
    assert not tell(site)
    site.take_all()
    assert send(site) == 0


def test_what_is_told_again_within_a_year_is_known(site: World) -> None:
    tell(site)
    send(site)
    site.take_all()
    site.later(days=200)
    assert not tell(site)
    site.later(days=200)
    tell(site, "another")
    send(site)
    assert tell(site)


def test_a_letter_goes_ahead_of_issues_without_pages_for_readers(site: World) -> None:
    site.post("a")
    site.join("ann@example.org")
    tell(site)
    site.run()
    assert [message["To"] for message in site.messages()] == [
        "owner@example.org",
        "ann@example.org",
    ]


def test_a_site_without_a_newsletter_writes_from_its_owner(site: World) -> None:
    head, _, _ = site.config.partition("newsletters:")
    site.configure(head + OWNER)
    tell(site)
    send(site)
    assert site.messages()[0]["From"] == "Pressroom <owner@example.org>"


def test_the_letter_is_in_the_owners_language(site: World) -> None:
    site.configure(site.config + "  language: zh\n")
    tell(site)
    send(site)
    assert site.messages()[0]["Subject"] == "已暂停：一下子多出 34 篇新文章"


def test_without_an_address_nothing_is_sent_now_or_later(world: World) -> None:
    tell(world)
    assert send(world) == 0
    world.configure(world.config + OWNER)
    assert send(world) == 0
    assert not tell(world)


def test_letters_that_no_relay_takes_go_out_together(site: World) -> None:
    for n in range(4):
        tell(site, f"flood {n}")
        assert send(site) == (n == 0)
    site.take_all()
    assert send(site) == 3
    assert len(site.batches()) == 1


def test_a_letter_may_go_to_another_address(site: World) -> None:
    tell(site, recipient="bob@example.org")
    send(site)
    assert site.messages()[0]["To"] == "bob@example.org"


def run_killed_at(n: int, world: World) -> bool:
    """Tell the owner and send it; tell whether the process lived."""
    points = Points(n)

    def around(original: Callable[..., Any]) -> Callable[..., Any]:
        @contextmanager
        def reached(database: Database) -> Iterator[Transaction]:
            points.reach()
            with original(database) as tx:
                yield tx
                points.reach()
            points.reach()

        return reached

    with pytest.MonkeyPatch.context() as patch:
        for name in ("stage", "is_staged", "publish"):
            patch.setattr(Spool, name, points.around(getattr(Spool, name)))
        patch.setattr(Spool, "discard", lambda *_: None)
        patch.setattr(Database, "transaction", around(Database.transaction))
        try:
            tell(world)
            send(world)
        except Killed:
            return False
    return True


@pytest.mark.parametrize("relay_is_quick", [False, True])
def test_a_letter_goes_out_once_wherever_the_run_was_killed(
    tmp_path_factory: pytest.TempPathFactory, *, relay_is_quick: bool
) -> None:
    for n in range(1, 100, 2):
        world = World(tmp_path_factory.mktemp("world") / "site")
        world.configure(world.config + OWNER)
        if run_killed_at(n, world):
            break
        database = world.store()
        with database.transaction() as tx:
            told = is_told(tx, "flood 3")
        database.close()
        sent = 0
        for _ in range(2):
            if relay_is_quick:
                sent += len(world.messages())
                world.take_all()
            world.run()
        sent += len(world.messages())
        assert sent == int(told), f"killed at {n}"
        assert not list((world.folder / "outbox" / "new").glob(".*"))
    assert n > FEWEST_POINTS
