"""The command line, run in a world of a test's own."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from click.testing import CliRunner, Result

from pipeline.base.clock import FixedClock
from pipeline.cli.main import pressroom
from tests.world import World

Command = Callable[..., Result]


@pytest.fixture
def command(world: World, monkeypatch: pytest.MonkeyPatch) -> Command:
    """Run `pressroom WORDS` in the world's folder, at the world's time."""
    monkeypatch.chdir(world.folder)

    def run(*words: str) -> Result:
        return CliRunner().invoke(
            pressroom, words, obj=FixedClock(world.time), standalone_mode=False
        )

    return run
