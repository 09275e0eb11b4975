"""`pressroom check`: everything that is wrong, before a reader sees it."""

from __future__ import annotations

from dataclasses import asdict

import click

from pipeline.cli.console import count
from pipeline.cli.loading import load_for_run, place_errors
from pipeline.cli.session import Session, pass_session
from pipeline.config.settings import Configuration
from pipeline.config.starter import DEFAULT_URL
from pipeline.runs.inspect import inspect
from pipeline.web.probe import is_served
from pipeline.web.samples import try_pages


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print what is wrong as JSON.")
@pass_session
def check(session: Session, as_json: bool) -> int:
    """Check settings, posts and templates; change nothing.

    Every post is read and rendered, shown somewhere or not; a page of each newsletter
    is made from its newest posts, and every letter and every page for readers.
    """
    configuration = load_for_run(session)
    report = inspect(configuration, session.clock, session.bars())
    report.errors = place_errors(session, report.errors, configuration)
    report.errors += try_pages(configuration, session.clock.now())
    report.notes += [*_placeholders(configuration), *_dead_links(configuration)]
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


def _placeholders(configuration: Configuration) -> list[str]:
    """Return a note for each site whose address is the one that `init` made up."""
    return [
        f"{site.name}: its url is still {DEFAULT_URL}, where no site of yours is: "
        "feeds and mail would lead readers there; set `url` to your site's address"
        for site in configuration.sites
        if site.url.rstrip("/") == DEFAULT_URL.rstrip("/")
    ]


def _dead_links(configuration: Configuration) -> list[str]:
    """Return a note where mail would lead to pages that nobody serves, as far as here.

    They may be served by another machine, which is not asked.
    """
    web = configuration.web
    if not web.public_url or not configuration.newsletters or is_served(web.listen):
        return []
    return [
        f"mail leads readers to {web.public_url}, and nothing answers at {web.listen}: "
        "leave `pressroom serve` running (docs/web.md)"
    ]
