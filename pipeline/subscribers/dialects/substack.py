"""Substack's two lists: the export of everything, and that of the dashboard.

A paid plan is no matter here: whether mail goes out stands in `email_disabled`.
"""

from __future__ import annotations

from pipeline.subscribers.dialects.dialect import (
    Dialect,
    Said,
    is_yes,
    sign,
    write_flag,
    write_time,
)
from pipeline.subscribers.subscriber import State, Subscriber


def _interpret(said: Said) -> Said:
    # The dashboard's list names what a reader gets: nothing is nothing.
    stopped = is_yes(said["disabled"]) or said["receives"].casefold() == "none"
    return {**said, "status": State.UNSUBSCRIBED if stopped else ""}


def _write(subscriber: Subscriber) -> tuple[str, ...]:
    return (
        subscriber.address,
        "false",
        "",
        "",
        write_flag(not subscriber.state.gets_mail),
        write_time(subscriber.created),
        "",
    )


SUBSTACK = Dialect(
    name="substack",
    title="Substack",
    headings={
        "email": ("email",),
        "name": ("name",),
        "disabled": ("email_disabled",),
        "receives": ("receiving emails for",),
        "created": ("created_at", "subscription date"),
    },
    signs=(
        sign("email", "active_subscription"),
        sign("email", "email_disabled"),
        sign("email", "subscription type", "subscription date"),
    ),
    columns=(
        *("email", "active_subscription", "expiry", "plan", "email_disabled"),
        *("created_at", "first_payment_at"),
    ),
    interpret=_interpret,
    write=_write,
)
