"""A letter about a change of address is withdrawn from who has nothing to move."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from pipeline.outbox.spool import Spool
from pipeline.runs.readers.erasing import Erased, erase_reader
from pipeline.runs.readers.moving import confirm_move
from pipeline.store.asks import asks_of
from pipeline.store.subscribers import find_subscriber
from pipeline.store.suppressions import find_suppression
from pipeline.subscribers.address import normalise
from tests.dump import dump
from tests.runs.test_letters import ANN, asked, keep, send, site
from tests.runs.test_letters_withdrawn import add_daily, block_in
from tests.world import World

__all__ = ["site"]

NEW, BOB = "ann@new.example", "bob@example.net"


def ask_to_move(world: World, address: str = NEW) -> None:
    """Have Ann, who reads it, name another address, and put the letter out."""
    world.join(ANN)
    database = world.store()
    with database.transaction() as tx:
        ann = find_subscriber(tx, ANN)
    database.close()
    assert ann is not None
    ask = asked(world, address)
    keep(world, replace(ask, reader=ann.id, former=ANN, newsletters=ann.newsletters))
    assert send(world) == 1
    assert list(world.got()) == [address]


def confirm(world: World, address: str = NEW) -> None:
    """Press the button in that letter."""
    database = world.store()
    with database.transaction() as tx:
        [ask] = asks_of(tx, address)
        confirm_move(tx, ask, world.time)
    database.close()


def erase(world: World, address: str = ANN) -> Erased:
    database, store = world.store(), world.configuration().store.path
    spool = Spool(world.folder / "outbox")
    erased = erase_reader(database, spool, store, normalise(address), world.time)
    database.close()
    return erased


def leave(world: World) -> None:
    world.leave(ANN)


def block(world: World) -> None:
    block_in(world, ANN)


def block_domain(world: World) -> None:
    block_in(world, "@example.org")


@pytest.mark.parametrize("end", [leave, block, block_domain, erase])
@pytest.mark.parametrize("taken", [False, True])
def test_who_gets_no_more_mail_has_nothing_to_move(
    site: World, end: Callable[[World], object], *, taken: bool
) -> None:
    """Also where the address they named is a reader's own, who is told so."""
    if taken:
        site.join(NEW)
    ask_to_move(site)
    end(site)
    assert site.messages() == []


def test_who_leaves_one_newsletter_moves_with_the_other(site: World) -> None:
    add_daily(site)
    ask_to_move(site)
    site.leave(ANN, "daily")
    assert list(site.got()) == [NEW]
    site.leave(ANN, "weekly")
    assert site.messages() == []


@pytest.mark.parametrize("rule", [ANN, "@example.org"])
def test_a_blocked_address_is_not_told_that_mail_goes_elsewhere(
    site: World, rule: str
) -> None:
    ask_to_move(site)
    confirm(site)
    site.take_all()
    assert send(site) == 1
    assert list(site.got()) == [ANN]
    block_in(site, rule)
    assert site.messages() == []


def test_who_leaves_by_the_new_address_is_still_told_at_the_old(site: World) -> None:
    """Else whoever took a reader's mail could keep them from learning it."""
    ask_to_move(site)
    confirm(site)
    site.take_all()
    send(site)
    site.leave(NEW)
    assert list(site.got()) == [ANN]


@pytest.mark.parametrize("claimed", [False, True])
def test_erasing_finds_the_address_that_was_only_named_and_keeps_it_free(
    site: World, *, claimed: bool
) -> None:
    ask_to_move(site)
    if claimed:
        site.take_all()
    erase(site)
    site.run()
    for path in site.folder.rglob("*"):
        if path.is_file():
            assert NEW.encode() not in path.read_bytes().lower(), path
    assert dump(site.folder / "var/pressroom.db")["erasures"] == []
    database = site.store()
    with database.transaction() as tx:
        assert find_suppression(tx, NEW) is None
    database.close()


def test_a_named_address_that_has_asked_for_itself_keeps_what_it_got(
    site: World,
) -> None:
    keep(site, asked(site, NEW))
    send(site)
    site.take_all()
    ask_to_move(site)
    erase(site)
    assert site.messages() == []
    [kept] = (site.folder / "outbox/sent").glob("*/*.eml")
    assert NEW.encode() in kept.read_bytes()
