"""The machine: a daemon whose clock we turn, `once` beside it at times, and crashes."""

from __future__ import annotations

from datetime import timedelta
from random import Random

from pipeline.base.clock import FixedClock
from pipeline.daemon.daemon import Daemon, Surroundings
from pipeline.daemon.passes import Times
from pipeline.runs.once import run_once
from pipeline.runs.pulse import Outcome, Pulse
from pipeline.runs.report import Silent
from tests.crash import EVERYTHING, kill_after
from tests.daemon.times import Watchmaker
from tests.world import World
from tests.year.owner import Owner

MOST_STEPS = 120
"""A pass that does something takes about so many steps that it can be killed at."""


class Machine:
    """Runs a daemon for the owner, from `start` to `stop`."""

    def __init__(self, world: World, owner: Owner, dice: Random) -> None:
        self.world = world
        self.owner = owner
        self.dice = dice
        self.crashes = 0
        self.times = Watchmaker(time=world.time)
        self.start()

    def start(self) -> None:
        """Start a daemon; it knows nothing of the one before."""
        self.pulse = Pulse(self.times)
        self.loaded = self.owner.configuration
        around = Surroundings(
            times=Times(clock=self.times, alarm=self.times),
            load=lambda: self.owner.configuration,
        )
        self.daemon = Daemon(self.loaded, around, self.pulse)

    def stop(self) -> None:
        """Stop the daemon."""
        self.daemon.close()

    def restart(self) -> None:
        """Start it anew, as after an update or a power cut."""
        self.stop()
        self.start()

    def pass_by(self, wait: timedelta) -> None:
        """Let time go by; what the clock says is the world's to know."""
        self.times.seconds += wait.total_seconds()
        if self.times.time + wait != self.world.time:
            # The loop has noticed that the clock was set.
            self.daemon.call()
        self.times.time = self.world.time

    def work(self) -> bool:
        """Tick until there is nothing to do; tell whether there was something."""
        if self.loaded is not self.owner.configuration:
            self.restart()
        worked = False
        if self.dice.random() < 0.1:
            run_once(self.loaded, FixedClock(self.world.time), Silent())
            worked = True
        while self.dice.random() < 0.1:
            worked |= self._crash()
        return self._tick() or worked

    def outcome(self) -> Outcome | None:
        """Return how the daemon's last pass ended."""
        return self.pulse.vitals().last_outcome

    def _tick(self) -> bool:
        begun = self._passes()
        before = -1
        while before < self._passes():
            before = self._passes()
            self.daemon.tick()
        return before > begun

    def _passes(self) -> int:
        return sum(self.pulse.vitals().passes.values())

    def _crash(self) -> bool:
        """Let the machine stop in the middle of a tick, if it gets that far."""
        with kill_after(self.dice.randrange(MOST_STEPS), EVERYTHING) as killed:
            worked = self._tick()
        if not killed:
            return worked
        self.crashes += 1
        self.restart()
        return True
