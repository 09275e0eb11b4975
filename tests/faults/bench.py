"""Copies of one site, each broken in another place, a few at a time."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from queue import SimpleQueue

from tests.faults.points import chosen
from tests.faults.site import Sent, feeds
from tests.faults.tally import Tally
from tests.faults.trials import Fate, Trials

FEWEST_CALLS = 150
# pytest-xdist gives each of its processes a share of the tests, and so of the cores.
AT_ONCE = 1 if "PYTEST_XDIST_WORKER" in os.environ else 2

BreakIt = Callable[[Trials, int, Path], Sent]
"""Breaks the copy in a folder at a point; returns what was sent in the end."""


class Bench:
    """Copies of one site.

    `calls` are those of a run that nothing befalls, as `fate` has it, and `feeds` is
    what it leaves.
    """

    def __init__(
        self,
        site: Path,
        queue: SimpleQueue[Trials],
        scratch: Path,
        fate: Fate = Fate(),  # noqa: B008 - it is frozen
    ) -> None:
        self._site = site
        self._queue = queue
        self._scratch = scratch
        with self.copied("undisturbed") as (trials, folder):
            self.calls = trials.calls(folder, fate)
            self.feeds = feeds(folder)

    @contextmanager
    def copied(self, name: object) -> Iterator[tuple[Trials, Path]]:
        """Give a copy of the site, and somebody to run it."""
        trials = self._queue.get()
        folder = shutil.copytree(self._site, self._scratch / str(name))
        try:
            yield trials, folder
        finally:
            self._queue.put(trials)
            shutil.rmtree(folder)

    def try_each(self, points: Sequence[int], tally: Tally, break_it: BreakIt) -> None:
        """Break a copy at every point, or at some (tests/faults/points.py)."""

        def one(point: int) -> None:
            with self.copied(point) as (trials, folder):
                try:
                    tally.count(break_it(trials, point, folder))
                except AssertionError as error:
                    error.add_note(f"at call {point}")
                    raise

        tally.among(len(points))
        with ThreadPoolExecutor(AT_ONCE) as pool:
            list(pool.map(one, chosen(points)))

    def try_every_call(self, tally: Tally, break_it: BreakIt) -> None:
        """Break a copy at every call there is that changes the disk, or at some."""
        assert len(self.calls) > FEWEST_CALLS
        self.try_each(range(1, len(self.calls) + 1), tally, break_it)

    def find_calls(self, name: str, path: str) -> list[int]:
        """Return the numbers of the calls of that name whose path has `path` in it."""
        return [
            n
            for n, (called, at) in enumerate(self.calls, 1)
            if called == name and re.search(path, at)
        ]

    def find_call(self, name: str, path: str) -> int:
        """Return the number of the one such call."""
        (call,) = self.find_calls(name, path)
        return call

    def end_of_setting_up(self) -> int:
        """Return the last call that sets up SQLite's log.

        While one is stopped there, the other waits for 10 s, at each of 9 calls.
        """
        return max(self.find_calls("pwrite64", "-shm$"))
