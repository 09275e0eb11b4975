"""Queries about editions: the issues of a newsletter as anybody may read them."""

from __future__ import annotations

import hashlib
import zlib
from dataclasses import dataclass

from pydantic import TypeAdapter

from pipeline.digest.archive import Summary, summary_of
from pipeline.digest.edition import Edition
from pipeline.store.database import Transaction
from pipeline.store.statements import statements

_SQL = statements("archive")
_EDITION = TypeAdapter(Edition)
_SUMMARY = TypeAdapter(Summary)


@dataclass(frozen=True, slots=True)
class KeptEdition:
    """An edition without its posts; `digest` tells whether it says the same."""

    issue_id: int
    digest: str
    summary: Summary


def put_edition(tx: Transaction, issue_id: int, edition: Edition) -> None:
    """Keep what anybody may read of an issue, as it is frozen.

    One that was stopped with nobody to send it to is frozen again when it goes on.
    """
    data = _EDITION.dump_json(edition)
    tx.run(
        _SQL["put"],
        issue=issue_id,
        digest=hashlib.sha256(data).hexdigest(),
        summary=_SUMMARY.dump_json(summary_of(edition)).decode(),
        edition=zlib.compress(data),
    )
    for digest in edition.formulas:
        tx.run(_SQL["keep_image"], issue=issue_id, digest=digest)


def listed_editions(tx: Transaction, newsletter: str) -> list[KeptEdition]:
    """Return the editions that a newsletter's archive shows, the oldest first."""
    return [
        KeptEdition(row["issue"], row["digest"], _SUMMARY.validate_json(row["summary"]))
        for row in tx.all(_SQL["listed"], newsletter=newsletter)
    ]


def find_edition(tx: Transaction, issue_id: int) -> Edition | None:
    """Return an issue's edition, or None where it has none."""
    row = tx.one(_SQL["find"], issue=issue_id)
    if row is None:
        return None
    return _EDITION.validate_json(zlib.decompress(row["edition"]))


def list_edition(tx: Transaction, issue_id: int, *, listed: bool) -> bool:
    """Show an issue in the archive, or no longer; False where it has no edition."""
    return bool(tx.run(_SQL["list"], issue=issue_id, listed=int(listed)))


def edition_images(tx: Transaction, newsletter: str) -> list[str]:
    """Return the digests of the formulas that a newsletter's archive shows."""
    return [row["digest"] for row in tx.all(_SQL["images"], newsletter=newsletter)]
