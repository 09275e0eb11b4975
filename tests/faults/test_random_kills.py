"""Kill -9 at any time, of processes as cron and systemd start them, or of two."""

from __future__ import annotations

import random
import shutil
import signal
import subprocess
import time
from collections import Counter
from pathlib import Path

from tests.command import PATIENCE_SECONDS, PRESSROOM, environment
from tests.faults.bench import Bench
from tests.faults.points import chosen
from tests.faults.site import (
    Sent,
    assert_all_comes_right,
    assert_nothing_is_left_to_do,
    quick_relay,
)
from tests.faults.tally import Tally

KILLS = 200
SEED = 4
ONCE, DAEMON = ("once",), ("run", "--no-serve")
COMPANIES = ((ONCE,), (DAEMON,), (ONCE, ONCE), (DAEMON, ONCE), (DAEMON, DAEMON))
"""Who runs at the same time."""

Process = subprocess.Popen[bytes]


def start(folder: Path, words: tuple[str, ...]) -> Process:
    return subprocess.Popen(
        [*PRESSROOM, *words],
        cwd=folder,
        env=environment(),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


def seconds_of_a_run(site: Path, scratch: Path) -> float:
    folder = shutil.copytree(site, scratch / "timed")
    begun = time.monotonic()
    assert start(folder, ONCE).wait(PATIENCE_SECONDS) == 0
    return time.monotonic() - begun


def kill_at_random(folder: Path, chance: random.Random, longest: float) -> Sent:
    """Start some, kill them one after the other, and let a relay work in between."""
    running = [start(folder, words) for words in chance.choice(COMPANIES)]
    sent: Sent = Counter()
    for process in running:
        time.sleep(chance.uniform(0.2, 1) * longest / len(running))
        process.send_signal(signal.SIGKILL)
        process.wait(PATIENCE_SECONDS)
        if chance.random() < 1 / 3:
            sent += quick_relay(folder)
    return sent


def test_kills_at_random_lose_and_double_nothing(
    site: Path, bench: Bench, tally: Tally, tmp_path: Path
) -> None:
    """Each third site is killed again before anybody mends it."""
    chance = random.Random(SEED)
    longest = seconds_of_a_run(site, tmp_path) * 1.3
    tally.among(KILLS)
    for _ in chosen(range(KILLS), few=6):
        with bench.copied("killed") as (trials, folder):
            sent = kill_at_random(folder, chance, longest)
            if chance.random() < 1 / 3:
                sent += kill_at_random(folder, chance, longest)
            tally.count(assert_all_comes_right(trials, folder, bench.feeds, sent=sent))
            assert_nothing_is_left_to_do(trials, folder)


def test_the_processes_that_are_killed_are_real(site: Path, tmp_path: Path) -> None:
    """Left alone they do their work, and a daemon goes on until it is told to end."""
    folder = shutil.copytree(site, tmp_path / "site")
    daemon = start(folder, DAEMON)
    deadline = time.monotonic() + PATIENCE_SECONDS
    while len(list(folder.glob("outbox/new/[!.]*"))) < 2:
        assert time.monotonic() < deadline
        assert daemon.poll() is None
        time.sleep(0.05)
    assert start(folder, DAEMON).wait(PATIENCE_SECONDS) == 75
    daemon.send_signal(signal.SIGTERM)
    assert daemon.wait(PATIENCE_SECONDS) == 0
