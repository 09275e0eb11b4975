"""The table of an issue's states: every row is a move, everything else is refused."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from itertools import product

import pytest

from pipeline.digest.issue import (
    ISSUE_TRANSITIONS,
    IllegalMove,
    Issue,
    IssueEvent,
    IssueState,
    Transition,
    advance,
)

LEGAL = {(row.state, row.event) for row in ISSUE_TRANSITIONS}
ILLEGAL = sorted(set(product(IssueState, IssueEvent)) - LEGAL)


@pytest.mark.parametrize("row", ISSUE_TRANSITIONS, ids=str)
def test_every_row_of_the_table_is_a_move(row: Transition) -> None:
    assert advance(row.state, row.event) is row.to
    assert row.after_crash


@pytest.mark.parametrize(("state", "event"), ILLEGAL)
def test_every_pair_without_a_row_is_refused(
    state: IssueState, event: IssueEvent
) -> None:
    told = "resume" if event is IssueEvent.REOPEN else event
    with pytest.raises(IllegalMove, match=f"an issue that is {state} takes no {told}"):
        advance(state, event)


def test_no_pair_has_two_rows() -> None:
    assert len(LEGAL) == len(ISSUE_TRANSITIONS)


def test_the_refusal_names_what_would_do() -> None:
    with pytest.raises(IllegalMove, match="takes no stop: it takes resume"):
        advance(IssueState.STOPPED, IssueEvent.STOP)
    with pytest.raises(IllegalMove, match="takes no resume: it takes hold, stop"):
        advance(IssueState.OPENED, IssueEvent.REOPEN)


def test_a_done_issue_takes_nothing() -> None:
    with pytest.raises(IllegalMove, match="nothing is left to do"):
        advance(IssueState.DONE, IssueEvent.RESUME)


def test_the_straight_way_leads_from_opened_to_done() -> None:
    state = IssueState.OPENED
    for event in (IssueEvent.FREEZE, IssueEvent.SEND, IssueEvent.FINISH):
        state = advance(state, event)
    assert state is IssueState.DONE


def test_every_state_but_the_first_can_be_reached_and_all_but_the_last_left() -> None:
    assert {row.to for row in ISSUE_TRANSITIONS} == set(IssueState)
    assert {row.state for row in ISSUE_TRANSITIONS} == set(IssueState) - {
        IssueState.DONE
    }


@pytest.mark.parametrize(
    "state", sorted(set(IssueState) - {IssueState.DONE, IssueState.STOPPED})
)
def test_whatever_is_not_over_can_be_stopped(state: IssueState) -> None:
    assert advance(state, IssueEvent.STOP) is IssueState.STOPPED


def test_an_issue_is_called_by_its_newsletter_and_the_cadence_a_reader_chose() -> None:
    issue = Issue(
        id=7,
        newsletter="weekly",
        number=12,
        boundary=datetime(2026, 11, 20, tzinfo=UTC),
        from_number=0,
        upto_number=1,
    )
    assert issue.label == "weekly #12"
    assert replace(issue, cadence="daily").label == "weekly (daily) #12"
