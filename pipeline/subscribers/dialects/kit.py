"""Kit's (ConvertKit's) subscribers: first names, tags, and a file for each state.

`Cold` are those who have not opened mail for long: they have not left.
"""

from __future__ import annotations

from typing import Final

from pipeline.subscribers.columns import write_tags
from pipeline.subscribers.dialects.dialect import (
    Dialect,
    Said,
    sign,
    word_of,
    write_time,
)
from pipeline.subscribers.subscriber import State, Subscriber

_STATES: Final = {
    State.ACTIVE: "active",
    State.PENDING: "inactive",
    State.UNSUBSCRIBED: "cancelled",
    State.BOUNCED: "bounced",
    State.COMPLAINED: "complained",
}
_STATE_OF: Final = {
    **{word: state for state, word in _STATES.items()},
    "cold": State.ACTIVE,
}


def _interpret(said: Said) -> Said:
    status = said["status"]
    return {**said, "status": _STATE_OF.get(status.casefold(), status)}


def _write(subscriber: Subscriber) -> tuple[str, ...]:
    return (
        "",
        subscriber.name,
        subscriber.address,
        word_of(_STATES, subscriber.state),
        write_time(subscriber.created),
        write_tags(subscriber.tags),
    )


KIT = Dialect(
    name="kit",
    title="Kit",
    headings={
        "email": ("email", "email_address", "email address"),
        "first": ("first_name", "first name"),
        "last": ("last_name", "last name"),
        "language": ("language",),
        "status": ("status", "state"),
        "created": ("created_at", "created at", "subscribed at"),
        "ended": ("cancelled_at", "unsubscribed_at"),
        "tags": ("tags",),
        "source": ("source",),
    },
    signs=(
        sign("id", "first_name", "email", "created_at"),
        sign("id", "first_name", "email_address", "created_at"),
        sign("first_name", "email", "state", "created_at"),
        sign("first_name", "email_address", "state"),
        sign("subscriber id", "first name", "email"),
    ),
    columns=("id", "first_name", "email", "status", "created_at", "tags"),
    interpret=_interpret,
    write=_write,
)
