"""`pressroom check`: everything that is wrong, before a reader sees it."""

from __future__ import annotations

from dataclasses import asdict

import click

from pipeline.cli.console import count
from pipeline.cli.session import Session, pass_session
from pipeline.runs.inspect import inspect


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print what is wrong as JSON.")
@pass_session
def check(session: Session, as_json: bool) -> int:
    """Check settings, posts and templates; change nothing.

    Every post is read and rendered, shown somewhere or not, and a page of each
    newsletter is made from its newest posts.
    """
    configuration = session.load_for_run()
    report = inspect(configuration, session.clock, session.bars())
    report.errors = session.place(report.errors, configuration)
    if as_json:
        session.voice.data(
            {
                "faults": [asdict(fault) for fault in report.faults],
                "errors": [str(error) for error in report.errors],
                "notes": report.notes,
                "exit_status": report.exit_status(),
            }
        )
        return report.exit_status()
    for site in report.sites:
        session.voice.say(f"{site.site}: {count(site.found, 'post')} read")
    for note in report.notes:
        session.voice.say(f"Note: {note}")
    for fault in report.faults:
        session.voice.fault(fault)
    for error in report.errors:
        session.voice.error(error)
    if not report.faults and not report.errors:
        session.voice.say("All is well.")
    return report.exit_status()
