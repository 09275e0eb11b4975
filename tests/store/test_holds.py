"""Holds: one of a scope, a target and a reason, and what each of them stops."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from pipeline.store.database import Database
from pipeline.store.holds import (
    Hold,
    Reason,
    Scope,
    end_hold,
    end_holds_of_issue,
    find_hold,
    hold_of,
    put_hold,
    standing_holds,
    stops,
)
from tests.world import NOW


def hold(**changes: Any) -> Hold:
    known: dict[str, Any] = {
        "scope": Scope.EVERYTHING,
        "reason": Reason.FLOOD,
        "since": NOW,
        "detail": {"what": "34 posts are news at once"},
    }
    return Hold(**known | changes)


def test_a_hold_is_found_as_it_was_put(database: Database) -> None:
    until = NOW + timedelta(hours=1)
    with database.transaction() as tx:
        number = put_hold(tx, hold(until=until))
        found = find_hold(tx, number)
        assert found == hold(until=until, id=number)
        assert found.what == "34 posts are news at once"
        assert standing_holds(tx) == [found]
        assert hold_of(tx, Scope.EVERYTHING, "", Reason.FLOOD) == found


def test_the_same_hold_again_says_anew_why_and_stands_since_the_first(
    database: Database,
) -> None:
    with database.transaction() as tx:
        first = put_hold(tx, hold())
        later = hold(since=NOW + timedelta(hours=1), detail={"what": "40 posts"})
        assert put_hold(tx, later) == first
        (found,) = standing_holds(tx)
    assert (found.since, found.what) == (NOW, "40 posts")


def test_two_reasons_are_two_holds(database: Database) -> None:
    with database.transaction() as tx:
        first = put_hold(tx, hold())
        put_hold(tx, hold(reason=Reason.RESTORE))
        assert end_hold(tx, first)
        assert not end_hold(tx, first)
        assert find_hold(tx, first) is None
        assert stops(tx)


@pytest.mark.parametrize(
    ("scope", "target", "stopped"),
    [
        (Scope.EVERYTHING, "", {"", "weekly", "daily", "weekly 12", "daily 13"}),
        (Scope.NEWSLETTER, "weekly", {"weekly", "weekly 12"}),
        (Scope.ISSUE, "12", {"weekly 12"}),
    ],
)
def test_a_hold_stops_what_is_within_it(
    database: Database, scope: Scope, target: str, stopped: set[str]
) -> None:
    with database.transaction() as tx:
        put_hold(tx, hold(scope=scope, target=target))
        asked = {
            "": stops(tx),
            "weekly": stops(tx, "weekly"),
            "daily": stops(tx, "daily"),
            "weekly 12": stops(tx, "weekly", 12),
            "daily 13": stops(tx, "daily", 13),
        }
    assert {what for what, is_stopped in asked.items() if is_stopped} == stopped


def test_holds_of_an_issue_end_together(database: Database) -> None:
    with database.transaction() as tx:
        for reason in (Reason.HOLD, Reason.OWNER):
            put_hold(tx, hold(scope=Scope.ISSUE, target="12", reason=reason))
        put_hold(tx, hold(scope=Scope.ISSUE, target="13"))
        end_holds_of_issue(tx, 12)
        assert [found.issue_id for found in standing_holds(tx)] == [13]


def test_only_a_hold_of_an_issue_has_one() -> None:
    with pytest.raises(ValueError, match="none of an issue"):
        _ = hold().issue_id
