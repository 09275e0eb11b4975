"""`pressroom restore`: what a store from a backup has forgotten, and accepting it."""

from __future__ import annotations

from dataclasses import asdict

import click

from pipeline.cli.console import Voice, count
from pipeline.cli.session import Session, pass_session
from pipeline.outbox.spool import Spool
from pipeline.runs.backups.remembering import Plan, accept, make_plan
from pipeline.runs.issues.holding import once_ended
from pipeline.runs.outgoing.restoring import told_restore
from pipeline.store.ledger import Standing


@click.group()
def restore() -> None:
    """After a backup was put back: see what the store has forgotten, and accept it."""


@restore.command("show")
@click.option("--json", "as_json", is_flag=True, help="Print it as JSON.")
@pass_session
def show(session: Session, as_json: bool) -> None:
    """Show what `restore accept` would do. A run must have found it first."""
    configuration = session.load()
    with session.store(configuration) as database:
        plan = make_plan(database, Spool(configuration.outbox.folder))
    if as_json:
        session.voice.data(None if plan is None else asdict(plan))
        return
    if plan is None:
        session.voice.say(
            "Nothing waits: the last run found store and outbox to fit each other."
        )
        return
    _print(session.voice, plan)


@restore.command("accept")
@click.option(
    "--nothing-since",
    "all_since",
    flag_value="no",
    help="Where the ledger is lost: nothing went out that the store does not know of.",
)
@click.option(
    "--all-since",
    "all_since",
    flag_value="yes",
    help="Where the ledger is lost: all that is public now counts as sent.",
)
@pass_session
def accept_plan(session: Session, all_since: str | None) -> None:
    """Do what `restore show` tells, and let mail go on with the next run."""
    configuration = session.load()
    spool = Spool(configuration.outbox.folder)
    choice = None if all_since is None else all_since == "yes"
    with session.store(configuration) as database:
        accept(database, spool, session.clock.now(), all_since=choice)
        with database.transaction() as tx:
            once = once_ended(tx)
    session.voice.say(f"Accepted; mail goes on with the next run{once}")


def _print(voice: Voice, plan: Plan) -> None:
    text = told_restore(plan.restore)
    voice.say(f"{text[0].upper()}{text[1:]}.")
    if plan.restore.kind is Standing.NO_LEDGER:
        _print_choices(voice)
    elif plan.restore.kind is Standing.OLDER_LEDGER:
        voice.say(
            "Move what was sent before out of new/ and cur/. `pressroom restore "
            "accept` then writes the ledger anew from the store, and mail goes on."
        )
    else:
        _print_forgotten(voice, plan)


def _print_choices(voice: Voice) -> None:
    voice.say(
        "If its folder is elsewhere, put it back, or mount it: the next run goes on by "
        "itself. If it is lost, choose:"
    )
    voice.say(
        "  pressroom restore accept --nothing-since   go on from where the store is; "
        "what it has forgotten goes out again"
    )
    voice.say(
        "  pressroom restore accept --all-since       count all that is public now as "
        "sent; nothing comes twice, but who had not got it misses it"
    )


def _print_forgotten(voice: Voice, plan: Plan) -> None:
    voice.say("Accepting it counts as sent, and to nobody again:")
    for issue in plan.issues:
        voice.say(
            f"  {issue.label}, due {issue.due:%Y-%m-%d %H:%M} UTC: "
            f"{count(issue.posts, 'post')} to {count(issue.readers, 'reader')} in "
            f"{count(issue.batches, 'batch', 'batches')}"
        )
    for label in plan.earlier:
        voice.say(f"  {label} and the issues before it")
    if plan.left_out:
        voice.say(f"  {count(plan.left_out, 'post')} that you left out")
    if not plan.issues and not plan.earlier:
        voice.say("  no issue")
    people = (
        (plan.left, "left, and would get mail again"),
        (plan.erased, "erased, and would be there again"),
        (plan.kept_out, "on the list of who must get no mail"),
    )
    for number, what in people:
        if number:
            voice.say(f"  {count(number, 'reader')} {what}")
    if plan.strangers:
        voice.say(
            f"{count(plan.strangers, 'reader')} joined after the backup and cannot be "
            "brought back from it: they get no mail until they join again."
        )
    for label, batches in plan.under_way:
        waiting = count(batches, "batch waits", "batches wait")
        voice.say(
            f"{label} is under way in the store ({waiting}), and goes on; "
            "`pressroom issue stop` stops it."
        )
