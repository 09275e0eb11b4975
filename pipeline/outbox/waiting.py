"""How much lies where in the outbox, and since when a batch waits for a relay."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

from pipeline.base.errors import OutputError
from pipeline.base.files import telling
from pipeline.outbox.batch import Place
from pipeline.outbox.spool import Spool
from pipeline.outbox.stage import ABOUT

_PLACES = (Place.NEW, Place.CUR, Place.SENT, Place.FAILED)


def count_places(spool: Spool) -> Mapping[Place, int]:
    """Return how many batches lie in each public place. Raises OutputError."""
    return {place: len(spool.folders(place)) for place in _PLACES}


def oldest_waiting(spool: Spool) -> datetime | None:
    """Return when the oldest batch was made that no relay has claimed, if any waits.

    Raises OutputError when the disk refuses, or a batch is not as we wrote it.
    """
    times = (_created(folder) for folder in spool.folders(Place.NEW))
    return min((time for time in times if time), default=None)


def _created(folder: Path) -> datetime | None:
    """Return when a batch was made; None when a relay has claimed it just now."""
    path = folder / ABOUT
    try:
        with telling(folder, but=FileNotFoundError):
            about = json.loads(path.read_bytes())
        return datetime.strptime(about["created"], "%Y-%m-%dT%H:%M:%SZ").replace(
            tzinfo=UTC
        )
    except FileNotFoundError:
        return None
    except (KeyError, TypeError, ValueError) as error:
        raise OutputError(
            f"{path} is not as Pressroom wrote it ({error}): put back what it was, or "
            "remove the batch"
        ) from error
