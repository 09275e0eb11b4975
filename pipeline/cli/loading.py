"""The configuration of a run, with all that a run looks at before it begins.

What opens fonts and compiles templates stands apart from `Session.load`, so that a
command that only asks the store does not wait for it.
"""

from __future__ import annotations

from collections.abc import Sequence

from pipeline.base.errors import ConfigError, PressroomError
from pipeline.cli.session import Session, placed
from pipeline.config.load import load_configuration
from pipeline.config.settings import Configuration
from pipeline.runs.issues.misfits import newsletter_misfits
from pipeline.runs.resources import check_templates
from pipeline.runs.sites.fonts import find_font


def load_for_run(session: Session) -> Configuration:
    """Return the configuration; raise ConfigError also where its font is none."""
    configuration = session.load()
    if configuration.math.font is None:
        return configuration
    try:
        find_font(configuration.math.font)
    except ConfigError as error:
        loaded = load_configuration(session.config)
        misfits = [(("math", "font"), f.what, f.remedy) for f in error.faults]
        raise ConfigError(placed(loaded, misfits)) from error
    return configuration


def load_for_reload(session: Session) -> Configuration:
    """Return the configuration; raise ConfigError with all that may be wrong in it.

    Also what is wrong with one newsletter, or a template: a daemon that runs has
    another configuration to go on with.
    """
    configuration = load_for_run(session)
    misfits = newsletter_misfits(configuration)
    faults = placed(load_configuration(session.config), misfits)
    try:
        check_templates(configuration.mail.templates)
    except ConfigError as error:
        faults += error.faults
    if faults:
        raise ConfigError(faults)
    return configuration


def place_errors(
    session: Session, errors: Sequence[PressroomError], configuration: Configuration
) -> list[PressroomError]:
    """Return a run's errors, those about a newsletter's settings with their lines.

    A run knows settings, not the file they stand in.
    """
    others = [error for error in errors if not _is_about_settings(error)]
    if len(others) == len(errors):
        return others
    misfits = newsletter_misfits(configuration)
    return [*others, ConfigError(placed(load_configuration(session.config), misfits))]


def _is_about_settings(error: PressroomError) -> bool:
    return isinstance(error, ConfigError) and all(
        fault.path.startswith("newsletters.") for fault in error.faults
    )
