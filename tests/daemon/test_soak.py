"""`pressroom run` under systemd's protocol for twenty minutes: memory and files steady.

    PRESSROOM_SOAK_MINUTES=3 pytest -m slow tests/daemon/test_soak.py -s

A post is edited or added every two seconds, readers join and ask for pages, a `once`
runs beside it, and the configuration is read again. What it holds after a fifth of the
time, when every cache has filled, is what it may hold at the end, but for a little.
"""

from __future__ import annotations

import os
import signal
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

import pytest

from tests.command import pressroom
from tests.daemon.running import Running, running, wait_until
from tests.world import World

MINUTES = float(os.environ.get("PRESSROOM_SOAK_MINUTES", "20"))
STEP_SECONDS = 2.0
WATCHDOG_SECONDS = 60
POSTS = 200

MOST_GROWTH = 0.10
"""Of memory after the warm-up: an allocator's holes, and the posts that were added."""

MOST_MORE_FILES = 4
"""A request under way, a batch being written."""


@dataclass(frozen=True)
class Held:
    """What the process holds: megabytes of memory, and open files."""

    megabytes: float
    files: int

    @classmethod
    def by(cls, pid: int) -> Held:
        status = Path(f"/proc/{pid}/status").read_text(encoding="ascii")
        kilobytes = next(
            int(line.split()[1]) for line in status.splitlines() if "VmRSS" in line
        )
        return cls(kilobytes / 1024, len(os.listdir(f"/proc/{pid}/fd")))


def live(world: World, daemon: Running) -> Iterator[None]:
    """Do what a day brings, a step at a time, for ever."""
    step = 0
    while True:
        step += 1
        world.post(f"post-{step % POSTS}", f"Words of step {step}, $x_{step}$.")
        with suppress(URLError):
            urlopen(f"{daemon.url}rss.xml", timeout=10).read()
        if step % 10 == 0:
            world.join(f"reader-{step}@example.org")
            world.take_all()
        if step % 30 == 0:
            pressroom("once", cwd=world.folder)
        if step % 45 == 0:
            daemon.process.send_signal(signal.SIGHUP)
        yield


def drain(daemon: Running) -> int:
    """Return how many signs of life have come."""
    daemon.listener.setblocking(False)
    fed = 0
    with suppress(BlockingIOError):
        while True:
            fed += b"WATCHDOG=1" in daemon.listener.recv(4_096)
    return fed


@pytest.mark.slow
def test_it_holds_no_more_at_the_end_than_after_the_warm_up(tmp_path: Path) -> None:
    world = World(tmp_path)
    for n in range(POSTS):
        world.post(f"post-{n}")
    watchdog = {"WATCHDOG_USEC": str(WATCHDOG_SECONDS * 1_000_000)}
    with running(world.folder, "--port", "0", **watchdog) as daemon:
        wait_until((world.folder / "public" / "rss.xml").exists, "the feed")
        held = list(measured(world, daemon))
        warm, last = held[len(held) // 5 :], held[-1]
        assert daemon.stop() == 0
    peak = max(one.megabytes for one in warm[: len(warm) // 4])
    assert last.megabytes <= peak * (1 + MOST_GROWTH)
    assert last.files <= max(one.files for one in warm[:5]) + MOST_MORE_FILES
    errors = [
        line
        for line in daemon.told().splitlines()
        if " error " in line or "job_failed" in line
    ]
    assert errors == []


def measured(world: World, daemon: Running) -> Iterator[Held]:
    """Live for so many minutes; yield what is held after each step, and print some."""
    begun = fed_at = printed_at = time.monotonic()
    for n, _ in enumerate(live(world, daemon)):
        now = time.monotonic()
        if drain(daemon):
            fed_at = now
        assert now - fed_at < WATCHDOG_SECONDS, "systemd would have killed it"
        held = Held.by(daemon.process.pid)
        yield held
        if now - printed_at > 30 or n == 0:
            printed_at = now
            sys.stdout.write(
                f"{(now - begun) / 60:5.1f} min  {held.megabytes:6.1f} MB  "
                f"{held.files:3} files\n"
            )
        if now - begun > MINUTES * 60:
            return
        time.sleep(STEP_SECONDS)
