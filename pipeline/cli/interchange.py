"""`pressroom subscriber import` and `export`: lists of readers in files."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path

import click

from pipeline.base.errors import InputError
from pipeline.cli.session import Session, pass_session
from pipeline.runs.importing import import_readers
from pipeline.runs.signup import Outcome, choose_newsletters
from pipeline.store.database import Database
from pipeline.store.subscribers import subscribers_after
from pipeline.subscribers.interchange import write_rows
from pipeline.subscribers.subscriber import Subscriber

REFUSED_STATUS = 65
"""Some rows of a file were refused, the rest went on."""

_NEWSLETTER = click.option(
    "--newsletter",
    "names",
    multiple=True,
    help="Only this newsletter; may be given again.",
)


@click.command("import")
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


@click.command("export")
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
