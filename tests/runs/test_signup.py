"""Who joins and who leaves: nobody is brought in who should be out."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from pipeline.outbox.spool import Spool
from pipeline.runs.issues.misfits import shared_misfits
from pipeline.runs.readers.signup import (
    Joining,
    Outcome,
    end_subscriptions,
    join,
    leave,
)
from pipeline.store.subscribers import find_subscriber
from pipeline.subscribers.address import normalise
from pipeline.subscribers.subscriber import State, Subscriber
from tests.world import World


def reader(world: World, address: str) -> Subscriber:
    database = world.store()
    with database.transaction() as tx:
        found = find_subscriber(tx, address)
    database.close()
    assert found is not None
    return found


ANN = Joining(
    address=normalise("ann@example.org"), newsletters=("weekly",), source="a test"
)


def meet(world: World, joining: Joining, *, again: bool = False) -> Outcome:
    database = world.store()
    with database.transaction() as tx:
        outcome = join(tx, joining, world.time, again=again)
    database.close()
    return outcome


@pytest.mark.parametrize("state", [State.UNSUBSCRIBED, State.BOUNCED, State.COMPLAINED])
def test_one_who_gets_no_mail_comes_back_only_by_asking(
    world: World, state: State
) -> None:
    assert meet(world, replace(ANN, state=state)) is Outcome.ADDED
    assert reader(world, "ann@example.org").ended == world.time
    assert meet(world, ANN) is Outcome.KEPT_OUT
    assert reader(world, "ann@example.org").newsletters == ()
    assert meet(world, ANN, again=True) is Outcome.JOINED
    ann = reader(world, "ann@example.org")
    assert (ann.state, ann.newsletters, ann.ended) == (State.ACTIVE, ("weekly",), None)


def test_one_who_left_a_newsletter_comes_back_to_it_only_by_asking(
    world: World,
) -> None:
    both = replace(ANN, newsletters=("daily", "weekly"))
    meet(world, both)
    ann = reader(world, "ann@example.org")
    database = world.store()
    with database.transaction() as tx:
        end_subscriptions(tx, ann, State.UNSUBSCRIBED, world.time, "daily")
    database.close()
    assert meet(world, both) is Outcome.KNOWN
    assert meet(world, replace(ANN, newsletters=("daily",))) is Outcome.KEPT_OUT
    assert reader(world, "ann@example.org").newsletters == ("weekly",)
    more = replace(ANN, newsletters=("daily", "monthly"))
    assert meet(world, more) is Outcome.JOINED
    assert reader(world, "ann@example.org").newsletters == ("monthly", "weekly")
    assert meet(world, both, again=True) is Outcome.JOINED
    assert "daily" in reader(world, "ann@example.org").newsletters


def test_a_list_that_calls_a_reader_pending_takes_nothing_from_them(
    world: World,
) -> None:
    pending = replace(ANN, state=State.PENDING)
    meet(world, ANN)
    assert meet(world, pending) is Outcome.KNOWN
    assert reader(world, "ann@example.org").newsletters == ("weekly",)
    bob = replace(pending, address=normalise("bob@example.org"))
    assert meet(world, bob) is Outcome.ADDED
    assert meet(world, bob) is Outcome.KEPT_OUT
    assert reader(world, "bob@example.org").state is State.PENDING


def test_one_who_was_pending_may_have_confirmed_meanwhile(world: World) -> None:
    meet(world, replace(ANN, state=State.PENDING))
    assert meet(world, ANN) is Outcome.JOINED
    ann = reader(world, "ann@example.org")
    assert (ann.state, ann.newsletters) == (State.ACTIVE, ("weekly",))


def test_one_who_was_pending_may_have_left_meanwhile(world: World) -> None:
    meet(world, replace(ANN, state=State.PENDING))
    assert meet(world, replace(ANN, state=State.UNSUBSCRIBED)) is Outcome.KEPT_OUT
    assert reader(world, "ann@example.org").state is State.UNSUBSCRIBED


def test_what_another_program_knew_is_kept(world: World) -> None:
    time = datetime(2020, 1, 2, tzinfo=UTC)
    told = replace(
        ANN,
        state=State.BOUNCED,
        tags=("vip", "早鸟"),
        created=time,
        confirmed=time,
        ended=time,
    )
    meet(world, told)
    ann = reader(world, "ann@example.org")
    assert (ann.tags, ann.created, ann.confirmed, ann.ended) == (
        ("vip", "早鸟"),
        *(time, time, time),
    )


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


def test_who_joined_more_since_they_were_looked_up_keeps_it(world: World) -> None:
    meet(world, ANN)
    before = reader(world, "ann@example.org")
    meet(world, replace(ANN, newsletters=("daily",)))
    database = world.store()
    leave(database, Spool(world.folder / "outbox"), before, world.time, "weekly")
    database.close()
    ann = reader(world, "ann@example.org")
    assert (ann.state, ann.newsletters) == (State.ACTIVE, ("daily",))
