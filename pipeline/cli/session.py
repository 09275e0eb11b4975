"""What every command begins with: the configuration, the store, the voice."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import wraps
from pathlib import Path
from typing import Concatenate, ParamSpec, TypeVar

import click

from pipeline.base.clock import Clock, SystemClock
from pipeline.base.errors import ConfigError
from pipeline.base.faults import Fault
from pipeline.cli.console import Bars, Voice
from pipeline.config.load import Loaded, dotted, load_configuration
from pipeline.config.settings import Configuration
from pipeline.runs.issues.misfits import Misfit, shared_misfits
from pipeline.store.database import Database, open_store

id_argument = click.argument("number", type=click.IntRange(0, 2**63 - 1), metavar="ID")
"""The number of an issue or a hold; the store knows none of more bits."""


@dataclass(slots=True)
class Session:
    """One command's: `json` asks for data instead of words."""

    config: Path
    clock: Clock = field(default_factory=SystemClock)
    voice: Voice = field(default_factory=Voice.of_process)
    json: bool = False

    @classmethod
    def of(cls, context: click.Context) -> Session:
        """Return the session of a command that was called; tests bring a clock."""
        root = context.find_root()
        return cls(root.params["config"], clock=root.obj or SystemClock())

    def load(self) -> Configuration:
        """Return the configuration; raise ConfigError with all that is wrong in it.

        What is wrong with one newsletter alone does not count here: its run tells it
        and the others go on.
        """
        loaded = load_configuration(self.config)
        faults = placed(loaded, shared_misfits(loaded.configuration))
        if faults:
            raise ConfigError(faults)
        return loaded.configuration

    @contextmanager
    def store(self, configuration: Configuration) -> Iterator[Database]:
        """Give the open store."""
        database = open_store(configuration.store.path)
        try:
            yield database
        finally:
            database.close()

    def bars(self) -> Bars:
        """Return progress bars on stderr."""
        return Bars(self.voice.err)


def placed(loaded: Loaded, misfits: Iterable[Misfit]) -> list[Fault]:
    """Return misfits as faults with their lines in config.yaml."""
    return [
        loaded.document.fault(key, f"{dotted(key)}: {what}", remedy)
        for key, what, remedy in misfits
    ]


P = ParamSpec("P")
R = TypeVar("R")


def pass_session(command: Callable[Concatenate[Session, P], R]) -> Callable[P, R]:
    """Give a command its session before its own words."""

    @wraps(command)
    def with_session(*args: P.args, **kwargs: P.kwargs) -> R:
        session = Session.of(click.get_current_context())
        return command(session, *args, **kwargs)

    return with_session
