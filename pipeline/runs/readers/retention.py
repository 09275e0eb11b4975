"""What a run does for privacy: erasures are finished, what is old is removed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from pipeline.config.settings import Configuration
from pipeline.outbox.ledger import Ledger
from pipeline.outbox.retention import sweep_finished
from pipeline.outbox.spool import Spool
from pipeline.runs.outgoing.folding import fold_if_long
from pipeline.runs.readers.erasing import Erased, finish_erasures
from pipeline.store.consents import forget_consents
from pipeline.store.database import Database
from pipeline.store.moves import forget_moves


def sweep(
    database: Database, configuration: Configuration, now: datetime
) -> Iterator[str]:
    """Remove what is older than `retention` says; yield sentences for the report.

    Raises OutputError when the disk refuses; the next run goes on.
    """
    settings = configuration.retention
    spool = Spool(configuration.outbox.folder)
    swept = sweep_finished(
        spool,
        now,
        timedelta(days=settings.sent_days),
        timedelta(days=settings.journal_days),
    )
    if swept.emptied:
        batches = "1 batch" if swept.emptied == 1 else f"{swept.emptied:,} batches"
        yield (
            f"removed the messages of {batches} sent more than "
            f"{settings.sent_days:,} days ago (retention.sent_days)"
        )
    with database.transaction() as tx:
        fold_if_long(tx, Ledger(spool.folder), now)
        before = now - timedelta(days=settings.consent_days)
        forget_consents(tx, before)
        forget_moves(tx, before)


def finish_readers(database: Database, configuration: Configuration) -> Iterator[str]:
    """Go on with erasures under way; yield sentences for the report.

    Raises OutputError and StoreError; the next run goes on.
    """
    erased = finish_erasures(database, Spool(configuration.outbox.folder))
    if erased.done:
        readers = "1 reader" if erased.done == 1 else f"{erased.done:,} readers"
        yield f"{readers} erased: nothing of them is left in the store and the outbox"
    yield from told_waits(erased)


def told_waits(erased: Erased) -> Iterator[str]:
    """Yield what an erasure waits for."""
    if erased.claimed:
        yield (
            f"a relay holds {', '.join(erased.claimed)}, in which a message for a "
            "reader to be erased lies: the run after it is finished removes it"
        )
    if erased.busy:
        yield "a run is under way: its end removes the rest"
    elif not erased.scrubbed:
        yield (
            "another program reads the store just now, so that traces may be left in "
            "its file: the next run removes them"
        )
