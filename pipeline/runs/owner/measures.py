"""How things stand, in numbers, taken anew each time: for /metrics, /healthz, `status`.

Cheap, however many readers and issues there are, and changes nothing.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from pipeline.base.errors import OutputError
from pipeline.config.settings import Configuration
from pipeline.outbox.batch import Place
from pipeline.outbox.spool import Spool
from pipeline.outbox.waiting import count_places, oldest_waiting
from pipeline.store.database import Database
from pipeline.store.holds import Hold, standing_holds
from pipeline.store.standing import (
    Counts,
    LastPass,
    Scan,
    Trouble,
    count_standing,
    find_last_pass,
    last_scans,
    standing_troubles,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class OutboxMeasures:
    """Batches by the place they lie in, and when the oldest was made that waits.

    `unreadable` says why nothing is known of it, and is empty otherwise.
    """

    batches: Mapping[Place, int] = field(default_factory=dict)
    oldest_waiting: datetime | None = None
    unreadable: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Measures:
    """All that can be counted: what is in the store, in the outbox, free on disks.

    `free_bytes` is by what lies on the disk: `store`, `outbox`, `output`.
    """

    counts: Counts
    scans: Mapping[str, Scan]
    last_pass: LastPass | None
    troubles: tuple[Trouble, ...]
    holds: tuple[Hold, ...]
    outbox: OutboxMeasures
    free_bytes: Mapping[str, int]


def take_measures(database: Database, configuration: Configuration) -> Measures:
    """Return how things stand. Raises StoreError."""
    with database.reading() as tx:
        counts, scans = count_standing(tx), last_scans(tx)
        last_pass, troubles = find_last_pass(tx), standing_troubles(tx)
        holds = standing_holds(tx)
    return Measures(
        counts=counts,
        scans=scans,
        last_pass=last_pass,
        troubles=tuple(troubles),
        holds=tuple(holds),
        outbox=measure_outbox(configuration),
        free_bytes=measure_disks(configuration),
    )


def measure_outbox(configuration: Configuration) -> OutboxMeasures:
    """Return what lies in the outbox."""
    spool = Spool(configuration.outbox.folder)
    try:
        return OutboxMeasures(
            batches=count_places(spool), oldest_waiting=oldest_waiting(spool)
        )
    except OutputError as error:
        return OutboxMeasures(unreadable=str(error))


def measure_disks(configuration: Configuration) -> dict[str, int]:
    """Return how many bytes are free for us, by what lies there; the least of several.

    What is not mounted, or cannot be asked, is left out.
    """
    free: dict[str, int] = {}
    for name, path in _places(configuration):
        try:
            disk = os.statvfs(_existing(path))
        except OSError:
            continue
        octets = disk.f_bavail * disk.f_frsize
        free[name] = min(octets, free.get(name, octets))
    return free


def _places(configuration: Configuration) -> Iterator[tuple[str, Path]]:
    yield "store", configuration.store.path.parent
    yield "outbox", configuration.outbox.folder
    for site in configuration.sites:
        yield "output", site.output


def _existing(path: Path) -> Path:
    """Return the folder, or where it will be made."""
    return next(folder for folder in (path, *path.parents) if folder.exists())
