"""Queries about sites: since when each is read, and under which name."""

from __future__ import annotations

from datetime import datetime

from pipeline.base.clock import from_micros, to_micros
from pipeline.store.database import Transaction
from pipeline.store.statements import statements

_SQL = statements("sites")
_POSTS = statements("posts")


def begin_site(tx: Transaction, name: str, time: datetime) -> datetime:
    """Return when the site was first read: `time`, where it never was."""
    tx.run(_SQL["add"], name=name, started=to_micros(time))
    row = tx.one(_SQL["find"], name=name)
    return from_micros(row["started"]) if row else time


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
