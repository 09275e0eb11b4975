"""Mailchimp's export of an audience: three files, with the state in their names.

What was subscribed, unsubscribed and cleaned comes apart; UNSUB_TIME and CLEAN_TIME
stand only in the last two.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Final

from pipeline.subscribers.columns import write_tags
from pipeline.subscribers.dialects.dialect import (
    Dialect,
    Said,
    sign,
    split_name,
    word_of,
)
from pipeline.subscribers.subscriber import State, Subscriber

_STATUS: Final = {
    State.ACTIVE: "subscribed",
    State.PENDING: "pending",
    State.UNSUBSCRIBED: "unsubscribed",
    State.BOUNCED: "cleaned",
}
_SPAM: Final = "SPAM"


def _interpret(said: Said) -> Said:
    status = said["status"]
    if said["cleaned"] and not status:
        status = _STATUS[State.BOUNCED]
    elif said["unsubscribed"] and not status:
        status = _STATUS[State.UNSUBSCRIBED]
    if status.casefold() == "unsubscribed" and "spam" in said["reason"].casefold():
        status = State.COMPLAINED
    ended = said["cleaned"] or said["unsubscribed"]
    return {**said, "status": status, "ended": ended}


def _write(subscriber: Subscriber) -> tuple[str, ...]:
    first, last = split_name(subscriber.name)
    status = word_of(_STATUS, subscriber.state)
    created = _write_time(subscriber.created)
    confirmed = _write_time(subscriber.confirmed)
    ended = _write_time(subscriber.ended)
    return (
        subscriber.address,
        first,
        last,
        created,
        confirmed,
        ended if status == "unsubscribed" else "",
        _SPAM if subscriber.state is State.COMPLAINED else "",
        ended if status == "cleaned" else "",
        status,
        write_tags(subscriber.tags, every=True),
    )


def _write_time(time: datetime | None) -> str:
    return f"{time.astimezone(UTC):%Y-%m-%d %H:%M:%S}" if time else ""


MAILCHIMP = Dialect(
    name="mailchimp",
    title="Mailchimp",
    headings={
        "email": ("email address", "email"),
        "name": ("name", "full name"),
        "first": ("first name", "fname"),
        "last": ("last name", "lname"),
        "language": ("language", "languages"),
        "status": ("status",),
        "created": ("optin_time", "confirm_time"),
        "confirmed": ("confirm_time",),
        "unsubscribed": ("unsub_time",),
        "reason": ("unsub_reason",),
        "cleaned": ("clean_time",),
        "tags": ("tags",),
    },
    signs=(
        sign("optin_time", "confirm_time"),
        sign("leid", "euid"),
        sign("member_rating"),
    ),
    columns=(
        *("Email Address", "First Name", "Last Name", "OPTIN_TIME", "CONFIRM_TIME"),
        *("UNSUB_TIME", "UNSUB_REASON", "CLEAN_TIME", "Status", "TAGS"),
    ),
    interpret=_interpret,
    write=_write,
)
