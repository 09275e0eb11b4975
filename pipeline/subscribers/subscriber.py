"""A subscriber and the states one can be in. Stores nothing, sends nothing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class State(StrEnum):
    """Where a subscriber stands; only the active get mail.

    Nobody becomes active again but by their own doing: an import never makes so
    whoever has left, bounced or complained.
    """

    ACTIVE = "active"
    PENDING = "pending"
    UNSUBSCRIBED = "unsubscribed"
    BOUNCED = "bounced"
    COMPLAINED = "complained"
    BLOCKED = "blocked"

    @property
    def gets_mail(self) -> bool:
        """Whether issues go to a subscriber in this state."""
        return self is State.ACTIVE


@dataclass(frozen=True, slots=True, kw_only=True)
class Subscriber:
    """One reader by mail.

    `address` is written to, `key` tells duplicates (`address.normalise` makes both);
    `language` is empty for whoever named none; `source` says how they joined, for
    the day they ask; `newsletters` are names. `tags` are the owner's own, `confirmed`
    says when they confirmed, where that is known, and `ended` since when they get no
    mail.
    """

    id: int
    address: str
    key: str
    state: State
    language: str
    created: datetime
    source: str
    name: str = ""
    newsletters: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    confirmed: datetime | None = None
    ended: datetime | None = None

    def __post_init__(self) -> None:
        if self.created.tzinfo is None:
            raise ValueError("created must have a time zone")
