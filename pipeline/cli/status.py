"""`pressroom status`: how things stand, at a glance."""

from __future__ import annotations

from dataclasses import asdict

import click

from pipeline.cli.console import Voice, count, shown_path
from pipeline.cli.session import Session, pass_session
from pipeline.runs.overview import NewsletterStanding, Standing, survey


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print it as JSON.")
@pass_session
def status(session: Session, as_json: bool) -> None:
    """Tell how sites, newsletters and outbox stand."""
    configuration = session.load()
    with session.store(configuration) as database:
        standing = survey(database, configuration, session.clock.now())
    if as_json:
        session.voice.data(asdict(standing))
        return
    _print(session.voice, standing)
    folder = shown_path(configuration.outbox.folder)
    session.voice.say(
        f"{folder}: {count(standing.unclaimed, 'batch', 'batches')} for the relay to "
        f"take, {count(standing.unfinished, 'unfinished issue')}"
    )
    for line in standing.holds:
        session.voice.say(f"On hold: {line}")
    for site in standing.sites:
        for fault in site.faults:
            session.voice.fault(fault)


def _print(voice: Voice, standing: Standing) -> None:
    for site in standing.sites:
        if site.last_read is None:
            voice.say(f"{site.name}: not read yet; `pressroom once` does")
            continue
        voice.say(
            f"{site.name}: {count(site.posts, 'post')}, {site.public:,} public, "
            f"last change read {site.last_read:%Y-%m-%d %H:%M} UTC"
        )
    for newsletter in standing.newsletters:
        voice.say(_newsletter_line(newsletter))


def _newsletter_line(newsletter: NewsletterStanding) -> str:
    if newsletter.trouble:
        return f"{newsletter.name}: cannot run: {newsletter.trouble}"
    due = (
        f"next due {newsletter.next_due:%A %Y-%m-%d %H:%M %Z}"
        if newsletter.next_due
        else "sent as posts come"
    )
    return (
        f"{newsletter.name}: {count(newsletter.readers, 'reader')}, "
        f"{count(newsletter.issues, 'issue')} so far, "
        f"{count(newsletter.waiting, 'new post')} waiting, {due}"
    )
