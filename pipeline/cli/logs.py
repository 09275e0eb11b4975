"""The log of a command that stays: events, told on stderr."""

from __future__ import annotations

from typing import Literal

import click

from pipeline.base.log import process_log
from pipeline.cli.session import Session
from pipeline.runs.events import Events

LogFormat = Literal["text", "json"]

log_format_option = click.option(
    "--log-format",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    help="How each event is told on stderr.",
)
"""What every command has that stays and keeps a log."""


def open_log(session: Session, log_format: LogFormat) -> Events:
    """Return what tells events on stderr."""
    return Events(process_log(log_format, session.clock))
