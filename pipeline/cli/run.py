"""`pressroom run`: the daemon, with the readers' pages beside it in one process."""

from __future__ import annotations

import os
import signal
import socket
from contextlib import closing
from functools import partial
from importlib.metadata import version

import click

from pipeline.base.clock import SystemAlarm
from pipeline.base.errors import BusyError, ConfigError, PressroomError, UsageError
from pipeline.cli.loading import load_for_reload, load_for_run
from pipeline.cli.logs import LogFormat, log_format_option, open_log
from pipeline.cli.serve import listen_at, surround, tell_address
from pipeline.cli.session import Session, pass_session
from pipeline.config.settings import Configuration
from pipeline.daemon.daemon import Daemon, NoPages, Pages, Surroundings, only_daemon
from pipeline.daemon.notify import Notifier
from pipeline.daemon.passes import Times
from pipeline.runs.events import Events
from pipeline.runs.pulse import Pulse
from pipeline.web.app import build_app
from pipeline.web.log import ServerLog
from pipeline.web.samples import try_pages
from pipeline.web.server import ServerThread, bind, log_to

DRAIN_SECONDS = 5
"""What a request may take at the end: a restart shall take seconds."""


@click.command()
@click.option("--no-serve", is_flag=True, help="Leave the readers' pages to others.")
@click.option("--host", metavar="ADDRESS", help="Listen there instead of web.listen.")
@click.option(
    "--port",
    type=click.IntRange(0, 65_535),
    metavar="PORT",
    help="Listen there instead of web.listen; 0 takes a port that is free.",
)
@log_format_option
@pass_session
def run(
    session: Session,
    no_serve: bool,
    host: str | None,
    port: int | None,
    log_format: LogFormat,
) -> None:
    """Do what is due whenever it is due, until told to stop: the daemon.

    Sees a changed post within a second or two, and serves the readers' pages and
    `public/` as `serve` does. SIGTERM ends it within seconds, SIGHUP has it read
    config.yaml again. docs/daemon.md has it start with the machine.
    """
    configuration, events = load_for_run(session), open_log(session, log_format)
    with only_daemon(configuration), closing(SystemAlarm()) as alarm:
        events.started("run", version("pressroom"))
        pulse = Pulse(session.clock)
        pages: Pages = NoPages()
        if not no_serve:
            pages = ServedPages(session, (host, port), events, pulse)
        refusal = _begin(pages, configuration)
        around = Surroundings(
            times=Times(clock=session.clock, alarm=alarm),
            load=partial(load_for_reload, session),
            events=events,
            notifier=Notifier.of(os.environ, os.getpid()),
            pages=pages,
        )
        daemon = Daemon(configuration, around, pulse)
        if refusal:
            daemon.lack_pages(refusal)
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda n, _: daemon.stop(signal.Signals(n).name))
        signal.signal(signal.SIGHUP, lambda *_: daemon.reload())
        daemon.run()


def _begin(pages: Pages, configuration: Configuration) -> PressroomError | None:
    """Serve pages from the start; return why their address cannot be had, if it cannot.

    It may not be there yet when the machine starts: feeds and mail do not wait for it.
    """
    try:
        pages.start(configuration)
    except (BusyError, UsageError) as error:
        return error
    return None


class ServedPages:
    """The readers' pages, served beside the loop; a reload starts them anew."""

    def __init__(
        self,
        session: Session,
        listen: tuple[str | None, int | None],
        events: Events,
        pulse: Pulse,
    ) -> None:
        self._session = session
        self._listen = listen
        self._events = events
        self._pulse = pulse
        log_to(ServerLog(events))
        self._bound: tuple[tuple[str, int], socket.socket] | None = None
        self._threads: list[ServerThread] = []

    def start(self, configuration: Configuration) -> None:
        """Serve by these settings; those who ask meanwhile wait at the same socket.

        Raises ConfigError where a template is wrong, BusyError where the port is taken.
        """
        if self._threads:
            # A reload: what a page cannot print is told now, and not to a reader.
            wrong = try_pages(configuration, self._session.clock.now())
            if wrong:
                raise ConfigError(fault for error in wrong for fault in error.faults)
        around = surround(
            self._session, configuration, self._events, self._pulse.vitals
        )
        app = build_app(configuration, around)
        asked = listen_at(configuration, *self._listen)
        if self._bound is None or self._bound[0] != asked:
            bound = bind(*asked)
            tell_address(self._events, configuration, bound)
        else:
            bound = self._bound[1]
        thread = ServerThread(app, bound.dup(), DRAIN_SECONDS)
        for older in self._threads:
            older.stop()
        self._threads = [t for t in self._threads if t.is_alive()] + [thread]
        if self._bound and self._bound[1] is not bound:
            self._bound[1].close()
        self._bound = asked, bound

    def is_down(self) -> bool:
        """Tell whether the server has ended by itself."""
        return not (self._threads and self._threads[-1].is_alive())

    def stop(self) -> None:
        """Answer what has begun, and end."""
        for thread in self._threads:
            thread.stop()
        for thread in self._threads:
            thread.join()
        if self._bound:
            self._bound[1].close()
