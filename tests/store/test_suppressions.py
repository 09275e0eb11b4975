"""The list of who must never get mail, as the store keeps it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

from pipeline.store.consents import Consent, How, add_consent, find_consents
from pipeline.store.database import Database, open_store
from pipeline.store.subscribers import (
    add_subscriber,
    find_addresses,
    find_subscriber,
    subscribers_at,
)
from pipeline.store.suppressions import (
    all_suppressions,
    block_domain,
    find_suppression,
    lift_address,
    suppress_address,
    unblock_domain,
)
from pipeline.store.ties import suppression_key
from pipeline.subscribers.subscriber import State, Subscriber
from pipeline.subscribers.suppression import Reason

NOW = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
ANN = "ann@example.org"


def subscriber(key: str) -> Subscriber:
    return Subscriber(
        id=0,
        address=key,
        key=key,
        state=State.ACTIVE,
        language="",
        created=NOW,
        source="test",
    )


def test_no_address_stands_on_the_list(database: Database) -> None:
    with database.transaction() as tx:
        suppress_address(tx, ANN, Reason.ERASED, NOW)
        found = find_suppression(tx, ANN)
        (rule,) = all_suppressions(tx)
    assert found == rule
    assert (rule.reason, rule.since) == (Reason.ERASED, NOW)
    assert "ann" not in rule.rule


def test_two_stores_know_an_address_by_different_digests(tmp_path: Path) -> None:
    keys = set()
    for name in ("a", "b"):
        opened = open_store(tmp_path / f"{name}.db")
        with opened.transaction() as tx:
            keys.add(suppression_key(tx))
        opened.close()
    assert [len(key) for key in keys] == [32, 32]


def test_a_block_takes_the_place_of_another_reason_and_keeps_its_own(
    database: Database,
) -> None:
    later = NOW + timedelta(days=1)
    with database.transaction() as tx:
        suppress_address(tx, ANN, Reason.BOUNCED, NOW)
        suppress_address(tx, ANN, Reason.BLOCKED, later)
        suppress_address(tx, ANN, Reason.ERASED, later + timedelta(days=1))
        (rule,) = all_suppressions(tx)
    assert (rule.reason, rule.since) == (Reason.BLOCKED, later)


def test_what_the_owner_blocked_is_told_first(database: Database) -> None:
    with database.transaction() as tx:
        suppress_address(tx, ANN, Reason.ERASED, NOW)
        block_domain(tx, "@example.org", NOW)
        found = find_suppression(tx, ANN)
    assert found is not None
    assert found.rule == "@example.org"


def test_only_what_is_asked_for_is_lifted(database: Database) -> None:
    with database.transaction() as tx:
        suppress_address(tx, ANN, Reason.BLOCKED, NOW)
        block_domain(tx, "@example.org", NOW)
        assert not lift_address(tx, ANN, but_blocked=True)
        assert lift_address(tx, ANN)
        assert not lift_address(tx, ANN)
        assert find_suppression(tx, ANN) is not None
        assert unblock_domain(tx, "@example.org")
        assert not unblock_domain(tx, "@example.org")
        assert find_suppression(tx, ANN) is None


def test_nothing_is_pressed_for_one_who_is_on_the_list(database: Database) -> None:
    keys = (ANN, "bob@lists.example.com", "eve@example.net")
    with database.transaction() as tx:
        ids = [add_subscriber(tx, subscriber(key)) for key in keys]
        assert set(find_addresses(tx, ids)) == set(ids)
        suppress_address(tx, ANN, Reason.COMPLAINED, NOW)
        block_domain(tx, "@example.com", NOW)
        assert set(find_addresses(tx, ids)) == {ids[2]}


def test_readers_at_a_domain_are_those_below_it_too(database: Database) -> None:
    keys = ("a@example.org", "b@x.example.org", "c@badexample.org", "d@example.org.uk")
    with database.transaction() as tx:
        for key in keys:
            add_subscriber(tx, subscriber(key))
        found = subscribers_at(tx, "@example.org")
    assert [reader.key for reader in found] == ["a@example.org", "b@x.example.org"]


def test_the_evidence_of_consent_is_kept_as_it_was_given(database: Database) -> None:
    consent = Consent(
        newsletters=("weekly", "每月"),
        how=How.FORM,
        source="https://example.org/subscribe",
        shown="Yes, send me 周刊.",
        time=NOW,
    )
    with database.transaction() as tx:
        add_subscriber(tx, subscriber(ANN))
        add_consent(tx, ANN, consent)
        add_consent(tx, "nobody@example.org", consent)
        reader = find_subscriber(tx, ANN)
        assert reader is not None
        assert find_consents(tx, reader.id) == [consent]
        assert find_consents(tx, reader.id + 1) == []


def test_a_scrubbed_store_has_nothing_of_what_was_deleted(tmp_path: Path) -> None:
    path = tmp_path / "pressroom.db"
    opened = open_store(path)
    with opened.transaction() as tx:
        for n in range(50):
            add_subscriber(tx, subscriber(f"jane{n}.roe@example.org"))
    with opened.transaction() as tx:
        tx.run("DELETE FROM subscribers")

    def found() -> list[str]:
        files = tmp_path.glob("pressroom.db*")
        return [file.name for file in files if b".roe@" in file.read_bytes()]

    assert found() != []
    assert opened.scrub()
    assert found() == []
    opened.close()
