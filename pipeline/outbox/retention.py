"""Removes finished batches when they are old: first their messages, then the rest.

Only what lies in sent/ and failed/, where no relay is at work. Its age is that of the
newest file: a relay's journal ends when the batch does.
"""

from __future__ import annotations

import shutil
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from pipeline.base.files import rename_durably, telling
from pipeline.outbox.batch import Place
from pipeline.outbox.listing import LISTING
from pipeline.outbox.spool import Spool
from pipeline.outbox.stage import ABOUT

_SWEPT = ".swept"
_OF_MESSAGES = (".eml", ".withdrawn")


@dataclass(frozen=True, slots=True)
class Swept:
    """How many batches lost their messages, and how many are gone whole."""

    emptied: int
    removed: int


def sweep_finished(
    spool: Spool, now: datetime, messages: timedelta, rest: timedelta
) -> Swept:
    """Remove the messages of batches finished longer than `messages` before `now`.

    Whole batches go after `rest`, never before their messages. What was not written by
    Pressroom is left alone. Raises OutputError when the disk refuses.
    """
    emptied = removed = 0
    for place in (Place.SENT, Place.FAILED):
        _clear(spool.folder / place)
        for folder in spool.folders(place):
            finished = _finished(folder)
            if finished is None:
                continue
            if now - finished > max(messages, rest):
                removed += _remove(folder)
            elif now - finished > messages:
                emptied += _empty(folder)
    return Swept(emptied, removed)


def _finished(folder: Path) -> datetime | None:
    """Return when the batch was last written to; None for what is none of ours."""
    with telling(folder), suppress(FileNotFoundError, NotADirectoryError):
        times = {path.name: path.stat().st_mtime for path in folder.iterdir()}
        if ABOUT in times and LISTING in times:
            return datetime.fromtimestamp(max(times.values()), UTC)
    return None


def _empty(folder: Path) -> bool:
    with telling(folder), suppress(FileNotFoundError):
        messages = [path for path in folder.iterdir() if path.suffix in _OF_MESSAGES]
        for path in messages:
            path.unlink()
        return bool(messages)
    return False


def _remove(folder: Path) -> bool:
    """Remove a batch: one rename comes first, so that nobody finds half of it."""
    doomed = folder.with_name(f".{folder.name}{_SWEPT}")
    try:
        rename_durably(folder, doomed)
    except FileNotFoundError:
        return False
    _remove_tree(doomed)
    return True


def _clear(place: Path) -> None:
    """Remove what a sweep that was cut short has left."""
    with telling(place), suppress(FileNotFoundError):
        for doomed in place.glob(f".*{_SWEPT}"):
            _remove_tree(doomed)


def _remove_tree(folder: Path) -> None:
    with telling(folder), suppress(FileNotFoundError):
        shutil.rmtree(folder)
