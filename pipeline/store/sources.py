"""Queries about source files: how each looked when it was last read."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass

from pydantic import TypeAdapter

from pipeline.base.faults import Fault
from pipeline.content.scan import StatKey
from pipeline.store.database import Transaction
from pipeline.store.statements import statements

_SQL = statements("sources")
_FAULTS = TypeAdapter(tuple[Fault, ...])


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A file as it was read: its stat key, when, under which settings, and what came.

    `scanned_ns` is the wall time of the scan, in nanoseconds since 1970. `reading`
    names everything but the file that decides what is read from it. `post` is the id
    of the post it gave, None where it gave none.
    """

    path: str
    stat: StatKey
    scanned_ns: int
    reading: str
    post: str | None
    faults: tuple[Fault, ...] = ()


def read_sources(tx: Transaction, site: str) -> dict[str, Source]:
    """Return every file of the site as it was last read, by path."""
    return {
        row["path"]: Source(
            path=row["path"],
            stat=StatKey(
                size=row["size"],
                mtime_ns=row["mtime_ns"],
                ctime_ns=row["ctime_ns"],
                inode=row["inode"],
            ),
            scanned_ns=row["scanned_ns"],
            reading=row["reading"],
            post=row["post"],
            faults=load_faults(row["faults"]),
        )
        for row in tx.all(_SQL["all"], site=site)
    }


def put_sources(tx: Transaction, site: str, sources: Iterable[Source]) -> None:
    """Keep how files looked as they were read."""
    tx.run_many(
        _SQL["put"],
        (
            {
                "site": site,
                "path": source.path,
                **asdict(source.stat),
                "scanned_ns": source.scanned_ns,
                "reading": source.reading,
                "post": source.post,
                "faults": dump_faults(source.faults),
            }
            for source in sources
        ),
    )


def forget_source(tx: Transaction, site: str, path: str) -> None:
    """Forget a file that is gone."""
    tx.run(_SQL["forget"], site=site, path=path)


def dump_faults(faults: tuple[Fault, ...]) -> str:
    """Return faults as JSON."""
    return _FAULTS.dump_json(faults).decode()


def load_faults(text: str) -> tuple[Fault, ...]:
    """Return the faults that `dump_faults` wrote."""
    return () if text == "[]" else _FAULTS.validate_json(text)
