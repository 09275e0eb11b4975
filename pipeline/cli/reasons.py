"""`pressroom subscriber reasons`: why readers left, as far as they said."""

from __future__ import annotations

from dataclasses import asdict
from datetime import timedelta

import click

from pipeline.cli.session import Session, pass_session
from pipeline.store.departures import count_departures, departure_remarks


@click.command()
@click.option(
    "--days",
    type=click.IntRange(1, 36_500),
    default=90,
    show_default=True,
    help="How far to look back.",
)
@click.option("--json", "as_json", is_flag=True, help="Print them as JSON.")
@pass_session
def reasons(session: Session, days: int, as_json: bool) -> None:
    """Tell why readers left, as far as they said.

    A reason is kept with the newsletter and the day, without the reader.
    """
    configuration = session.load()
    since = session.clock.now() - timedelta(days=days)
    with session.store(configuration) as database, database.transaction() as tx:
        counts, remarks = count_departures(tx, since), departure_remarks(tx, since)
    if as_json:
        told = [asdict(remark) for remark in remarks]
        session.voice.data({"counts": counts, "remarks": told})
        return
    if not counts:
        session.voice.say(f"Nobody said why they left in the last {days} days.")
        return
    rows = [(name, *one) for name, said in counts.items() for one in said.items()]
    session.voice.table(("newsletter", "reason", "readers"), rows)
    for remark in remarks:
        session.voice.say(f"{remark.day} {remark.newsletter}: {remark.words}")
