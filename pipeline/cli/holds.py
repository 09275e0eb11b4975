"""`pressroom hold`: what stands still, and how it goes on."""

from __future__ import annotations

from dataclasses import asdict
from zoneinfo import ZoneInfo

import click

from pipeline.cli.session import Session, id_argument, pass_session
from pipeline.config.values import parse_duration
from pipeline.runs.issues.holding import accept, describe_holds, once_ended, refuse
from pipeline.runs.readers.signup import choose_newsletters
from pipeline.store.holds import Hold, Reason, Scope, put_hold, standing_holds


@click.group()
def hold() -> None:
    """Keep mail back, see what is kept back and why, and let it go on."""


@hold.command("list")
@click.option("--json", "as_json", is_flag=True, help="Print them as JSON.")
@pass_session
def list_holds(session: Session, as_json: bool) -> None:
    """List what stands still, each in one line, with the commands that end it."""
    configuration = session.load()
    zone = ZoneInfo(configuration.sites[0].zone)
    with session.store(configuration) as database, database.transaction() as tx:
        holds, lines = standing_holds(tx), describe_holds(tx, zone)
    if as_json:
        session.voice.data([asdict(one) for one in holds])
        return
    for line in lines or ["Nothing is on hold."]:
        session.voice.say(line)


@hold.command("put")
@click.argument("newsletter", required=False)
@click.option("--for", "duration", metavar="TIME", help="Only so long: 30m, 2h, 1d.")
@pass_session
def put(session: Session, newsletter: str | None, duration: str | None) -> None:
    """Hold NEWSLETTER, or without one everything.

    No issue of it is opened, made or put into the outbox until the hold is accepted.
    Feeds go on, and so do letters to readers who join.
    """
    configuration, now = session.load(), session.clock.now()
    if newsletter:
        choose_newsletters([n.name for n in configuration.newsletters], [newsletter])
    try:
        until = now + parse_duration(duration) if duration else None
    except ValueError as error:
        raise click.BadParameter(str(error), param_hint="--for") from error
    held = Hold(
        scope=Scope.NEWSLETTER if newsletter else Scope.EVERYTHING,
        target=newsletter or "",
        reason=Reason.OWNER,
        since=now,
        until=until,
        detail={"what": "its owner said so"},
    )
    with session.store(configuration) as database, database.transaction() as tx:
        put_hold(tx, held)
        for line in describe_holds(tx, ZoneInfo(configuration.sites[0].zone)):
            session.voice.say(line)


@hold.command("accept")
@id_argument
@pass_session
def accept_hold(session: Session, number: int) -> None:
    """Go on: what hold ID kept back takes its course with the next run."""
    with session.store(session.load()) as database, database.transaction() as tx:
        ended = accept(tx, number)
        once = once_ended(tx, ended.target)
    what = ended.target or "everything"
    counts = f"{told}, and " if (told := ended.detail.get("accepted")) else ""
    session.voice.say(
        f"Hold {number} has ended: {counts}{what} goes on with the next run{once}"
    )


@hold.command("refuse")
@id_argument
@pass_session
def refuse_hold(session: Session, number: int) -> None:
    """Go on without what hold ID kept back: it is passed over for good."""
    with session.store(session.load()) as database, database.transaction() as tx:
        ended = refuse(tx, number)
        once = once_ended(tx, ended.target)
    what = ended.target or "everything"
    counts = ended.detail.get("refused", "it was passed over")
    session.voice.say(
        f"Hold {number} has ended: {counts}, and {what} goes on with the next run{once}"
    )
