"""Tells the site's owner of an event, once: a letter that waits in the store.

To tell of something new, write `templates/owner/KIND.txt` (its form is in
digest/ownerletter.py), its Chinese in pipeline/locale/, and call

    tell_owner(tx, Event(key="KIND and what it befell", kind="KIND", values={}), now)

in the transaction that notes the event: a run that is killed tells it or has not seen
it, and the same key is never told twice. Nothing else is needed: every run sends what
waits (runs/owner/ownermail.py). Without `owner.address` nothing is sent, and what was
told counts as told; `status` and the run's words do not depend on mail.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from pipeline.base.text import fold_line
from pipeline.store.database import Transaction
from pipeline.store.ownerletters import Enclosed, KeptLetter, add_owner_letter


@dataclass(frozen=True, slots=True)
class Ends:
    """When something ends: so many seconds after its letter is made, in a zone."""

    seconds: float
    zone: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """Something the owner is told, once for each `key`.

    `kind` names the template, `values` is what that sees: JSON, whose strings become
    one line each. `enclosed` is an issue to show below the words; `recipient` gets the
    letter in the owner's place. What `ends` is told by `day` and `time`. One that
    `asks` about a hold, by its id, is not sent once that has ended.
    """

    key: str
    kind: str
    values: Mapping[str, Any]
    enclosed: Enclosed | None = None
    recipient: str = ""
    ends: Ends | None = None
    asks: int | None = None


def tell_owner(tx: Transaction, event: Event, now: datetime) -> bool:
    """Leave a letter to the owner in the store; False where it was told before."""
    more: dict[str, Any] = {"ends": asdict(event.ends)} if event.ends else {}
    if event.asks is not None:
        more["asks"] = event.asks
    return add_owner_letter(
        tx,
        KeptLetter(
            id=0,
            key=event.key,
            kind=event.kind,
            recipient=event.recipient,
            words=_folded({**event.values, **more}),
            enclosed=event.enclosed,
            created=now,
        ),
    )


def _folded(value: Any) -> Any:
    """Return JSON with every string as one line, so that none begins a block."""
    if isinstance(value, str):
        return fold_line(value)
    if isinstance(value, Mapping):
        return {name: _folded(item) for name, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_folded(item) for item in value]
    return value
