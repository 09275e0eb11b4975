"""What an owner should know before mail is made: a changed key, forgotten issues."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from pipeline.config.settings import Configuration
from pipeline.runs.outgoing.keys import key_path, load_keys, read_keys
from pipeline.store.batches import open_batches
from pipeline.store.database import Database
from pipeline.store.issues import unfinished_issues
from pipeline.store.ties import change_key_digest


def find_notices(database: Database, configuration: Configuration) -> list[str]:
    """Return sentences for the run's report.

    Raises StoreError when the key cannot be read.
    """
    notices = list(_forgotten_issues(database, configuration))
    if configuration.newsletters:
        notices += _changed_key(database, configuration.store.path)
    return notices


def _changed_key(database: Database, store: Path) -> Iterator[str]:
    """Yield a sentence, once, when a key of the last run is not there any more.

    A new one before the others, as rotation puts it, takes nothing away.
    """
    path = key_path(store)
    was_there = path.exists()
    read_keys(store)
    digests = [key.digest for key in load_keys(store)]
    with database.transaction() as tx:
        before = change_key_digest(tx, " ".join(digests))
    if set(before.split()) <= set(digests):
        return
    happened = (
        "is not the one of the last run"
        if was_there
        else "was missing, and a new one was made"
    )
    yield (
        f"the key {path} {happened}: the links to leave in mail that is out already "
        "work no more. Unless you have put this key there yourself, put the one of "
        "your backup in its place, before more mail goes out"
    )


def _forgotten_issues(
    database: Database, configuration: Configuration
) -> Iterator[str]:
    """Yield a sentence for each issue under way whose newsletter is set no more."""
    names = {newsletter.name for newsletter in configuration.newsletters}
    with database.transaction() as tx:
        issues = [
            (issue, len(open_batches(tx, issue.id)))
            for issue in unfinished_issues(tx)
            if issue.newsletter not in names
        ]
    for issue, waiting in issues:
        batches = "1 batch waits" if waiting == 1 else f"{waiting:,} batches wait"
        yield (
            f"{issue.label} is under way ({batches}), but "
            f"config.yaml has no newsletter '{issue.newsletter}' any more: put it back "
            f"to send the rest, or run `pressroom issue stop {issue.id}` to leave it "
            "unsent"
        )
