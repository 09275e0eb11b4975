"""`pressroom subscriber`: who reads by mail."""

from __future__ import annotations

from dataclasses import asdict

import click

from pipeline.base.errors import InputError, UsageError
from pipeline.cli.choices import check_language, describe, set_choice
from pipeline.cli.lazy import Later, LazyGroup
from pipeline.cli.session import Session, pass_session
from pipeline.outbox.spool import Spool
from pipeline.runs.readers.moving import move_by_owner, tell_moved
from pipeline.runs.readers.signup import (
    Joining,
    Outcome,
    choose_newsletters,
    join,
    leave,
    parse_address,
)
from pipeline.runs.readers.suppressing import why_kept_out
from pipeline.store.subscribers import find_subscriber
from pipeline.store.subscriptions import find_choices
from pipeline.store.suppressions import find_suppression

_NEWSLETTER = click.option(
    "--newsletter",
    "names",
    multiple=True,
    help="Only this newsletter; may be given again.",
)


@click.group(cls=LazyGroup)
def subscriber() -> None:
    """Add, remove, show, set, import and export the readers by mail."""


@subscriber.command("add")
@click.argument("address")
@_NEWSLETTER
@click.option("--language", default="", help="Language of their mail, such as zh-CN.")
@click.option("--name", default="", help="Their name, for your own lists.")
@click.option(
    "--again", is_flag=True, help="Also if they had left: they asked to come back."
)
@pass_session
def add(
    session: Session,
    address: str,
    names: tuple[str, ...],
    language: str,
    name: str,
    again: bool,
) -> None:
    """Add ADDRESS to every newsletter, or to those named."""
    configuration = session.load()
    known = [newsletter.name for newsletter in configuration.newsletters]
    joining = Joining(
        address=parse_address(address),
        newsletters=choose_newsletters(known, names),
        source="command",
        language=check_language(language),
        name=name,
    )
    with session.store(configuration) as database, database.transaction() as tx:
        outcome = join(tx, joining, session.clock.now(), again=again)
        if outcome is Outcome.KEPT_OUT:
            raise UsageError(why_kept_out(tx, joining.address))
    where = ", ".join(joining.newsletters)
    session.voice.say(f"{joining.address.address}: {outcome} ({where})")


@subscriber.command("remove")
@click.argument("address")
@click.option("--newsletter", "name", default="", help="Only from this newsletter.")
@pass_session
def remove(session: Session, address: str, name: str) -> None:
    """Take ADDRESS out of every newsletter, or of the one named, at once.

    Messages that no relay has taken yet are pulled out of the outbox.
    """
    configuration = session.load()
    key = parse_address(address).key
    with session.store(configuration) as database:
        with database.transaction() as tx:
            reader = find_subscriber(tx, key)
        if reader is None or (name and name not in reader.newsletters):
            where = f" to {name}" if name else ""
            raise InputError(f"{address} is not subscribed{where}")
        spool = Spool(configuration.outbox.folder)
        leave(database, spool, reader, session.clock.now(), name)
    session.voice.say(f"{reader.address}: removed")


@subscriber.command("readdress")
@click.argument("old")
@click.argument("new")
@pass_session
def readdress(session: Session, old: str, new: str) -> None:
    """Write to the reader at OLD at the address NEW from now on.

    What they chose and what they have had stays. Where the readers' pages are set up, a
    letter tells OLD; readers do it themselves by their own page, which asks NEW first.
    """
    configuration = session.load()
    former, address = parse_address(old), parse_address(new)
    with session.store(configuration) as database, database.transaction() as tx:
        reader = find_subscriber(tx, former.key)
        if reader is None:
            raise InputError(f"{old} is not known{tell_moved(tx, former)}")
        known = [each.name for each in configuration.newsletters]
        own = [name for name in reader.newsletters if name in known] or known
        sender = own[0] if own and configuration.web.public_url else ""
        move_by_owner(tx, reader, address, sender, session.clock.now())
    session.voice.say(f"{reader.address}: is now {address.address}")


@subscriber.command("show")
@click.argument("address")
@click.option("--json", "as_json", is_flag=True, help="Print it as JSON.")
@pass_session
def show(session: Session, address: str, as_json: bool) -> None:
    """Show what is known of ADDRESS."""
    configuration = session.load()
    parsed = parse_address(address)
    with session.store(configuration) as database, database.transaction() as tx:
        reader = find_subscriber(tx, parsed.key)
        if reader is None and find_suppression(tx, parsed.key):
            raise InputError(f"{address} is not known; {why_kept_out(tx, parsed)}")
        choices = find_choices(tx, reader.id) if reader else ()
        moved = tell_moved(tx, parsed)
    if reader is None:
        raise InputError(f"{address} is not known{moved}")
    if as_json:
        session.voice.data(asdict(reader) | {"choices": list(map(asdict, choices))})
        return
    for label, value in (
        ("address", reader.address),
        ("name", reader.name),
        ("state", reader.state),
        ("language", reader.language),
        ("newsletters", "; ".join(map(describe, choices))),
        ("tags", ", ".join(reader.tags)),
        ("since", f"{reader.created:%Y-%m-%d %H:%M} UTC"),
        ("joined by", reader.source),
    ):
        session.voice.say(f"{label + ':':<13}{value}")


for command in (
    set_choice,
    Later(
        "form",
        "pipeline.cli.snippet:form",
        "Print a form to join, as HTML to put into a page of your site.",
    ),
    Later(
        "import",
        "pipeline.cli.interchange:import_file",
        "Add everyone in the CSV files; whoever left stays out.",
    ),
    Later(
        "export",
        "pipeline.cli.interchange:export",
        "Print every subscriber as CSV, or write them to FILE.",
    ),
    Later(
        "block",
        "pipeline.cli.privacy:block_rules",
        "Keep an ADDRESS, or everybody at a @DOMAIN and below it, out for good.",
    ),
    Later(
        "unblock",
        "pipeline.cli.privacy:unblock_rules",
        "Let an ADDRESS or a @DOMAIN join again; nobody is subscribed by it.",
    ),
    Later(
        "suppressed",
        "pipeline.cli.privacy:suppressed",
        "List the domains and addresses that are kept out, and why.",
    ),
    Later(
        "erase",
        "pipeline.cli.privacy:erase",
        "Erase every trace of ADDRESS, but a digest that keeps them out.",
    ),
    Later(
        "reasons",
        "pipeline.cli.reasons:reasons",
        "Tell why readers left, as far as they said.",
    ),
    Later(
        "leave-by-mail",
        "pipeline.cli.leaving:leave_by_mail",
        "Take out whoever sent the mail on standard input to their address to leave.",
    ),
):
    subscriber.add_command(command)
