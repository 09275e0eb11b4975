"""Who is blocked gets nothing more, and no list and no form lets them in again."""

from __future__ import annotations

import pytest

from pipeline.base.errors import UsageError
from pipeline.outbox.spool import Spool
from pipeline.runs.outgoing.withdrawing import apply_withdrawals
from pipeline.runs.readers.signup import Joining, Outcome, join, parse_address
from pipeline.runs.readers.suppressing import block, parse_rule, unblock, why_kept_out
from pipeline.store.consents import Consent, How, find_consents
from pipeline.store.subscribers import add_subscriber, find_subscriber
from pipeline.store.suppressions import suppress_address
from pipeline.subscribers.address import normalise
from pipeline.subscribers.subscriber import State, Subscriber
from pipeline.subscribers.suppression import Reason
from tests.world import World

ANN, BOB = "ann@example.org", "bob@news.spam.example"


def block_in(world: World, rule: str) -> int:
    database = world.store()
    with database.transaction() as tx:
        ended = block(tx, parse_rule(rule), world.time)
    apply_withdrawals(database, Spool(world.folder / "outbox"))
    database.close()
    return ended


def unblock_in(world: World, rule: str) -> bool:
    database = world.store()
    with database.transaction() as tx:
        lifted = unblock(tx, parse_rule(rule), world.time)
    database.close()
    return lifted


def join_again(world: World, address: str) -> Outcome:
    database = world.store()
    joining = Joining(
        address=parse_address(address), newsletters=("weekly",), source="form"
    )
    with database.transaction() as tx:
        outcome = join(tx, joining, world.time, again=True)
    database.close()
    return outcome


def reader(world: World, address: str) -> Subscriber | None:
    database = world.store()
    with database.transaction() as tx:
        found = find_subscriber(tx, normalise(address).key)
    database.close()
    return found


def state(world: World, address: str) -> State | None:
    found = reader(world, address)
    return found.state if found else None


@pytest.mark.parametrize("rule", [BOB, "@spam.example", "@news.spam.example"])
def test_one_blocked_after_an_issue_is_out_gets_nothing_of_it(
    world: World, rule: str
) -> None:
    world.post("a")
    world.join(ANN)
    world.join(BOB)
    world.run()
    assert block_in(world, rule) == 1
    assert list(world.got()) == [ANN]
    assert state(world, BOB) is State.BLOCKED
    world.later(days=7)
    world.post("b", date="2026-11-26")
    world.run()
    assert BOB not in world.got()


@pytest.mark.parametrize("rule", [BOB, "@spam.example"])
def test_one_blocked_between_freezing_and_the_seal_gets_nothing(
    world: World, rule: str
) -> None:
    world.configure(world.config.replace("mail:\n", "mail:\n  batch_size: 1\n"))
    world.configure(f"{world.config}outbox:\n  ahead: 1\n")
    world.post("a")
    world.join(ANN)
    world.join(BOB)
    world.run()
    block_in(world, rule)
    world.take_all()
    assert world.run().errors == []
    assert world.messages() == []


@pytest.mark.parametrize("rule", [BOB, "@spam.example"])
def test_a_blocked_reader_stays_out_whatever_they_do(world: World, rule: str) -> None:
    world.join(BOB)
    block_in(world, rule)
    assert world.join(BOB) is Outcome.KEPT_OUT
    assert join_again(world, BOB) is Outcome.KEPT_OUT
    assert state(world, BOB) is State.BLOCKED


def test_nothing_is_noted_of_a_stranger_who_is_kept_out(world: World) -> None:
    assert block_in(world, "@spam.example") == 0
    assert world.join(BOB) is Outcome.KEPT_OUT
    assert reader(world, BOB) is None


def test_an_old_list_does_not_bring_an_erased_reader_back_in_any_state(
    world: World,
) -> None:
    database = world.store()
    with database.transaction() as tx:
        suppress_address(tx, BOB, Reason.ERASED, world.time)
        for listed in (State.ACTIVE, State.UNSUBSCRIBED, State.BOUNCED):
            joining = Joining(
                address=parse_address(BOB),
                newsletters=("weekly",),
                source="import of old.csv",
                state=listed,
            )
            assert join(tx, joining, world.time) is Outcome.KEPT_OUT
    database.close()
    assert reader(world, BOB) is None


def test_an_erased_reader_comes_back_by_their_own_doing(world: World) -> None:
    database = world.store()
    with database.transaction() as tx:
        suppress_address(tx, BOB, Reason.ERASED, world.time)
    database.close()
    assert join_again(world, BOB) is Outcome.ADDED
    world.leave(BOB)
    assert join_again(world, BOB) is Outcome.JOINED
    assert state(world, BOB) is State.ACTIVE


@pytest.mark.parametrize("rule", [BOB, "@spam.example"])
def test_to_unblock_subscribes_nobody_and_lets_them_join(
    world: World, rule: str
) -> None:
    world.join(BOB)
    block_in(world, rule)
    assert unblock_in(world, rule)
    assert not unblock_in(world, rule)
    assert state(world, BOB) is State.UNSUBSCRIBED
    assert world.join(BOB) is Outcome.KEPT_OUT
    assert join_again(world, BOB) is Outcome.JOINED


def test_one_blocked_twice_stays_blocked_until_both_are_lifted(world: World) -> None:
    world.join(BOB)
    block_in(world, "@spam.example")
    block_in(world, BOB)
    assert unblock_in(world, "@spam.example")
    assert state(world, BOB) is State.BLOCKED
    assert unblock_in(world, BOB)
    assert state(world, BOB) is State.UNSUBSCRIBED


def test_one_who_left_before_keeps_their_own_reason(world: World) -> None:
    world.join(BOB)
    world.leave(BOB)
    assert block_in(world, "@spam.example") == 0
    assert state(world, BOB) is State.UNSUBSCRIBED


def test_one_who_has_not_confirmed_yet_is_blocked_too(world: World) -> None:
    database = world.store()
    with database.transaction() as tx:
        add_subscriber(
            tx,
            Subscriber(
                id=0,
                address=BOB,
                key=BOB,
                state=State.PENDING,
                language="",
                created=world.time,
                source="form",
            ),
        )
    database.close()
    assert block_in(world, BOB) == 1
    assert state(world, BOB) is State.BLOCKED


def test_what_is_neither_address_nor_domain_is_refused() -> None:
    for text in ("ann", "@org", "@", ""):
        with pytest.raises(UsageError):
            parse_rule(text)


def test_an_owner_is_told_why_and_how_to_lift_it(world: World) -> None:
    block_in(world, "@spam.example")
    block_in(world, "eve@example.org")
    database = world.store()
    with database.transaction() as tx:
        suppress_address(tx, "tom@example.org", Reason.COMPLAINED, world.time)
        told = {
            name: why_kept_out(tx, normalise(name))
            for name in (BOB, "eve@example.org", "tom@example.org", ANN)
        }
    database.close()
    assert told[BOB].endswith(
        "@spam.example is blocked since 2026-11-20; `pressroom subscriber unblock "
        "@spam.example` lifts that"
    )
    assert "unblock eve@example.org` lifts" in told["eve@example.org"]
    assert "(complained, 2026-11-20); if they asked" in told["tom@example.org"]
    assert "has left or cannot be reached" in told[ANN]


def test_whom_another_program_had_blocked_stays_out_until_unblocked(
    world: World,
) -> None:
    joining = Joining(
        address=normalise(ANN),
        newsletters=("weekly",),
        source="a list",
        state=State.BLOCKED,
    )
    database = world.store()
    with database.transaction() as tx:
        join(tx, joining, world.time)
        assert "`pressroom subscriber unblock ann@" in why_kept_out(tx, normalise(ANN))
    assert world.join(ANN) is Outcome.KEPT_OUT
    assert world.join(ANN, again=True) is Outcome.KEPT_OUT
    with database.transaction() as tx:
        assert unblock(tx, normalise(ANN), world.time)
    database.close()
    assert world.join(ANN, again=True) is Outcome.JOINED


def test_who_joins_leaves_evidence_once(world: World) -> None:
    world.join(ANN)
    world.later(days=1)
    world.join(ANN)
    found = reader(world, ANN)
    assert found is not None
    database = world.store()
    with database.transaction() as tx:
        consents = find_consents(tx, found.id)
    database.close()
    assert consents == [
        Consent(
            newsletters=("weekly",),
            how=How.OWNER,
            source="test",
            time=found.created,
        )
    ]
