"""Letters about joining: out once whatever crashes, past issues, and never too many."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from pipeline.base.clock import FixedClock
from pipeline.outbox.spool import Spool
from pipeline.runs.readers.dossier import gather
from pipeline.runs.readers.erasing import erase_reader
from pipeline.runs.readers.joining import confirm, take_ask
from pipeline.runs.readers.letters import PREFIX, send_letters
from pipeline.store.asks import Ask, asks_of
from pipeline.store.database import Database, Transaction
from pipeline.store.letters import newsletters_waiting, sealed_letters
from pipeline.subscribers.address import normalise
from tests.world import World

ANN, KEY = "ann@example.org", b"k" * 32
WEB = "web:\n  public_url: https://example.org/mail/\n"
FEWEST_POINTS = 20


@pytest.fixture
def site(world: World) -> World:
    world.configure(world.config + WEB)
    return world


def asked(world: World, address: str = ANN, newsletter: str = "weekly") -> Ask:
    return Ask(
        address=normalise(address),
        newsletters=(newsletter,),
        language="en",
        page="",
        network="192.0.2.0/24",
        words="I would like to get it.",
        created=world.time,
        expires=world.time + timedelta(hours=72),
    )


def keep(world: World, *asks: Ask) -> None:
    database = world.store()
    with database.transaction() as tx:
        for ask in asks:
            take_ask(tx, KEY, ask)
    database.close()


def send(world: World) -> int:
    database = world.store()
    try:
        return send_letters(database, world.configuration(), FixedClock(world.time))
    finally:
        database.close()


class Killed(BaseException):
    """What nothing in the code catches, as nothing catches kill -9."""


@dataclass
class Points:
    """Counts what could be the last thing a process does, and kills it at the nth."""

    n: int
    seen: int = 0

    def reach(self) -> None:
        self.seen += 1
        if self.seen == self.n:
            raise Killed

    def around(self, function: Callable[..., Any]) -> Callable[..., Any]:
        def reached(*args: Any) -> Any:
            self.reach()
            result = function(*args)
            self.reach()
            return result

        return reached

    def transaction(self, original: Callable[..., Any]) -> Callable[..., Any]:
        @contextmanager
        def reached(database: Database) -> Iterator[Transaction]:
            self.reach()
            with original(database) as tx:
                yield tx
                self.reach()
            self.reach()

        return reached


def killed_at(n: int, do: Callable[[], Any]) -> bool:
    """Do something in a process that is killed at its nth point; tell if it was."""
    points = Points(n)
    with pytest.MonkeyPatch.context() as patch:
        for name in ("stage", "is_staged", "publish", "withdraw"):
            patch.setattr(Spool, name, points.around(getattr(Spool, name)))
        # No process that is killed tidies up after itself.
        patch.setattr(Spool, "discard", lambda *_: None)
        transaction = Database.transaction
        patch.setattr(Database, "transaction", points.transaction(transaction))
        try:
            do()
        except Killed:
            return True
    return False


def ask_and_send(world: World) -> None:
    """Take an ask and send its letter, as a server does."""
    keep(world, asked(world))
    send(world)


def is_kept(world: World) -> bool:
    database = world.store()
    with database.transaction() as tx:
        found = asks_of(tx, ANN)
    database.close()
    return bool(found)


@pytest.mark.parametrize("relay_is_quick", [False, True])
def test_a_letter_goes_out_once_wherever_the_server_was_killed(
    tmp_path_factory: pytest.TempPathFactory, *, relay_is_quick: bool
) -> None:
    for n in range(1, 200):
        world = World(tmp_path_factory.mktemp("world") / "site")
        world.configure(world.config + WEB)
        if not killed_at(n, partial(ask_and_send, world)):
            break
        sent = 0
        for _ in range(2):
            if relay_is_quick:
                sent += len(world.messages())
                world.take_all()
            world.run()
        sent += len(world.messages())
        assert sent == int(is_kept(world)), f"killed at {n}"
        assert not list((world.folder / "outbox" / "new").glob(".*"))
    assert n > FEWEST_POINTS


def kept_letters(world: World) -> int:
    database = world.store()
    with database.transaction() as tx:
        assert (newsletters_waiting(tx), sealed_letters(tx)) == ([], {})
        row = tx.one("SELECT count(*) AS n FROM letters")
    database.close()
    assert row is not None
    return int(row["n"])


def test_nothing_is_kept_of_a_letter_that_a_relay_has(site: World) -> None:
    keep(site, asked(site))
    assert send(site) == 1
    assert send(site) == 0
    site.run()
    assert kept_letters(site) == 1
    Spool(site.folder / "outbox").claim(site.batches()[0])
    site.run()
    assert kept_letters(site) == 0


def test_letters_go_past_the_issues_that_wait(site: World) -> None:
    site.configure(site.config + "outbox:\n  ahead: 1\n")
    site.join("bob@example.org")
    site.post("a")
    site.run()
    keep(site, asked(site))
    assert send(site) == 1
    first, second = site.batches()
    assert first.startswith(PREFIX)
    assert second.startswith("weekly-")


def test_letters_that_no_relay_takes_wait_and_go_out_together(site: World) -> None:
    site.configure(site.config + "outbox:\n  ahead: 1\n")
    for n in range(4):
        keep(site, asked(site, f"reader{n}@example.org"))
        assert send(site) == (n == 0)
    site.take_all()
    assert send(site) == 3
    assert len(site.batches()) == 1


def test_two_letters_for_one_reader_may_share_a_batch(site: World) -> None:
    site.join(ANN)
    keep(site, asked(site), asked(site))
    assert send(site) == 2
    assert len(site.batches()) == 1


def test_a_letter_has_the_same_message_id_however_often_it_is_made(
    site: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    keep(site, asked(site))
    ids: list[str] = []
    stage = Spool.stage

    def watch(spool: Spool, name: str, attempt: str, envelopes: Any, about: Any) -> int:
        kept = [*envelopes]
        head = kept[0].message.partition(b"\r\n\r\n")[0].decode()
        ids.extend(line for line in head.splitlines() if line.startswith("Message-ID"))
        return stage(spool, name, attempt, kept, about)

    monkeypatch.setattr(Spool, "stage", watch)
    monkeypatch.setattr(Spool, "is_staged", lambda *_: len(ids) > 1)
    assert send(site) == 1
    assert len(ids) == 2
    assert ids[0] == ids[1]


def test_bounces_of_letters_have_their_address(site: World) -> None:
    site.configure(
        site.config.replace("mail:", "mail:\n  bounce_address: b@example.org")
    )
    keep(site, asked(site))
    send(site)
    [file] = Path(site.folder / "outbox" / "new").glob("*/*.eml")
    assert file.read_bytes().startswith(b"X-Sender: <b@example.org>\r\n")


def test_letters_of_a_newsletter_that_is_gone_are_forgotten(site: World) -> None:
    keep(site, asked(site, newsletter="daily"))
    assert send(site) == 0
    database = site.store()
    with database.transaction() as tx:
        assert newsletters_waiting(tx) == []
    database.close()


def test_who_leaves_before_the_welcome_gets_none(site: World) -> None:
    site.configure(site.config.replace("backfill: 5", "welcome: true"))
    keep(site, asked(site))
    send(site)
    database = site.store()
    with database.transaction() as tx:
        [ask] = asks_of(tx, ANN)
        confirm(tx, ask, site.configuration().newsletters, site.time)
    database.close()
    site.leave(ANN)
    assert send(site) == 0


def test_the_welcome_to_a_newsletter_without_an_issue_lists_nothing(
    site: World,
) -> None:
    site.configure(site.config.replace("backfill: 5", "welcome: true"))
    keep(site, asked(site))
    send(site)
    database = site.store()
    with database.transaction() as tx:
        [ask] = asks_of(tx, ANN)
        confirm(tx, ask, site.configuration().newsletters, site.time)
    database.close()
    assert send(site) == 1
    assert "This was in the last one" not in str(site.messages()[-1])


def test_who_is_erased_leaves_no_ask_behind(site: World) -> None:
    keep(site, asked(site))
    database = site.store()
    path = site.configuration().store.path
    spool = Spool(site.folder / "outbox")
    erase_reader(database, spool, path, normalise(ANN), site.time)
    database.close()
    assert not is_kept(site)
    assert send(site) == 0


def test_who_asks_is_told_what_they_asked(site: World) -> None:
    keep(site, asked(site))
    database = site.store()
    facts = gather(database, Spool(site.folder / "outbox"), normalise(ANN))
    database.close()
    assert [ask["network"] for ask in facts["asks"]] == ["192.0.2.0/24"]


def test_a_setting_that_is_wrong_is_told_and_the_letters_wait(site: World) -> None:
    keep(site, asked(site))
    good = site.config
    site.configure(good.replace("Ann <ann@example.org>", "nobody"))
    assert site.run().errors
    site.configure(good)
    site.run()
    assert len(site.messages()) == 1
