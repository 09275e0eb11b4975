"""A pass shows that it lives, and hears when to stop."""

from __future__ import annotations

from dataclasses import dataclass, field

import pytest

from pipeline.daemon.heart import Heart
from pipeline.daemon.notify import Notifier
from pipeline.runs.pace import Halted
from tests.daemon.times import Watchmaker


@dataclass(frozen=True)
class Spoken(Notifier):
    """Keeps what would be told to systemd."""

    lines: list[str] = field(default_factory=list)

    def alive(self) -> None:
        self.lines.append("alive")

    def status(self, text: str) -> None:
        self.lines.append(text)


def test_the_watchdog_is_fed_thrice_in_the_time_it_waits() -> None:
    times, spoken = Watchmaker(), Spoken(watchdog_seconds=30)
    heart = Heart(spoken, times)
    for _ in range(60):
        heart.beat()
        times.pass_by(1)
    assert spoken.lines.count("alive") == 6


def test_without_a_watchdog_nothing_is_fed() -> None:
    spoken = Spoken()
    Heart(spoken, Watchmaker()).beat()
    assert spoken.lines == []


def test_a_long_pass_feeds_it_too_and_tells_how_far_it_is() -> None:
    times, spoken = Watchmaker(), Spoken(watchdog_seconds=30)
    heart = Heart(spoken, times)
    for _ in heart.track("Reading posts", range(1_000, 1_040)):
        times.pass_by(1)
    assert spoken.lines.count("alive") == 4
    assert "Reading posts: 39 of 40" in spoken.lines


def test_it_stops_between_two_items() -> None:
    heart = Heart(Notifier(), Watchmaker())
    items = iter(heart.track("Reading posts", "abc"))
    assert next(items) == "a"
    heart.stop()
    with pytest.raises(Halted):
        next(items)
