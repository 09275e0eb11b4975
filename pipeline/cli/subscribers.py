"""`pressroom subscriber`: who reads by mail."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path

import click

from pipeline.base.errors import InputError, UsageError
from pipeline.cli.session import Session, pass_session
from pipeline.outbox.spool import Spool
from pipeline.runs.signup import (
    Joining,
    Outcome,
    choose_newsletters,
    import_readers,
    join,
    leave,
    parse_address,
)
from pipeline.store.database import Database
from pipeline.store.subscribers import find_subscriber, subscribers_after
from pipeline.subscribers.interchange import write_rows
from pipeline.subscribers.subscriber import Subscriber

REFUSED_STATUS = 65
"""Some rows of a file were refused, the rest went on."""

_LANGUAGE_TAG = re.compile(r"[A-Za-z]{2,3}([-_][A-Za-z0-9]{2,8})*")

_NEWSLETTER = click.option(
    "--newsletter",
    "names",
    multiple=True,
    help="Only this newsletter; may be given again.",
)


@click.group()
def subscriber() -> None:
    """Add, remove, show, import and export the readers by mail."""


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
        language=_language(language),
        name=name,
    )
    with session.store(configuration) as database, database.transaction() as tx:
        outcome = join(tx, joining, session.clock.now(), again=again)
    if outcome is Outcome.KEPT_OUT:
        raise UsageError(
            f"{address} has left or cannot be reached; if they asked to come back, "
            "say --again"
        )
    where = ", ".join(joining.newsletters)
    session.voice.say(f"{joining.address.address}: {outcome} ({where})")


def _language(text: str) -> str:
    if text and not _LANGUAGE_TAG.fullmatch(text):
        raise UsageError(f"--language {text}: this is no language tag; one is zh-CN")
    return text


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


@subscriber.command("show")
@click.argument("address")
@click.option("--json", "as_json", is_flag=True, help="Print it as JSON.")
@pass_session
def show(session: Session, address: str, as_json: bool) -> None:
    """Show what is known of ADDRESS."""
    configuration = session.load()
    key = parse_address(address).key
    with session.store(configuration) as database, database.transaction() as tx:
        reader = find_subscriber(tx, key)
    if reader is None:
        raise InputError(f"{address} is not known")
    if as_json:
        session.voice.data(asdict(reader))
        return
    for label, value in (
        ("address", reader.address),
        ("name", reader.name),
        ("state", reader.state),
        ("language", reader.language),
        ("newsletters", ", ".join(reader.newsletters)),
        ("since", f"{reader.created:%Y-%m-%d %H:%M} UTC"),
        ("joined by", reader.source),
    ):
        session.voice.say(f"{label + ':':<13}{value}")


@subscriber.command("import")
@click.argument("file", type=click.Path(path_type=Path))
@_NEWSLETTER
@pass_session
def import_file(session: Session, file: Path, names: tuple[str, ...]) -> int:
    """Add everyone in the CSV FILE; whoever left stays out.

    A column of addresses is enough. Columns called email, name, language,
    newsletters and status are understood.
    """
    configuration = session.load()
    known = [newsletter.name for newsletter in configuration.newsletters]
    chosen = choose_newsletters(known, names)
    try:
        lines = file.read_text(encoding="utf-8-sig").splitlines(keepends=True)
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"{file} cannot be read: {error}; save it as UTF-8") from error
    now = session.clock.now()
    with session.store(configuration) as database:
        imported = import_readers(
            database, lines, chosen, f"import of {file.name}", now
        )
    counts = imported.counts
    told = [f"{counts[kind]:,} {kind}" for kind in Outcome if counts[kind]]
    session.voice.say(f"{file}: {', '.join(told) or 'nobody'}")
    for refused in imported.refused:
        session.voice.tell(f"{file}:{refused.line}: {refused.reason}", "yellow")
    return REFUSED_STATUS if imported.refused else 0


@subscriber.command("export")
@click.option("--json", "as_json", is_flag=True, help="Print them as JSON.")
@pass_session
def export(session: Session, as_json: bool) -> None:
    """Print every subscriber as CSV."""
    configuration = session.load()
    with session.store(configuration) as database:
        readers = _all_readers(database)
        if as_json:
            session.voice.data([asdict(reader) for reader in readers])
            return
        for line in write_rows(readers):
            session.voice.out.out(line, end="")


def _all_readers(database: Database) -> Iterator[Subscriber]:
    """Yield every subscriber; no transaction is open while a pipe is read slowly."""
    after = 0
    while True:
        with database.transaction() as tx:
            readers = subscribers_after(tx, after)
        if not readers:
            return
        yield from readers
        after = readers[-1].id
