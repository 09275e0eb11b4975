"""What every command begins with: the configuration, the store, the voice."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

import click

from pipeline.base.clock import Clock, SystemClock
from pipeline.base.errors import ConfigError, PressroomError
from pipeline.base.faults import Fault
from pipeline.cli.console import Bars, Voice
from pipeline.config.load import Loaded, dotted, load_configuration
from pipeline.config.settings import Configuration
from pipeline.runs.events import Events
from pipeline.runs.fonts import find_font
from pipeline.runs.newsroom import Misfit, newsletter_misfits, shared_misfits
from pipeline.runs.resources import check_templates
from pipeline.store.database import Database, open_store

LogFormat = Literal["text", "json"]

log_format_option = click.option(
    "--log-format",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    help="How each event is told on stderr.",
)
"""What every command has that stays and keeps a log."""

id_argument = click.argument("number", type=click.IntRange(0, 2**63 - 1), metavar="ID")
"""The number of an issue or a hold; the store knows none of more bits."""


@dataclass(slots=True)
class Session:
    """One command's: `json` asks for data instead of words."""

    config: Path
    clock: Clock = field(default_factory=SystemClock)
    voice: Voice = field(default_factory=Voice.of_process)
    json: bool = False

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

    def load_for_run(self) -> Configuration:
        """Return the configuration; raise ConfigError also where its font is none.

        A font takes a moment to open, so that only a run looks at it.
        """
        configuration = self.load()
        if configuration.math.font is None:
            return configuration
        try:
            find_font(configuration.math.font)
        except ConfigError as error:
            loaded = load_configuration(self.config)
            misfits = [(("math", "font"), f.what, f.remedy) for f in error.faults]
            raise ConfigError(placed(loaded, misfits)) from error
        return configuration

    def load_for_reload(self) -> Configuration:
        """Return the configuration; raise ConfigError with all that may be wrong in it.

        Also what is wrong with one newsletter, or a template: a daemon that runs has
        another configuration to go on with.
        """
        configuration = self.load_for_run()
        misfits = newsletter_misfits(configuration)
        faults = placed(load_configuration(self.config), misfits)
        try:
            check_templates(configuration.mail.templates)
        except ConfigError as error:
            faults += error.faults
        if faults:
            raise ConfigError(faults)
        return configuration

    def place(
        self, errors: Sequence[PressroomError], configuration: Configuration
    ) -> list[PressroomError]:
        """Return a run's errors, those about a newsletter's settings with their lines.

        A run knows settings, not the file they stand in.
        """
        others = [error for error in errors if not _is_about_settings(error)]
        if len(others) == len(errors):
            return others
        misfits = newsletter_misfits(configuration)
        return [*others, ConfigError(placed(load_configuration(self.config), misfits))]

    @contextmanager
    def store(self, configuration: Configuration) -> Iterator[Database]:
        """Give the open store."""
        database = open_store(configuration.store.path)
        try:
            yield database
        finally:
            database.close()

    def events(self, log_format: LogFormat) -> Events:
        """Return what tells events on stderr."""
        # structlog takes 0.1 s to load, which no command without a log should pay for.
        from pipeline.base.log import process_log

        return Events(process_log(log_format, self.clock))

    def bars(self) -> Bars:
        """Return progress bars on stderr."""
        return Bars(self.voice.err)


def placed(loaded: Loaded, misfits: Iterable[Misfit]) -> list[Fault]:
    """Return misfits as faults with their lines in config.yaml."""
    return [
        loaded.document.fault(key, f"{dotted(key)}: {what}", remedy)
        for key, what, remedy in misfits
    ]


def _is_about_settings(error: PressroomError) -> bool:
    return isinstance(error, ConfigError) and all(
        fault.path.startswith("newsletters.") for fault in error.faults
    )


pass_session = click.make_pass_decorator(Session)
