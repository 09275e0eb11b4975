"""Buttondown's subscribers: a type for the state, and JSON for what the owner adds."""

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
from pipeline.subscribers.dialects.metadata import read_metadata, write_metadata
from pipeline.subscribers.subscriber import State, Subscriber

_TYPES: Final = {
    State.ACTIVE: "regular",
    State.PENDING: "unactivated",
    State.UNSUBSCRIBED: "unsubscribed",
    State.BOUNCED: "undeliverable",
    State.COMPLAINED: "complained",
    State.BLOCKED: "blocked",
}
# The kinds of paying readers, and those who do not pay: all of them get mail.
_READERS: Final = (
    *("premium", "trialed", "unpaid", "gifted", "churning", "churned", "paused"),
    "past_due",
)
_STATE_OF: Final = {
    **{word: state for state, word in _TYPES.items()},
    **dict.fromkeys(_READERS, State.ACTIVE),
    "removed": State.BLOCKED,
    "spammy": State.BLOCKED,
}


def _interpret(said: Said) -> Said:
    more = read_metadata(said["metadata"])
    kind = said["status"].casefold().replace(" ", "_")
    # `state` in the metadata may be where somebody lives.
    more.pop("status", None)
    told = {column: text for column, text in said.items() if text}
    return {**said, **more, **told, "status": _STATE_OF.get(kind, said["status"])}


def _write(subscriber: Subscriber) -> tuple[str, ...]:
    return (
        subscriber.address,
        word_of(_TYPES, subscriber.state),
        write_time(subscriber.created),
        write_tags(subscriber.tags),
        write_metadata(subscriber, name=subscriber.name),
        subscriber.source,
    )


BUTTONDOWN = Dialect(
    name="buttondown",
    title="Buttondown",
    headings={
        "email": ("email_address", "email"),
        "name": ("name",),
        "first": ("first_name",),
        "last": ("last_name",),
        "language": ("language",),
        "newsletters": ("newsletters",),
        "status": ("type", "subscriber_type"),
        "created": ("creation_date", "created"),
        "confirmed": ("confirmed",),
        "ended": ("unsubscription_date", "churn_date"),
        "tags": ("tags",),
        "metadata": ("metadata",),
        "source": ("source",),
    },
    signs=(
        sign("email_address", "creation_date"),
        sign("email", "creation_date", "metadata"),
        sign("subscriber_type"),
        sign("email_address", "type"),
    ),
    columns=(
        *("email_address", "type", "creation_date", "tags", "metadata", "source"),
    ),
    interpret=_interpret,
    write=_write,
)
