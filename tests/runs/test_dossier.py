"""All that is known of one reader, as it is told to them."""

from __future__ import annotations

import json
from typing import Any

import pytest

from pipeline.base.errors import InputError
from pipeline.outbox.spool import Spool
from pipeline.runs.readers.dossier import gather
from pipeline.runs.readers.suppressing import block, parse_rule
from pipeline.subscribers.address import normalise
from tests.world import World

ANN = "Ann@example.org"


def about(world: World, address: str = ANN) -> dict[str, Any]:
    database = world.store()
    try:
        found = gather(database, Spool(world.folder / "outbox"), normalise(address))
    finally:
        database.close()
    copied: dict[str, Any] = json.loads(json.dumps(found))
    return copied


def test_everything_that_is_known_is_told(world: World) -> None:
    world.post("a")
    world.join(ANN, "en")
    world.join("bob@example.org")
    world.run()
    told = about(world)
    assert told["address"] == ANN
    record = told["record"]
    assert isinstance(record, dict)
    assert record["address"] == ANN
    assert record["created"] == "2026-11-20T09:00:00+00:00"
    (subscription,) = told["subscriptions"]
    assert subscription["newsletter"] == "weekly"
    (consent,) = told["consents"]
    assert (consent["how"], consent["source"]) == ("owner", "test")
    assert consent["newsletters"] == ["weekly"]
    (issue,) = told["issues"]
    assert (issue["number"], issue["state"], issue["place"]) == (1, "handed", "new")
    assert (told["withdrawals"], told["suppression"]) == ([], None)
    assert "bob@example.org" not in json.dumps(told)


def test_what_became_of_issues_is_told_as_it_goes_on(world: World) -> None:
    world.post("a")
    world.join(ANN)
    world.run()
    world.take_all()
    world.leave(ANN)
    told = about(world)
    (issue,) = told["issues"]
    assert issue["place"] == "sent"
    (withdrawal,) = told["withdrawals"]
    assert withdrawal["newsletter"] == "weekly"
    assert told["subscriptions"] == []


def test_of_one_who_is_only_on_the_list_that_is_told(world: World) -> None:
    database = world.store()
    with database.transaction() as tx:
        block(tx, parse_rule("@example.org"), world.time)
    database.close()
    told = about(world)
    assert told["record"] is None
    assert told["issues"] == []
    assert told["suppression"] == {
        "rule": "@example.org",
        "reason": "blocked",
        "since": "2026-11-20T09:00:00+00:00",
    }


def test_nothing_is_made_up_of_a_stranger(world: World) -> None:
    with pytest.raises(InputError, match="is not known"):
        about(world, "nobody@example.com")
