"""`pressroom issue`: the issues so far, and what became of their messages."""

from __future__ import annotations

from dataclasses import asdict

import click

from pipeline.cli.console import count
from pipeline.cli.lazy import Later, LazyGroup
from pipeline.cli.session import Session, id_argument, pass_session
from pipeline.outbox.spool import Spool
from pipeline.runs.issues.deciding import find_named, look_at_issue
from pipeline.runs.readers.signup import choose_newsletters
from pipeline.store.batches import issue_batches
from pipeline.store.issues import count_issues, find_variants


@click.group(cls=LazyGroup)
def issue() -> None:
    """Look at the issues of the newsletters, and decide on one."""


@issue.command("list")
@click.option("--newsletter", default="", help="Only this newsletter's issues.")
@click.option("--json", "as_json", is_flag=True, help="Print them as JSON.")
@pass_session
def list_issues(session: Session, newsletter: str, as_json: bool) -> None:
    """List the issues, oldest first."""
    configuration = session.load()
    with session.store(configuration) as database, database.transaction() as tx:
        found = count_issues(tx, newsletter)
    if newsletter and not found:
        choose_newsletters([n.name for n in configuration.newsletters], [newsletter])
    if as_json:
        session.voice.data([asdict(entry) for entry in found])
        return
    if not found:
        session.voice.say("There is no issue yet.")
        return
    session.voice.table(
        ("id", "issue", "due", "state", "members", "batches published"),
        (
            (
                entry.issue.id,
                entry.issue.label,
                f"{entry.issue.boundary:%Y-%m-%d %H:%M} UTC",
                entry.issue.state,
                f"{entry.members:,}",
                f"{entry.handed:,} of {entry.batches:,}",
            )
            for entry in found
        ),
    )


@issue.command("show")
@id_argument
@click.option("--json", "as_json", is_flag=True, help="Print it as JSON.")
@pass_session
def show_issue(session: Session, number: int, as_json: bool) -> None:
    """Show one issue: ID is the first column of `issue list`."""
    configuration = session.load()
    spool = Spool(configuration.outbox.folder)
    with session.store(configuration) as database, database.transaction() as tx:
        find_named(tx, number)
        found = [entry for entry in count_issues(tx) if entry.issue.id == number]
        variants = find_variants(tx, number)
        batches = issue_batches(tx, number)
        outlook = look_at_issue(tx, found[0].issue)
    entry = found[0]
    places = {batch.name: spool.where(batch.name, batch.attempt) for batch in batches}
    if as_json:
        shown = [
            {"name": b.name, "state": b.state, "place": places[b.name]} for b in batches
        ]
        session.voice.data(
            asdict(entry) | {"variants": list(map(asdict, variants)), "batches": shown}
        )
        return
    title = f"{entry.issue.label}, {entry.issue.state}"
    readers = entry.members or outlook.readers
    is_counted = readers is not None or not outlook.places
    told = f": {count(readers or 0, 'reader')}" if is_counted else ""
    session.voice.say(f"{title}{told}")
    if outlook.until:
        session.voice.say(f"  goes out by itself at {outlook.until:%Y-%m-%d %H:%M} UTC")
    for place in outlook.places:
        left_out = "left out: " if place.skipped else ""
        session.voice.say(f"  post: {left_out}{place.post.path}, {place.post.title}")
    for variant in variants:
        session.voice.say(f"  variant {variant.n} ({variant.language})")
        session.voice.say(f"    subject: {variant.page.subject}")
        for post_id in variant.post_ids:
            session.voice.say(f"    post:    {post_id}")
    for batch in batches:
        session.voice.say(f"  batch {batch.name}: {batch.state}, {places[batch.name]}")


for command in (
    Later(
        "unlist",
        "pipeline.cli.decisions:unlist",
        "Take issue ID out of the archive: its page, the lists and the feeds.",
    ),
    Later(
        "hold",
        "pipeline.cli.decisions:hold",
        "Hold issue ID, which is opened or held, until it is released.",
    ),
    Later(
        "release",
        "pipeline.cli.decisions:release",
        "Let issue ID go, which is held: the next run makes it and sends it.",
    ),
    Later(
        "skip",
        "pipeline.cli.decisions:skip",
        "Leave POST out of issue ID, and of every later one.",
    ),
    Later(
        "stop",
        "pipeline.cli.decisions:stop",
        "Stop issue ID: what is not in the outbox yet stays unsent.",
    ),
    Later(
        "resume",
        "pipeline.cli.decisions:resume",
        "Go on with issue ID, which was stopped: the next run sends the rest.",
    ),
    Later(
        "correct",
        "pipeline.cli.decisions:correct",
        "Send a correction of issue ID to those who got it.",
    ),
    Later(
        "test",
        "pipeline.cli.decisions:test",
        "Send issue ID once, as a reader gets it, to you alone.",
    ),
):
    issue.add_command(command)
