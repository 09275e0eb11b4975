"""Queries about why a reader gets mail: the evidence of their consent."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from pipeline.base.clock import from_micros, to_micros
from pipeline.store.database import Transaction
from pipeline.store.statements import statements

_SQL = statements("consents")
_ONCE = timedelta(days=1)


class How(StrEnum):
    """Who said that a reader wants mail."""

    OWNER = "owner"
    IMPORT = "import"
    FORM = "form"


@dataclass(frozen=True, slots=True, kw_only=True)
class Consent:
    """What a reader agreed to: `source` is the file or form, `shown` its words."""

    newsletters: tuple[str, ...]
    how: How
    source: str
    time: datetime
    shown: str = ""


def add_consent(tx: Transaction, address_key: str, consent: Consent) -> None:
    """Keep the evidence that a reader agreed; one who is not known leaves none.

    Who agrees to the same in the same way within a day has left meanwhile: the last
    time counts, so that a link used back and forth fills nothing.
    """
    values = {
        "key": address_key,
        "newsletters": json.dumps(consent.newsletters, ensure_ascii=False),
        "how": consent.how,
        "source": consent.source,
        "shown": consent.shown,
        "created": to_micros(consent.time),
    }
    since = to_micros(consent.time - _ONCE)
    if not tx.run(_SQL["add_again"], since=since, **values):
        tx.run(_SQL["add"], **values)


def find_consents(tx: Transaction, subscriber: int) -> list[Consent]:
    """Return what a reader agreed to, the oldest first."""
    return [
        Consent(
            newsletters=tuple(json.loads(row["newsletters"])),
            how=How(row["how"]),
            source=row["source"],
            shown=row["shown"],
            time=from_micros(row["created"]),
        )
        for row in tx.all(_SQL["of_subscriber"], subscriber=subscriber)
    ]


def forget_consents(tx: Transaction, before: datetime) -> int:
    """Delete what readers who get mail no more agreed to, if they left `before`.

    Returns how many. It is evidence as long as mail goes out, and a while after.
    """
    return tx.run(_SQL["forget"], before=to_micros(before))
