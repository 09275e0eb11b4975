"""listmonk's subscribers: three states, and JSON attributes for all the rest.

Its export does not say who left which list: whoever left only one is `enabled` in it.
"""

from __future__ import annotations

from typing import Final

from pipeline.subscribers.dialects.dialect import Dialect, Said, sign, write_time
from pipeline.subscribers.dialects.metadata import read_metadata, write_metadata
from pipeline.subscribers.subscriber import State, Subscriber

_STATUS: Final = {
    "enabled": State.ACTIVE,
    "disabled": State.UNSUBSCRIBED,
    "blocklisted": State.BLOCKED,
}


def _interpret(said: Said) -> Said:
    more = read_metadata(said["attributes"])
    finer = more.pop("status", "")
    told = {column: text for column, text in said.items() if text}
    status = said["status"].casefold()
    # Only what we wrote into `state` is finer than listmonk's own word for it.
    known = finer in tuple(State) and status != "enabled"
    state = finer if known else _STATUS.get(status, said["status"])
    return {**said, **more, **told, "status": state}


def _write(subscriber: Subscriber) -> tuple[str, ...]:
    state = subscriber.state
    status = "enabled" if state.gets_mail else "blocklisted"
    attributes = write_metadata(
        subscriber,
        state="" if state.gets_mail else state,
        tags=list(subscriber.tags),
        source=subscriber.source,
    )
    time = write_time(subscriber.created)
    return ("", subscriber.address, subscriber.name, attributes, status, time, "")


LISTMONK = Dialect(
    name="listmonk",
    title="listmonk",
    headings={
        "email": ("email",),
        "name": ("name",),
        "first": ("first_name",),
        "last": ("last_name",),
        "language": ("language",),
        "newsletters": ("lists",),
        "status": ("status",),
        "created": ("created_at",),
        "confirmed": ("confirmed",),
        "ended": ("ended",),
        "tags": ("tags",),
        "attributes": ("attributes",),
        "source": ("source",),
    },
    signs=(sign("uuid", "email", "attributes"), sign("email", "name", "attributes")),
    columns=(
        *("uuid", "email", "name", "attributes", "status", "created_at", "updated_at"),
    ),
    interpret=_interpret,
    write=_write,
)
