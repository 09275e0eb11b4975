"""Queries about sites: since when each is read, and under which name."""

from __future__ import annotations

from datetime import datetime, timedelta

from pipeline.base.clock import from_micros, to_micros
from pipeline.store.database import Transaction
from pipeline.store.statements import statements

_SQL = statements("sites")
_POSTS = statements("posts")

LOOK_TICK = timedelta(minutes=1)
"""A look is noted so often: a daemon looks each second, and a note is a write."""


def begin_site(tx: Transaction, name: str, time: datetime) -> datetime:
    """Return when the site was first read: `time`, where it never was."""
    tx.run(_SQL["add"], name=name, started=to_micros(time))
    row = tx.one(_SQL["find"], name=name)
    return from_micros(row["started"]) if row else time


def begun_at(tx: Transaction, name: str) -> datetime | None:
    """Return when the site was first read; None where it never was."""
    row = tx.one(_SQL["find"], name=name)
    return from_micros(row["started"]) if row else None


def looked_at(tx: Transaction, name: str) -> datetime | None:
    """Return when the site was last looked at, to LOOK_TICK; None for never."""
    row = tx.one(_SQL["looked"], name=name)
    return None if row is None or row["looked"] is None else from_micros(row["looked"])


def look_at(tx: Transaction, name: str, time: datetime) -> None:
    """Note that the site is looked at; not more often than each LOOK_TICK."""
    tick = LOOK_TICK // timedelta(microseconds=1)
    tx.run(_SQL["look"], name=name, time=to_micros(time), tick=tick)


def gone_upto(tx: Transaction, name: str) -> datetime:
    """Return the time up to which it is known whether too many posts vanished."""
    row = tx.one(_SQL["looked"], name=name)
    return from_micros(row["gone_upto"] if row else 0)


def settle_gone(tx: Transaction, name: str, time: datetime) -> None:
    """Note that what vanished up to `time` was not too much, or is to be so."""
    tx.run(_SQL["settle_gone"], name=name, time=to_micros(time))


def site_names(tx: Transaction) -> list[str]:
    """Return the names of all sites that were ever read."""
    return [row["name"] for row in tx.all(_SQL["all"])]


def holds_posts_below(tx: Transaction, name: str, url: str) -> bool:
    """Tell whether the site has, or had, a post whose address begins with `url`."""
    row = tx.one(_POSTS["count_below"], site=name, url=url)
    return row is not None and row["n"] > 0


def rename_site(tx: Transaction, name: str, to: str) -> None:
    """Give a site another name; its posts keep their ids."""
    tx.run(_SQL["rename"], name=name, to=to)
    tx.run(_POSTS["rename_site"], site=name, to=to)
