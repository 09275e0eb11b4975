"""`pressroom serve`: the readers' pages and the files of `public/`, over HTTP."""

from __future__ import annotations

import socket
from collections.abc import Callable
from importlib.metadata import version

import click

from pipeline.base.errors import OutputError, StoreError
from pipeline.cli.logs import LogFormat, log_format_option, open_log
from pipeline.cli.session import Session, pass_session
from pipeline.config.settings import Configuration
from pipeline.outbox.spool import Spool
from pipeline.runs.events import Events
from pipeline.runs.outgoing.keys import read_keys
from pipeline.runs.outgoing.restoring import claim_outbox, told_restore
from pipeline.runs.pulse import Vitals
from pipeline.web.app import Surroundings, build_app
from pipeline.web.log import ServerLog
from pipeline.web.probe import told_address
from pipeline.web.server import bind
from pipeline.web.server import serve as serve_app


@click.command()
@click.option("--host", metavar="ADDRESS", help="Listen there instead of web.listen.")
@click.option(
    "--port",
    type=click.IntRange(0, 65_535),
    metavar="PORT",
    help="Listen there instead of web.listen; 0 takes a port that is free.",
)
@log_format_option
@pass_session
def serve(
    session: Session, host: str | None, port: int | None, log_format: LogFormat
) -> None:
    """Serve the readers' pages, and feeds and archive beside them.

    Runs until it is told to stop (SIGTERM, Ctrl+C), and answers what it has begun. Put
    a proxy with TLS before it; docs/web.md shows how.
    """
    configuration = session.load()
    events = open_log(session, log_format)
    app = build_app(configuration, surround(session, configuration, events))
    bound = bind(*listen_at(configuration, host, port))
    events.started("serve", version("pressroom"))
    serve_app(
        app,
        bound,
        ServerLog(events),
        lambda: tell_address(events, configuration, bound),
    )


def surround(
    session: Session,
    configuration: Configuration,
    events: Events,
    vitals: Callable[[], Vitals | None] = lambda: None,
) -> Surroundings:
    """Return what the pages are given of the process they run in.

    Before anybody comes, a store from a backup is known for one
    (runs/outgoing/restoring.py).
    """
    _look_at_outbox(session, configuration, events)
    store = configuration.store.path
    return Surroundings(
        keys=lambda: read_keys(store),
        clock=session.clock,
        events=events,
        vitals=vitals,
    )


def _look_at_outbox(
    session: Session, configuration: Configuration, events: Events
) -> None:
    spool, now = Spool(configuration.outbox.folder), session.clock.now()
    try:
        with session.store(configuration) as database:
            restore = claim_outbox(database, spool, now)
    except (OutputError, StoreError) as error:
        events.noted(str(error))
        return
    if restore is not None:
        events.noted(told_restore(restore))


def listen_at(
    configuration: Configuration, host: str | None, port: int | None
) -> tuple[str, int]:
    """Return host and port: those asked for, else those of the settings."""
    own_host, _, own_port = configuration.web.listen.rpartition(":")
    return host or own_host.strip("[]"), int(own_port) if port is None else port


def tell_address(
    events: Events, configuration: Configuration, bound: socket.socket
) -> None:
    """Tell where the pages are served, and where readers reach them."""
    host, port = bound.getsockname()[:2]
    public_url = configuration.web.public_url
    events.listening(f"http://{told_address(host, port)}/", public_url)
    if not public_url:
        events.noted("web.public_url is not set: no mail leads to these pages")
