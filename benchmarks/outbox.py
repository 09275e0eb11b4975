"""How fast the outbox takes messages, beside an fsync after every file, in one run.

    python benchmarks/outbox.py [FOLDER]

FOLDER is where to write, on the disk to be measured. Messages have 20 kB, and go in
batches of 500. The two take turns, and the best round of each counts: other programs'
writes only ever slow one down.
"""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from time import perf_counter

from pipeline.outbox.batch import About, Envelope, batch_name
from pipeline.outbox.spool import Spool

MESSAGES = 1000
ROUNDS = 5
A_BATCH = 500
LINES = 270
MESSAGE = b"Subject: One\r\n\r\n" + (b"x" * 74 + b"\r\n") * LINES
ABOUT = About(
    newsletter="weekly", issue=1, variant=1, created=datetime(2026, 1, 5, tzinfo=UTC)
)


def envelopes() -> Iterator[Envelope]:
    """Yield a batch of messages."""
    for member in range(A_BATCH):
        yield Envelope(
            member=member,
            sender=f"bounce+{member}@news.example",
            recipient=f"reader{member}@mail.example",
            message=MESSAGE,
        )


def write_through_outbox(folder: Path) -> None:
    """Stage and publish every batch."""
    spool = Spool(folder)
    for n in range(MESSAGES // A_BATCH):
        name = batch_name("weekly", 1, 1, n)
        spool.stage(name, "a1", envelopes(), ABOUT)
        spool.publish(name, "a1")


def write_each_durably(folder: Path) -> None:
    """Write the same messages plainly, each on the disk before the next."""
    for n in range(MESSAGES):
        with (folder / f"{n:08}.eml").open("xb") as file:
            file.write(MESSAGE)
            file.flush()
            os.fsync(file.fileno())


def rate(write: Callable[[Path], None], folder: str | None) -> float:
    """Return messages a second, in a fresh folder, with nothing left to write back."""
    with tempfile.TemporaryDirectory(dir=folder) as place:
        os.sync()
        start = perf_counter()
        write(Path(place))
        return MESSAGES / (perf_counter() - start)


def main() -> None:
    """Measure both, and print the rates and their ratio."""
    folder = sys.argv[1] if len(sys.argv) > 1 else None
    plain = outbox = 0.0
    for _ in range(ROUNDS):
        plain = max(plain, rate(write_each_durably, folder))
        outbox = max(outbox, rate(write_through_outbox, folder))
    print(f"fsync a file  {plain:7.0f} messages/s")
    print(f"outbox        {outbox:7.0f} messages/s")
    print(f"ratio         {outbox / plain:7.2f}")


if __name__ == "__main__":
    main()
