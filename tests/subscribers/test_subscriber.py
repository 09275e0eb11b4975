"""What a subscriber's state means."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from pipeline.subscribers.subscriber import State, Subscriber


@pytest.mark.parametrize(
    ("state", "gets_mail"),
    [
        (State.ACTIVE, True),
        (State.PENDING, False),
        (State.UNSUBSCRIBED, False),
        (State.BOUNCED, False),
        (State.COMPLAINED, False),
        (State.BLOCKED, False),
    ],
)
def test_only_the_active_get_mail(state: State, gets_mail: bool) -> None:
    assert state.gets_mail is gets_mail


def test_every_state_is_in_the_table_above() -> None:
    assert {str(state) for state in State} == {
        "active",
        "pending",
        "unsubscribed",
        "bounced",
        "complained",
        "blocked",
    }


def subscriber(created: datetime) -> Subscriber:
    return Subscriber(
        id=1,
        address="anna@example.org",
        key="anna@example.org",
        state=State.ACTIVE,
        language="",
        created=created,
        source="import",
    )


def test_a_subscriber_needs_no_name_and_no_newsletter() -> None:
    reader = subscriber(datetime(2026, 11, 20, tzinfo=UTC))
    assert (reader.name, reader.newsletters) == ("", ())


def test_a_time_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="time zone"):
        subscriber(datetime(2026, 11, 20))  # noqa: DTZ001
