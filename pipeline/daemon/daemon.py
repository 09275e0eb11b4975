"""The daemon: what happens at a tick, at a reload, at the end.

    tick → reload, if asked → pages, if they are down → a pass, if one is wanted
         → the watchdog is fed

Everything happens in the thread of the loop. Signal handlers and other threads only
note, and wake it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Protocol

from pipeline.base.errors import BusyError, ConfigError, PressroomError, UsageError
from pipeline.base.faults import Fault
from pipeline.base.files import make_folder
from pipeline.base.lock import exclusive_lock
from pipeline.config.settings import Configuration
from pipeline.daemon.heart import Heart
from pipeline.daemon.jobs import Job, Jobs
from pipeline.daemon.loop import TICK_SECONDS, Loop
from pipeline.daemon.notify import Notifier
from pipeline.daemon.passes import OWN, Passes, Times
from pipeline.daemon.watch import Watcher
from pipeline.runs.events import Events
from pipeline.runs.once import Works
from pipeline.runs.pulse import Pulse

_PAGES = "pages"


class Pages(Protocol):
    """The readers' pages beside the loop, in threads of their own."""

    def start(self, configuration: Configuration) -> None:
        """Serve by these settings, in place of those before if there were any.

        Raises PressroomError when that cannot be, and goes on as before.
        """
        ...

    def is_down(self) -> bool:
        """Tell whether they ought to be served and are not."""
        ...

    def stop(self) -> None:
        """Answer what has begun, and end."""
        ...


class NoPages:
    """For `--no-serve`."""

    def start(self, configuration: Configuration) -> None:
        """Serve nothing."""

    def is_down(self) -> bool:
        """Tell that nothing is amiss."""
        return False

    def stop(self) -> None:
        """End nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """What a daemon is given of the process and the machine it runs in.

    `load` reads the configuration and checks all that can be known to be wrong with
    it; it raises ConfigError or InputError.
    """

    times: Times
    load: Callable[[], Configuration]
    events: Events = field(default_factory=Events)
    notifier: Notifier = field(default_factory=Notifier)
    pages: Pages = field(default_factory=NoPages)


@contextmanager
def only_daemon(configuration: Configuration) -> Iterator[None]:
    """Be the one daemon of this store for a block. Raises BusyError if there is one."""
    store = configuration.store.path
    make_folder(store.parent)
    with exclusive_lock(store.with_name("daemon.lock"), "a daemon runs already"):
        yield


class Daemon:
    """One daemon. `tick` is all that a test with its own clock needs to call."""

    def __init__(
        self, configuration: Configuration, around: Surroundings, pulse: Pulse
    ) -> None:
        self._configuration = configuration
        self._around = around
        self._alarm = around.times.alarm
        self._pulse = pulse
        self._heart = Heart(around.notifier, self._alarm)
        self._reload_is_asked = False
        self._stopped: tuple[str, float] | None = None
        self._passes = Passes(
            Works(configuration, around.times.clock, around.events),
            around.times,
            pulse,
            self._heart,
            around.events,
        )
        self._watcher = Watcher(self.call, around.events, self._alarm)
        self._jobs = Jobs(
            (
                Job("reload", lambda: self._reload_is_asked, self._reload),
                Job(_PAGES, around.pages.is_down, self._serve_again),
                Job(OWN, self._passes.is_wanted, self._make_pass),
            ),
            self._alarm,
            pulse,
            around.events,
        )

    def stop(self, signal: str) -> None:
        """Have it end: a pass under way stops at its next item. For signal handlers."""
        self._stopped = signal, self._alarm.monotonic()
        self._heart.stop()
        self._alarm.wake()

    def reload(self) -> None:
        """Have it read its configuration again. For signal handlers."""
        self._reload_is_asked = True
        self._alarm.wake()

    def lack_pages(self, error: PressroomError) -> None:
        """Have it begin without the pages, as after a failure of their job."""
        self._jobs.note_failure(_PAGES, error)

    def call(self) -> None:
        """Have it look at the folders soon. For any thread."""
        self._passes.call()

    def tick(self) -> None:
        """Do what is to be done now. Raises nothing; see `Pulse` for how it went."""
        try:
            self._jobs.run()
            self._pulse.ticked()
            self._heart.beat()
        except Exception as error:  # noqa: BLE001 - the loop must go round
            # Nobody is told that we live: if it lasts, systemd starts us anew.
            self._around.events.job_failed("tick", error, 1, TICK_SECONDS)

    def run(self) -> None:
        """Tick until it is told to stop, and drain."""
        around = self._around
        self._watcher.follow(self._configuration)
        try:
            around.notifier.ready("Running")
            loop = Loop(self.tick, self._clock_jumped, around.times.clock, self._alarm)
            loop.run(self._heart.is_stopped)
        finally:
            signal, asked = self._stopped or ("", self._alarm.monotonic())
            around.events.stopping(signal)
            around.notifier.stopping()
            self.close()
            around.events.stopped(self._alarm.monotonic() - asked)

    def close(self) -> None:
        """End what goes on beside the loop, and close the store."""
        self._watcher.stop()
        self._around.pages.stop()
        self._passes.close()

    def _clock_jumped(self, seconds: float) -> None:
        """Look at once at what is due by the clock as it is now."""
        self._pulse.jumped()
        self._around.events.clock_jumped(seconds)
        self.call()

    def _make_pass(self) -> None:
        self._watcher.look_again()
        self._passes.run()

    def _serve_again(self) -> None:
        self._around.pages.start(self._configuration)

    def _serve_instead(self, configuration: Configuration) -> None:
        """Serve by other settings; raise where that would end pages that are served."""
        try:
            self._around.pages.start(configuration)
        except (BusyError, UsageError) as error:
            if not self._around.pages.is_down():
                raise
            self.lack_pages(error)

    def _reload(self) -> None:
        """Take over the configuration as it is now; keep the old one if it is wrong."""
        self._reload_is_asked = False
        self._around.notifier.reloading(self._alarm.monotonic())
        try:
            configuration = self._around.load()
            _refuse_move(self._configuration, configuration)
            self._serve_instead(configuration)
        except PressroomError as error:
            self._around.events.reload_refused(error)
            self._pulse.refused("; ".join(str(error).splitlines()))
            self._around.notifier.ready("Running; the new configuration is wrong")
            return
        self._configuration = configuration
        self._watcher.follow_instead(configuration)
        around = self._around
        self._passes.take(Works(configuration, around.times.clock, around.events))
        self._around.events.reloaded()
        self._pulse.reloaded()
        self._around.notifier.ready("Running")


def _refuse_move(old: Configuration, new: Configuration) -> None:
    """Refuse what a running daemon cannot change: where it holds its lock."""
    if old.store.path != new.store.path:
        raise ConfigError(
            [
                Fault(
                    path="store.path",
                    what="cannot change while the daemon runs",
                    remedy="start it anew",
                )
            ]
        )
