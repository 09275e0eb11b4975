"""Who joins and who leaves: an import brings nobody in who should be out."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime

import pytest

from pipeline.runs.importing import Imported, import_readers
from pipeline.runs.newsroom import shared_misfits
from pipeline.runs.signup import Outcome
from pipeline.store.subscribers import find_subscriber
from pipeline.subscribers.subscriber import State, Subscriber
from tests.world import World


def bring(world: World, *lines: str) -> Imported:
    database = world.store()
    names = [newsletter.name for newsletter in world.configuration().newsletters]
    imported = import_readers(
        database, [f"{line}\n" for line in lines], names, "a file", world.time
    )
    database.close()
    return imported


def reader(world: World, address: str) -> Subscriber:
    database = world.store()
    with database.transaction() as tx:
        found = find_subscriber(tx, address)
    database.close()
    assert found is not None
    return found


def test_a_file_that_says_somebody_left_has_them_leave(world: World) -> None:
    world.post("a")
    world.join("ann@example.org")
    world.run()
    imported = bring(world, "email,status", "ann@example.org,complained")
    assert imported.counts == Counter({Outcome.LEFT: 1})
    ann = reader(world, "ann@example.org")
    assert (ann.state, ann.newsletters) == (State.COMPLAINED, ())
    world.run()
    assert world.messages() == []


def test_one_who_left_keeps_the_reason_they_left_for(world: World) -> None:
    world.join("ann@example.org")
    world.leave("ann@example.org")
    imported = bring(world, "email,status", "ann@example.org,bounced")
    assert imported.counts == Counter({Outcome.KEPT_OUT: 1})
    assert reader(world, "ann@example.org").state is State.UNSUBSCRIBED


def test_a_row_joins_the_newsletters_it_names_and_no_other(world: World) -> None:
    second = world.config.split("newsletters:\n")[1].replace("weekly", "daily")
    world.configure(world.config + second)
    imported = bring(
        world,
        "email,newsletters",
        "ann@example.org,daily",
        "bob@example.org,",
        "eve@example.org,private-list",
    )
    assert reader(world, "ann@example.org").newsletters == ("daily",)
    assert reader(world, "bob@example.org").newsletters == ("daily", "weekly")
    (refused,) = imported.refused
    assert refused.line == 4
    assert "private-list" in refused.reason


def test_when_and_how_somebody_joined_comes_along(world: World) -> None:
    bring(
        world,
        "email,created,source",
        "ann@example.org,2020-01-02T03:04:05+00:00,the form at the fair",
        "bob@example.org,,",
    )
    ann, bob = (reader(world, f"{name}@example.org") for name in ("ann", "bob"))
    assert ann.created == datetime(2020, 1, 2, 3, 4, 5, tzinfo=UTC)
    assert ann.source == "the form at the fair"
    assert (bob.created, bob.source) == (world.time, "a file")


@pytest.mark.parametrize(
    ("setting", "told"),
    [
        ("unsubscribe_address: nobody", "no @"),
        (f"bounce_address: {'b' * 40}@example.org", "longer than 31 characters"),
    ],
)
def test_an_address_that_no_token_fits_is_refused_at_once(
    world: World, setting: str, told: str
) -> None:
    text = world.config.replace("unsubscribe_address: leave@example.org", setting)
    world.configure(text)
    ((_, what, _),) = shared_misfits(world.configuration())
    assert told in what


def test_addresses_of_other_scripts_are_used_as_servers_take_them(
    world: World,
) -> None:
    world.configure(
        world.config.replace(
            "unsubscribe_address: leave@example.org",
            "unsubscribe_address: mailto:a&b@例子.测试\n"
            "  bounce_address: back@例子.测试",
        )
    )
    world.post("a")
    world.join("ann@example.org")
    assert world.run().exit_status() == 0
    (message,) = world.messages()
    leaving = str(message["List-Unsubscribe"])
    assert leaving.startswith("<mailto:a%26b+")
    assert "@xn--fsqu00a.xn--0zwm56d?subject=unsubscribe>" in leaving


def test_each_newsletter_has_links_to_leave_of_its_own(world: World) -> None:
    second = world.config.split("newsletters:\n")[1].replace("weekly", "daily")
    world.configure(world.config + second)
    world.post("a")
    world.join("ann@example.org")
    world.run()
    links = {str(m["List-Unsubscribe"]) for m in world.messages()}
    assert len(links) == 2
