"""The power goes at any write of a run, on a real file system whose disk keeps a log.

After the reboot a relay takes whatever is public, and `pressroom once` runs again.
"""

from __future__ import annotations

import random
import signal
import sqlite3
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from queue import SimpleQueue

import pytest

from pipeline.outbox.spool import Spool
from tests.faults.bench import Bench
from tests.faults.points import WHOLE, chosen
from tests.faults.powercut import Cut, Log, Recorder, mounted
from tests.faults.site import (
    EVERY_POST_ONCE,
    NOTHING,
    Sent,
    lying,
    quick_relay,
    read,
    run_again,
)
from tests.faults.tally import Tally
from tests.faults.trials import Fate, Trials

SEED = 5
IN_MEMORY = Path("/dev/shm")
FEWEST_CUTS = 80
FEW = 12
COMMITS = 600
"""So many grow the store's log to 2 MB, more than a run fills again."""


@pytest.fixture
def scratch() -> Iterator[Path]:
    """Give a folder in memory: a disk of memory flushes at once."""
    place = IN_MEMORY if IN_MEMORY.is_dir() else None
    with tempfile.TemporaryDirectory(dir=place) as folder:
        yield Path(folder)


@pytest.fixture
def trials(servers: SimpleQueue[Trials]) -> Iterator[Trials]:
    one = servers.get()
    yield one
    servers.put(one)


@contextmanager
def log_in_place(store: Path) -> Iterator[None]:
    """Keep the store's write-ahead log, as whoever has it open does (`serve`, `run`).

    Then commits overwrite it in place, and no longer carry to the disk whatever else
    the file system has not yet written.
    """
    with closing(sqlite3.connect(store, isolation_level=None)) as other:
        other.execute("PRAGMA wal_autocheckpoint = 0")
        for n in range(COMMITS):
            other.execute(
                "UPDATE subscribers SET created = created + ?", [1 - n % 2 * 2]
            )
        other.execute("PRAGMA wal_checkpoint(PASSIVE)")
        yield


def record(trials: Trials, disk: Recorder, fate: Fate) -> Log:
    with disk, log_in_place(disk.files / "site" / "var" / "pressroom.db"):
        disk.begin()
        ended = trials.run(disk.files / "site", fate)
        assert ended.status == 0, ended.output
        return disk.log()


def after_reboot(cut: Cut, folder: Path) -> Sent:
    """Be the relay: send what is public, and what was claimed and not yet sent."""
    known = {mark["batch"] for mark in cut.marks}
    sent: Sent = Counter()
    for mark in cut.marks:
        sent.update((reader, post) for reader, post in mark["sent"])
    claimed = sorted(folder.glob("outbox/cur/*/*.eml"))
    sent += read(path for path in claimed if path.parent.name not in known)
    return sent + quick_relay(folder)


def cuts_of(log: Log, tally: Tally) -> list[Cut]:
    cuts = list(log.cuts(random.Random(SEED)))
    assert len(cuts) > FEWEST_CUTS
    tally.among(len(cuts))
    return cuts


def try_cuts(
    disk: Recorder, cuts: Sequence[Cut], tally: Tally, outcome: Callable[[Cut], Sent]
) -> None:
    """Have the power go at each of the cuts, and count what comes of it."""
    image = disk.files.with_name("cut")
    for cut in cuts:
        image.write_bytes(cut.disk())
        try:
            with mounted(image, disk.files):
                tally.count(outcome(cut))
        except AssertionError as error:
            error.add_note(f"power cut at entry {cut.entry} of the log")
            raise


def test_a_power_cut_at_any_write_loses_and_doubles_nothing(
    site: Path, bench: Bench, trials: Trials, tally: Tally, scratch: Path
) -> None:
    disk = Recorder(scratch, site)
    log = record(trials, disk, Fate())

    def outcome(cut: Cut) -> Sent:
        folder = disk.files / "site"
        sent = run_again(trials, folder, bench.feeds, lambda at: after_reboot(cut, at))
        assert sent == EVERY_POST_ONCE
        return sent

    try_cuts(disk, chosen(cuts_of(log, tally), FEW), tally, outcome)


def test_a_power_cut_while_a_relay_sends_loses_and_doubles_nothing(
    site: Path, bench: Bench, trials: Trials, tally: Tally, scratch: Path
) -> None:
    """The relay claims a batch the moment it shows, before its name is on the disk."""
    disk = Recorder(scratch, site)
    shown = bench.find_call("rename", r"/new/\..+-0001\.") + 1
    with disk:
        folder = disk.files / "site"
        disk.begin()
        stop = Fate(call=shown, signal=signal.SIGSTOP)
        assert trials.run(folder, stop).status is None
        (batch,) = Spool(folder / "outbox").unclaimed()
        claimed = Spool(folder / "outbox").claim(batch)
        assert claimed
        sent = list(read(sorted(claimed.glob("*.eml"))))
        disk.mark({"batch": batch, "sent": sent})
        assert trials.resume().status == 0
        log = disk.log()

    def outcome(cut: Cut) -> Sent:
        folder = disk.files / "site"
        sent = run_again(trials, folder, bench.feeds, lambda at: after_reboot(cut, at))
        assert sent == EVERY_POST_ONCE
        return sent

    try_cuts(disk, chosen(cuts_of(log, tally), FEW), tally, outcome)


@pytest.mark.parametrize(
    "twist",
    [
        "publish-first",
        "mark-first",
        "unsynced-files",
        "unsynced-folders",
        "synchronous-normal",
    ],
)
def test_the_control_fails_when_the_power_goes(
    site: Path, trials: Trials, tally: Tally, scratch: Path, twist: str
) -> None:
    """Some only in a moment of a few writes: they are tried until one fails."""
    disk = Recorder(scratch, site)
    log = record(trials, disk, Fate(twists=[twist]))

    def outcome(cut: Cut) -> Sent:
        folder = disk.files / "site"
        sent = salvage(lambda: after_reboot(cut, folder))
        trials.run(folder)
        return sent + salvage(lambda: lying(folder))

    cuts = cuts_of(log, tally)
    for cut in cuts if WHOLE else random.Random(SEED).sample(cuts, len(cuts)):
        try_cuts(disk, [cut], tally, outcome)
        if not WHOLE and (tally.lost or tally.double):
            break
    assert tally.lost or tally.double


def salvage(sending: Callable[[], Sent]) -> Sent:
    """Return what is sent, and nothing when a message is torn."""
    try:
        return sending()
    except (AssertionError, IndexError):
        return NOTHING
