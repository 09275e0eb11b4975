"""Takes away the feeds that nothing asks for any more.

A tag whose last post is gone, a format that left config.yaml: their files would show
for ever what the owner took back. A file that somebody has changed since is not ours
any more and stays, and so does all that lies outside of today's output folders: a
trial's store remembers the live site's feeds.
"""

from __future__ import annotations

from collections.abc import Collection
from contextlib import suppress
from pathlib import Path

from pipeline.base.files import telling
from pipeline.runs.sites.publish import look_at
from pipeline.store.database import Database
from pipeline.store.documents import all_documents, forget_document


def clear_feeds(
    database: Database, asked_for: Collection[Path], outputs: Collection[Path]
) -> tuple[Path, ...]:
    """Remove our files in `outputs` not `asked_for`, and folders this leaves empty.

    Returns the files removed. Raises OutputError when the disk refuses; what was not
    removed is tried again next time.
    """
    with database.transaction() as tx:
        known = {Path(path): found for path, found in all_documents(tx).items()}
    removed = []
    for path in sorted(known.keys() - set(asked_for)):
        if not any(map(path.is_relative_to, outputs)):
            continue
        document = known[path]
        if look_at(path, document.inputs) == document:
            with telling(path):
                path.unlink()
            _remove_empty_folders(path.parent, outputs)
            removed.append(path)
        with database.transaction() as tx:
            forget_document(tx, str(path))
    return tuple(removed)


def _remove_empty_folders(folder: Path, outputs: Collection[Path]) -> None:
    """Remove `folder` and those above it, as far as they lie within an output."""
    while folder not in outputs and any(map(folder.is_relative_to, outputs)):
        with suppress(OSError):
            folder.rmdir()
        folder = folder.parent
