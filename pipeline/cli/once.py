"""`pressroom once`: one whole run, live or as a trial."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import click

from pipeline.base.clock import FixedClock
from pipeline.base.errors import UsageError
from pipeline.cli.console import Voice, count, relative, shown_path
from pipeline.cli.loading import load_for_run, place_errors
from pipeline.cli.session import Session, pass_session
from pipeline.config.settings import Configuration
from pipeline.runs.once import run_once
from pipeline.runs.report import IssueReport, Report, SiteReport
from pipeline.runs.trial import prepare_trial

SHOWN_FEEDS = 6


@click.command()
@click.option(
    "--at",
    "time",
    metavar="TIME",
    help="In a trial: run as if it were TIME, such as 2026-11-23T09:00.",
)
@click.option(
    "--into",
    type=click.Path(path_type=Path, file_okay=False),
    help="A trial: write into this empty folder; store, feeds and outbox stay alone.",
)
@click.option("--json", "as_json", is_flag=True, help="Print what was done as JSON.")
@pass_session
def once(session: Session, time: str | None, into: Path | None, as_json: bool) -> int:
    """Do everything that is due, once: what cron calls.

    Reads the changed posts, writes the feeds that change, opens the issues that are
    due, and puts their messages into the outbox. A second run finds nothing to do.

    With --into it is a trial, at another time if --at names one.
    """
    configuration, clock = load_for_run(session), session.clock
    if time and into is None:
        raise UsageError("--at goes with --into DIR: another time is only for trials")
    if time:
        clock = FixedClock(_parse_time(time, configuration))
    if into is not None:
        configuration = prepare_trial(configuration, into)
    report = run_once(configuration, clock, session.bars())
    report.errors = place_errors(session, report.errors, configuration)
    if as_json:
        session.voice.data(_as_data(report))
    else:
        _print(session.voice, report, configuration)
    for fault in report.faults:
        session.voice.fault(fault)
    for error in report.errors:
        session.voice.error(error)
    return report.exit_status()


def _parse_time(text: str, configuration: Configuration) -> datetime:
    try:
        time = datetime.fromisoformat(text)
    except ValueError as error:
        raise UsageError(
            f"--at {text}: not a time; write it like 2026-11-23T09:00"
        ) from error
    zone = ZoneInfo(configuration.sites[0].zone)
    return time if time.tzinfo else time.replace(tzinfo=zone)


def _print(voice: Voice, report: Report, configuration: Configuration) -> None:
    for site in report.sites:
        _print_site(voice, site)
    _print_files(voice, "wrote", "file", report.archived, " of archives")
    _print_files(voice, "removed", "stale file", report.removed)
    for issue in report.issues:
        _print_issue(voice, issue)
    for note in report.notes:
        voice.say(f"Note: {relative(note)}")
    if not report.changed() and not report.errors:
        voice.say("Nothing new: feeds and outbox are as they were.")
    elif any(issue.batches for issue in report.issues):
        folder = shown_path(configuration.outbox.folder / "new")
        voice.say(f"The messages lie in {folder}/ for your relay to take.")


def _print_site(voice: Voice, site: SiteReport) -> None:
    read = f"{count(site.opened, 'file')} read" if site.opened else "none changed"
    voice.say(
        f"{site.site}: {count(site.found, 'post')} in {shown_path(site.folder)}, "
        f"{site.live:,} public, {read}"
    )
    _print_files(voice, "wrote", "feed file", site.written)
    if site.kept:
        voice.say(f"  {count(len(site.kept), 'feed file')} unchanged")


def _print_files(
    voice: Voice, verb: str, noun: str, paths: Sequence[Path], of: str = ""
) -> None:
    if paths:
        voice.say(f"  {verb} {count(len(paths), noun)}{of}:")
    for path in paths[:SHOWN_FEEDS]:
        voice.say(f"    {shown_path(path)}")
    if len(paths) > SHOWN_FEEDS:
        voice.say(f"    and {len(paths) - SHOWN_FEEDS:,} more")


def _print_issue(voice: Voice, issue: IssueReport) -> None:
    voice.say(f"{issue.label}: {issue.subject or 'nobody to send it to'}")
    if issue.subject:
        voice.say(
            f"  {count(issue.posts, 'post')}, {count(issue.messages, 'message')} in "
            f"{count(len(issue.batches), 'batch', 'batches')} put into the outbox"
        )
    for path in issue.batches[:SHOWN_FEEDS]:
        voice.say(f"    {shown_path(path)}")
    if len(issue.batches) > SHOWN_FEEDS:
        voice.say(f"    and {len(issue.batches) - SHOWN_FEEDS:,} more")
    if issue.waiting:
        batches = count(issue.waiting, "batch waits", "batches wait")
        voice.say(f"  {batches} until the relay has taken some")


def _as_data(report: Report) -> dict[str, object]:
    return {
        "changed": report.changed(),
        "sites": [asdict(site) for site in report.sites],
        "archived": report.archived,
        "removed": report.removed,
        "issues": [asdict(issue) for issue in report.issues],
        "notes": report.notes,
        "faults": [asdict(fault) for fault in report.faults],
        "errors": [str(error) for error in report.errors],
        "exit_status": report.exit_status(),
    }
