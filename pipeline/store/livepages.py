"""Queries about pages of posts that the site was asked for."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from pipeline.base.clock import from_micros, to_micros
from pipeline.store.database import Row, Transaction
from pipeline.store.statements import statements

_SQL = statements("livepages")


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedPage:
    """A post's page: since when it is asked for, how often it was, and the answer.

    `next` is when it is asked for again; `live` when it was there, which is remembered
    for as long as the post has that `url`.
    """

    post_id: str
    url: str
    begun: datetime
    tries: int
    next: datetime
    answer: str = ""
    live: datetime | None = None


def find_pages(tx: Transaction, post_ids: Iterable[str]) -> dict[str, AskedPage]:
    """Return the pages of these posts that were ever asked for, by post."""
    rows = tx.all(_SQL["find"], posts=json.dumps(list(post_ids)))
    return {row["post"]: _page(row) for row in rows}


def put_page(tx: Transaction, page: AskedPage) -> None:
    """Keep what was answered."""
    tx.run(
        _SQL["put"],
        post=page.post_id,
        url=page.url,
        begun=to_micros(page.begun),
        tries=page.tries,
        next=to_micros(page.next),
        answer=page.answer,
        live=None if page.live is None else to_micros(page.live),
    )


def _page(row: Row) -> AskedPage:
    live = row["live"]
    return AskedPage(
        post_id=row["post"],
        url=row["url"],
        begun=from_micros(row["begun"]),
        tries=row["tries"],
        next=from_micros(row["next"]),
        answer=row["answer"],
        live=None if live is None else from_micros(live),
    )
