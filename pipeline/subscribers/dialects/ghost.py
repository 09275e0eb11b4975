"""Ghost's members: one file, tags as labels, and whether mail goes out."""

from __future__ import annotations

from pipeline.subscribers.columns import write_tags
from pipeline.subscribers.dialects.dialect import (
    Dialect,
    Said,
    is_no,
    sign,
    write_flag,
    write_time,
)
from pipeline.subscribers.subscriber import State, Subscriber


def _interpret(said: Said) -> Said:
    stopped = is_no(said["subscribed"]) or bool(said["ended"])
    return {**said, "status": State.UNSUBSCRIBED if stopped else ""}


def _write(subscriber: Subscriber) -> tuple[str, ...]:
    return (
        "",
        subscriber.address,
        subscriber.name,
        "",
        write_flag(subscriber.state.gets_mail),
        "false",
        "",
        write_time(subscriber.created),
        "",
        write_tags(subscriber.tags),
        "",
    )


GHOST = Dialect(
    name="ghost",
    title="Ghost",
    headings={
        "email": ("email",),
        "name": ("name",),
        "subscribed": ("subscribed_to_emails", "subscribed"),
        "created": ("created_at",),
        "ended": ("deleted_at",),
        "tags": ("labels",),
    },
    signs=(
        sign("email", "subscribed_to_emails"),
        sign("email", "complimentary_plan", "stripe_customer_id"),
    ),
    columns=(
        *("id", "email", "name", "note", "subscribed_to_emails", "complimentary_plan"),
        *("stripe_customer_id", "created_at", "deleted_at", "labels", "tiers"),
    ),
    interpret=_interpret,
    write=_write,
)
