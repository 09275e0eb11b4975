"""From saving a file to the feed on disk, and what a daemon costs that sleeps.

    python -m benchmarks.wake [POSTS ...]

A daemon runs on sites of 100, 1,000, 10,000 and 50,000 small posts. A new post is saved
and one is edited, several times each: the seconds until the feed has them, and what
part of a whole `pressroom once` of the same site in processor time a pass takes.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from benchmarks.run import CONFIG, measure

SIZES = (100, 1_000, 10_000, 50_000)
ROUNDS = 5
ASLEEP_SECONDS = 20.0
PATIENCE_SECONDS = 900.0
TICKS_A_SECOND = os.sysconf("SC_CLK_TCK")
A_FOLDER = 1_000

SMALL_SITE = CONFIG.replace("feeds:\n  tags: all\n", "")


@dataclass(frozen=True, slots=True)
class Daemon:
    """A daemon of the site in `folder`."""

    folder: Path
    pid: int

    def cpu_seconds(self) -> float:
        """Return the processor time it has taken."""
        fields = Path(f"/proc/{self.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / TICKS_A_SECOND

    def mebibytes(self) -> float:
        """Return the memory it holds."""
        pages = int(Path(f"/proc/{self.pid}/statm").read_text().split()[1])
        return pages * os.sysconf("SC_PAGE_SIZE") / 2**20

    def wait_for(self, words: str) -> None:
        """Return once the feed says so."""
        feed, begun = self.folder / "public" / "rss.xml", time.perf_counter()
        while not feed.exists() or words not in feed.read_text(encoding="utf-8"):
            if time.perf_counter() - begun > PATIENCE_SECONDS:
                raise TimeoutError(f"no feed says '{words}'")
            time.sleep(0.01)


def write_post(folder: Path, n: int, words: str) -> None:
    """Write post `n`; those of later numbers are newer."""
    path = folder / "content" / f"{n // A_FOLDER:03}" / f"post-{n}.md"
    path.parent.mkdir(parents=True, exist_ok=True)
    second = f"{n // 3600 % 24:02}:{n // 60 % 60:02}:{n % 60:02}"
    day = f"{2000 + n // 86_400 // 365}-01-{n // 86_400 % 28 + 1:02}"
    path.write_text(
        f"---\ntitle: Post {n}\ndate: {day} {second}\ntags: [tag-{n % 40}]\n---\n"
        f"{words}, and a [link](https://example.org/).\n",
        encoding="utf-8",
    )


@contextmanager
def running(folder: Path) -> Iterator[Daemon]:
    """Give a daemon; it is ended at the end."""
    argv = [sys.executable, "-m", "pipeline", "run", "--no-serve"]
    process = subprocess.Popen(argv, cwd=folder, stderr=subprocess.DEVNULL)
    try:
        yield Daemon(folder, process.pid)
    finally:
        process.terminate()
        process.wait()


def seconds_until_seen(daemon: Daemon, n: int, words: str) -> tuple[float, float]:
    """Save a post; return the seconds until the feed has it, and what they cost."""
    # An earlier pass is over, and so is the rest that it takes.
    time.sleep(2)
    cpu = daemon.cpu_seconds()
    begun = time.perf_counter()
    write_post(daemon.folder, n, words)
    daemon.wait_for(words)
    seen = time.perf_counter() - begun
    # A pass rests as long as it took (daemon/passes.py); the next is to be fresh.
    time.sleep(2 + 2 * seen)
    return seen, daemon.cpu_seconds() - cpu


def measure_site(posts: int, scratch: Path) -> str:
    """Return a line about a site of so many posts."""
    folder = scratch / f"site-{posts}"
    for n in range(posts):
        write_post(folder, n, f"Words of {n}")
    (folder / "config.yaml").write_text(SMALL_SITE, encoding="utf-8")
    measure(folder, "once")
    once = measure(folder, "once")
    with running(folder) as daemon:
        write_post(folder, posts, "The first of all")
        daemon.wait_for("The first of all")
        time.sleep(5)
        new = [
            seconds_until_seen(daemon, posts + n, f"New {n}")
            for n in range(1, ROUNDS + 1)
        ]
        edited = [
            seconds_until_seen(daemon, posts, f"Edited {n}") for n in range(ROUNDS)
        ]
        time.sleep(2)
        cpu = daemon.cpu_seconds()
        time.sleep(ASLEEP_SECONDS)
        asleep = (daemon.cpu_seconds() - cpu) / ASLEEP_SECONDS
        held = daemon.mebibytes()
    cost = median(cpu for _, cpu in edited) / once.cpu_seconds
    return (
        f"{posts:>7,}{median(s for s, _ in new):>9.2f}"
        f"{median(s for s, _ in edited):>10.2f}{cost:>10.0%}{asleep:>9.1%}{held:>7.0f}"
    )


def main() -> None:
    """Measure each size and print a line for it."""
    sizes = [int(word) for word in sys.argv[1:]] or SIZES
    print("  posts    new s  edited s   of once   asleep    MiB")
    with tempfile.TemporaryDirectory() as scratch:
        for posts in sizes:
            print(measure_site(posts, Path(scratch)), flush=True)


if __name__ == "__main__":
    main()
