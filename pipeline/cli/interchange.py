"""`pressroom subscriber import` and `export`: lists of readers in files."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import click

from pipeline.base.errors import UsageError
from pipeline.cli.console import Voice, count
from pipeline.cli.privacy import tell_about
from pipeline.cli.session import Session, pass_session
from pipeline.config.settings import Configuration
from pipeline.outbox.spool import Spool
from pipeline.runs.previews import copied_store
from pipeline.runs.readers.exporting import Choice, chosen_readers, write_file
from pipeline.runs.readers.importing import (
    REFUSED,
    FileTally,
    Imported,
    Plan,
    import_files,
    told_counts,
    total,
)
from pipeline.runs.readers.listfiles import look_at
from pipeline.runs.readers.signup import choose_newsletters
from pipeline.store.database import Database
from pipeline.subscribers.dialects.every import DIALECTS
from pipeline.subscribers.interchange import Reading, write_list
from pipeline.subscribers.subscriber import State, Subscriber
from pipeline.subscribers.times import Clockface

REFUSED_STATUS = 65
"""Some rows of a file were refused, the rest went on."""

_MARK = "\ufeff"
_DIALECT = click.Choice(tuple(DIALECTS))


@click.command("import")
@click.argument(
    "files", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="FILE..."
)
@click.option(
    "--newsletter",
    "names",
    multiple=True,
    help="Only this newsletter; may be given again.",
)
@click.option(
    "--list",
    "lists",
    multiple=True,
    metavar="NAME=NEWSLETTER",
    help="Whoever is in the other program's list NAME, or has the tag, joins "
    "NEWSLETTER; may be given again.",
)
@click.option(
    "--preview",
    "--dry-run",
    "preview",
    is_flag=True,
    help="Only say what would become of the rows.",
)
@click.option(
    "--from", "dialect", type=_DIALECT, help="The program that wrote the files."
)
@click.option(
    "--refused",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Write the lines that were refused into this file, with the reasons.",
)
@click.option("--encoding", default="", help="Encoding of the files, such as gb18030.")
@click.option(
    "--zone", default="UTC", show_default=True, help="Zone of times that name none."
)
@click.option("--day-first", is_flag=True, help="In 3/4/2026 the 3 is the day.")
@click.option("--json", "as_json", is_flag=True, help="Print the counts as JSON.")
@pass_session
def import_file(session: Session, /, **options: Any) -> int:
    """Add everyone in the CSV files; whoever left stays out.

    A column of addresses is enough. Known are the exports of Mailchimp, Substack,
    Ghost, Buttondown, listmonk and Kit, and lists with columns called email, name,
    language, newsletters, status, created, tags and others. An import that was cut
    short goes on where it was when it is given again.
    """
    configuration = session.load()
    known = [newsletter.name for newsletter in configuration.newsletters]
    plan = _plan(known, options)
    looked = [look_at(path, options["encoding"]) for path in options["files"]]
    lines = sum(file.lines for file in looked)
    with (
        _store(session, configuration, preview=options["preview"]) as database,
        session.bars().meter("Reading", lines) as advance,
    ):
        now = session.clock.now()
        # A preview is of a copy: the outbox is the store's own.
        spool = None if options["preview"] else Spool(configuration.outbox.folder)
        imported = import_files(database, looked, plan, now, advance, spool)
    if options["as_json"]:
        session.voice.data(_as_data(imported))
    else:
        _tell(session.voice, imported, plan, preview=options["preview"])
    return REFUSED_STATUS if total(imported.tallies)[REFUSED] else 0


def _plan(known: Sequence[str], options: Mapping[str, Any]) -> Plan:
    """Return what the options ask for; raises UsageError."""
    zone, dialect = options["zone"], options["dialect"]
    try:
        face = Clockface(ZoneInfo(zone), options["day_first"])
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise UsageError(
            f"--zone {zone}: there is no such zone; one is Asia/Shanghai"
        ) from error
    reading = Reading(
        dialect=DIALECTS[dialect] if dialect else None,
        lists=dict(_mapped(text, known) for text in options["lists"]),
        face=face,
    )
    return Plan(
        newsletters=choose_newsletters(known, options["names"]),
        reading=reading,
        refusals=options["refused"],
    )


def _mapped(text: str, known: Sequence[str]) -> tuple[str, str]:
    name, equals, newsletter = text.rpartition("=")
    if not equals:
        raise UsageError(f"--list {text}: write it like 'Weekly news=weekly'")
    (newsletter,) = choose_newsletters(known, (newsletter.strip(),))
    return name.strip().casefold(), newsletter


@contextmanager
def _store(
    session: Session, configuration: Configuration, *, preview: bool
) -> Iterator[Database]:
    """Give the store, or for a preview a copy that is thrown away."""
    if not preview:
        with session.store(configuration) as database:
            yield database
        return
    with session.store(configuration):
        pass  # It is there, and as new as we are.
    with copied_store(configuration.store.path) as database:
        yield database


def _tell(voice: Voice, imported: Imported, plan: Plan, *, preview: bool) -> None:
    if imported.resumed:
        stopped = f"{imported.resumed.started:%Y-%m-%d %H:%M} UTC"
        voice.tell(f"went on with the import begun at {stopped}")
    for tally in imported.tallies:
        _tell_file(voice, tally, plan)
    if preview:
        voice.say("Nothing was changed: this was a preview.")


def _tell_file(voice: Voice, tally: FileTally, plan: Plan) -> None:
    file, listing = tally.file, tally.listing
    said = listing.dialect.title if listing else ""
    if listing and listing.state:
        said += f", {listing.state} by its name"
    if file.guessed:
        said += f", read as {file.encoding} (a guess)"
    voice.say(f"{file.path} ({said}): {told_counts(tally.counts)}")
    if plan.refusals:
        return
    for refused in tally.refused:
        voice.tell(f"{file.path}:{refused.line}: {refused.reason}", "yellow")
    more = tally.counts[REFUSED] - len(tally.refused)
    if more > 0:
        voice.tell(
            f"{file.path}: and {count(more, 'more line')} refused; "
            "--refused FILE writes them all into a file",
            "yellow",
        )


def _as_data(imported: Imported) -> list[dict[str, object]]:
    return [
        {
            "file": str(tally.file.path),
            "dialect": tally.dialect.name if tally.dialect else None,
            "encoding": tally.file.encoding,
            "lines": tally.file.lines,
            "counts": {kind: n for kind, n in tally.counts.items() if n},
            "refused": [
                {"line": one.line, "reason": one.reason} for one in tally.refused
            ],
        }
        for tally in imported.tallies
    ]


@click.command("export")
@click.argument("file", required=False, type=click.Path(path_type=Path, dir_okay=False))
@click.option(
    "--as",
    "dialect",
    type=_DIALECT,
    default="plain",
    show_default=True,
    help="The program that is to read the file.",
)
@click.option(
    "--state",
    "states",
    multiple=True,
    type=click.Choice([state.value for state in State]),
    help="Only those in this state; may be given again.",
)
@click.option(
    "--newsletter",
    "names",
    multiple=True,
    help="Only readers of this newsletter; may be given again.",
)
@click.option(
    "--bom", is_flag=True, help="Begin with a byte order mark, as Excel wants it."
)
@click.option("--json", "as_json", is_flag=True, help="Print them as JSON.")
@click.option(
    "--about", metavar="ADDRESS", help="Print all that is known of ADDRESS, as JSON."
)
@pass_session
def export(session: Session, /, **options: Any) -> None:
    """Print every subscriber as CSV, or write them to FILE.

    Those who left are among them, so that the next program keeps them out too.
    """
    if options["about"]:
        tell_about(session, options["about"])
        return
    configuration = session.load()
    file, names = options["file"], options["names"]
    if names:
        choose_newsletters([one.name for one in configuration.newsletters], names)
    choice = Choice(frozenset(map(State, options["states"])), frozenset(names))
    with session.store(configuration) as database:
        lines = _lines(chosen_readers(database, choice), options)
        if file is not None:
            write_file(file, lines)
            return
        # Not printed one by one: looked through for colours, 100,000 take a minute.
        session.voice.out.file.writelines(lines)


def _lines(readers: Iterable[Subscriber], options: Mapping[str, Any]) -> Iterator[str]:
    if options["as_json"]:
        yield from _json(readers)
        return
    if options["bom"]:
        yield _MARK
    yield from write_list(readers, DIALECTS[options["dialect"]])


def _json(readers: Iterable[Subscriber]) -> Iterator[str]:
    """Yield a JSON list, a reader a line."""
    between = "[\n"
    for reader in readers:
        yield between + json.dumps(asdict(reader), ensure_ascii=False, default=str)
        between = ",\n"
    yield "\n]\n" if between == ",\n" else "[]\n"
