"""A letter that no relay has claimed is withdrawn from who is to get no more mail."""

from __future__ import annotations

from functools import partial
from typing import Any

import pytest

from pipeline.base.lock import exclusive_lock
from pipeline.outbox.spool import Spool
from pipeline.runs.outgoing.ledger import flush
from pipeline.runs.outgoing.withdrawing import apply_withdrawals
from pipeline.runs.readers.erasing import erase_reader
from pipeline.runs.readers.importing import Plan, import_files
from pipeline.runs.readers.joining import confirm
from pipeline.runs.readers.listfiles import look_at
from pipeline.runs.readers.suppressing import block, parse_rule
from pipeline.store.asks import asks_of
from pipeline.store.ledger import Standing
from pipeline.store.suppressions import find_suppression
from pipeline.subscribers.address import normalise
from tests.runs.test_letters import (
    ANN,
    FEWEST_POINTS,
    WEB,
    ask_and_send,
    asked,
    is_kept,
    keep,
    killed_at,
    send,
    site,
)
from tests.world import World

__all__ = ["site"]

EVE, BOB = "eve@news.example.org", "bob@example.net"
DAILY = """\
  - name: daily
    title: Daily
    schedule: daily 09:00
    sender: Ann <ann@example.org>
    postal_address: 1 Main Street
    welcome: true
"""


def add_daily(world: World) -> None:
    """Have two newsletters that both welcome."""
    config = world.config.replace("backfill: 5", "welcome: true")
    world.configure(config.replace(WEB, DAILY + WEB))


def block_in(world: World, rule: str) -> None:
    database = world.store()
    with database.transaction() as tx:
        block(tx, parse_rule(rule), world.time)
    apply_withdrawals(database, Spool(world.folder / "outbox"))
    database.close()


def is_blocked(world: World) -> bool:
    database = world.store()
    with database.transaction() as tx:
        found = find_suppression(tx, ANN)
    database.close()
    return found is not None


def welcome(world: World, *newsletters: str) -> None:
    """Have Ann ask and confirm, and put her letters into the outbox."""
    for newsletter in newsletters:
        keep(world, asked(world, newsletter=newsletter))
    send(world)
    world.take_all()
    database = world.store()
    with database.transaction() as tx:
        for ask in asks_of(tx, ANN):
            confirm(tx, ask, world.configuration().newsletters, world.time)
    database.close()
    assert send(world) == len(newsletters)


@pytest.mark.parametrize(("rule", "left"), [(ANN, [EVE, BOB]), ("@example.org", [BOB])])
def test_who_is_blocked_has_nothing_to_confirm(
    site: World, rule: str, left: list[str]
) -> None:
    keep(site, *(asked(site, address) for address in (ANN, EVE, BOB)))
    send(site)
    block_in(site, rule)
    assert list(site.got()) == left


def test_who_is_blocked_while_the_letter_waits_in_the_store_gets_none(
    site: World,
) -> None:
    keep(site, asked(site))
    block_in(site, ANN)
    assert send(site) == 0


def test_who_leaves_is_not_welcomed(site: World) -> None:
    add_daily(site)
    welcome(site, "weekly", "daily")
    site.leave(ANN)
    assert site.messages() == []


def test_who_leaves_one_newsletter_is_welcomed_to_the_other(site: World) -> None:
    add_daily(site)
    welcome(site, "weekly", "daily")
    site.leave(ANN, "daily")
    (message,) = site.messages()
    assert "Weekly" in str(message["Subject"])


def test_who_left_and_asks_again_may_press_the_old_button_again(site: World) -> None:
    """Mailbox providers repeat the one-click POST."""
    site.join(ANN)
    site.leave(ANN)
    keep(site, asked(site))
    send(site)
    site.leave(ANN)
    assert list(site.got()) == [ANN]


def test_an_answer_that_no_relay_took_in_time_is_withdrawn_and_forgotten(
    site: World,
) -> None:
    keep(site, asked(site))
    send(site)
    site.later(hours=72)
    site.run()
    assert site.messages() == []
    assert is_kept(site)
    site.run()
    assert not is_kept(site)


def test_who_is_erased_while_a_run_is_under_way_gets_no_letter(site: World) -> None:
    keep(site, asked(site))
    send(site)
    path = site.configuration().store.path
    database = site.store()
    with exclusive_lock(path.with_name("lock")):
        spool = Spool(site.folder / "outbox")
        erased = erase_reader(database, spool, path, normalise(ANN), site.time)
    database.close()
    assert erased.busy
    assert site.messages() == []


def test_who_is_blocked_between_seal_and_publication_gets_no_letter(
    site: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    def block_first(*args: Any) -> Standing:
        block_in(site, ANN)
        return flush(*args)

    keep(site, asked(site))
    monkeypatch.setattr("pipeline.runs.readers.letters.flush", block_first)
    send(site)
    assert site.messages() == []


def test_who_is_blocked_between_stage_and_seal_gets_no_letter(
    site: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    stage = Spool.stage

    def block_then(*args: Any) -> int:
        count = stage(*args)
        block_in(site, ANN)
        return count

    keep(site, asked(site))
    monkeypatch.setattr(Spool, "stage", block_then)
    assert send(site) == 0
    assert site.messages() == []


@pytest.mark.parametrize("known", [False, True])
def test_a_list_that_says_somebody_is_blocked_withdraws_their_letter(
    site: World, *, known: bool
) -> None:
    """Also one about a newsletter that they did not have."""
    if known:
        site.join(ANN)
        add_daily(site)
    keep(site, asked(site, newsletter="daily" if known else "weekly"))
    send(site)
    import_list(site, f"email,status\n{ANN},blocked\n")
    assert site.messages() == []


def import_list(world: World, text: str) -> None:
    file, plan = look_at(world.write("list.csv", text)), Plan(newsletters=["weekly"])
    database, spool = world.store(), Spool(world.folder / "outbox")
    import_files(database, [file], plan, world.time, spool=spool)
    database.close()


def test_it_is_withdrawn_wherever_the_server_was_killed_that_sent_it(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    killed, n = True, 0
    while killed:
        n += 1
        world = World(tmp_path_factory.mktemp("world") / "site")
        world.configure(world.config + WEB)
        killed = killed_at(n, partial(ask_and_send, world))
        block_in(world, ANN)
        world.run()
        assert world.messages() == [], f"killed at {n}"
    assert n > FEWEST_POINTS


def test_it_is_withdrawn_wherever_the_command_was_killed_that_blocks(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    killed, n, blocked = True, 0, 0
    while killed:
        n += 1
        world = World(tmp_path_factory.mktemp("world") / "site")
        world.configure(world.config + WEB)
        ask_and_send(world)
        killed = killed_at(n, partial(block_in, world, ANN))
        world.run()
        assert world.messages() == [] or not is_blocked(world), f"killed at {n}"
        blocked += is_blocked(world)
    assert 0 < blocked < n
