"""Hears from the kernel that a file has changed, so that a pass begins early.

Nothing relies on it: network file systems tell nothing, a queue of the kernel may run
over, there may be more folders than may be watched. The scan that comes again and
again is the truth.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Sequence
from pathlib import Path

from watchfiles import Change, watch

from pipeline.base.clock import Alarm
from pipeline.config.settings import Configuration
from pipeline.daemon.jobs import pause_after
from pipeline.runs.events import Events

STEP_MS = 100
"""How long nothing must change before what has changed is told; the thread wakes as
often, which costs it 0.1 % of a processor."""

_LOCKS = ("lock", "daemon.lock")
_OF_SQLITE = ("", "-wal", "-shm", "-journal")

MOST_MS = 400
"""How long it may be held back while more changes come."""


def watched_folders(configuration: Configuration) -> tuple[Path, ...]:
    """Return the folders that posts and their files lie in."""
    folders = (
        folder for site in configuration.sites for folder in (site.folder, *site.assets)
    )
    return tuple(dict.fromkeys(folders))


class Filter:
    """Passes over what is no post: hidden files, and what we write ourselves.

    A folder of ours that posts lie below, as the site's own where `output` is `.`, is
    not passed over.
    """

    def __init__(self, configuration: Configuration) -> None:
        store = configuration.store.path
        folders = (
            *(site.output for site in configuration.sites),
            configuration.outbox.folder,
            store.parent,
            configuration.cache.folder,
        )
        self._roots = tuple(map(_prefix, watched_folders(configuration)))
        self._ours = tuple(
            ours
            for ours in map(_prefix, folders)
            if not any(root.startswith(ours) for root in self._roots)
        )
        names = (*_LOCKS, *(store.name + ending for ending in _OF_SQLITE))
        self._of_store = {_prefix(store.parent) + name for name in names}

    def __call__(self, change: Change, path: str) -> bool:
        """Tell whether a change of `path` is one that a scan might see."""
        path = os.path.realpath(path)
        if path.startswith(self._ours) or path in self._of_store:
            return False
        inside = next((path[len(r) :] for r in self._roots if path.startswith(r)), "")
        return not any(name.startswith(".") for name in inside.split("/"))


class Watcher:
    """Calls `wake` after files have changed, from a thread of its own."""

    def __init__(self, wake: Callable[[], None], events: Events, alarm: Alarm) -> None:
        self._wake = wake
        self._events = events
        self._alarm = alarm
        self._told = ""
        self._failures, self._rests_until = 0, 0.0
        self._configuration: Configuration | None = None
        self._thread: threading.Thread | None = None
        self._over = threading.Event()
        self._marks: tuple[tuple[int, int], ...] = ()

    def follow(self, configuration: Configuration) -> None:
        """Watch the folders of these settings, and no others."""
        self.stop()
        self._configuration = configuration
        self._failures, self._rests_until = 0, 0.0
        self.look_again()

    def follow_instead(self, configuration: Configuration) -> None:
        """Watch the folders of other settings, if any are watched."""
        if self._configuration is not None:
            self.follow(configuration)

    def look_again(self) -> None:
        """Begin anew where a folder is another one than before, if any was followed.

        Such as one that was missing, or was mounted since. What cannot be watched is
        tried again after growing pauses.
        """
        configuration = self._configuration
        if configuration is None:
            return
        folders = [f for f in watched_folders(configuration) if os.path.isdir(f)]
        marks = tuple(map(_mark, folders))
        is_alive = self._thread is not None and self._thread.is_alive()
        rests = is_alive or self._alarm.monotonic() < self._rests_until
        if rests and marks == self._marks:
            return
        self._end()
        self._marks = marks
        if not folders:
            return
        self._over = threading.Event()
        self._thread = threading.Thread(
            target=self._listen,
            args=(folders, Filter(configuration), self._over),
            name="watch",
            daemon=True,
        )
        self._thread.start()

    def stop(self) -> None:
        """Watch no more."""
        self._configuration = None
        self._end()

    def _end(self) -> None:
        self._over.set()
        if self._thread:
            self._thread.join()
            self._thread = None

    def _listen(
        self, folders: Sequence[Path], wanted: Filter, over: threading.Event
    ) -> None:
        try:
            for _ in watch(
                *folders,
                watch_filter=wanted,
                debounce=MOST_MS,
                step=STEP_MS,
                stop_event=over,
                ignore_permission_denied=True,
            ):
                self._failures, self._told = 0, ""
                self._wake()
        except (OSError, RuntimeError) as error:
            self._note_failure(str(error))

    def _note_failure(self, error: str) -> None:
        self._failures += 1
        self._rests_until = self._alarm.monotonic() + pause_after(self._failures)
        if error != self._told:
            self._told = error
            self._events.noted(
                f"the folders cannot be watched ({error}): changes are seen by the "
                "scan every daemon.scan_seconds"
            )


def _prefix(folder: Path) -> str:
    """Return what the path of whatever lies in the folder begins with."""
    return f"{os.path.realpath(folder).rstrip('/')}/"


def _mark(folder: Path) -> tuple[int, int]:
    try:
        status = folder.stat()
    except OSError:
        return (0, 0)
    return status.st_dev, status.st_ino
