"""`pressroom backup`: copies of what cannot be made again."""

from __future__ import annotations

from pathlib import Path

import click

from pipeline.cli.console import Voice, count, shown_path
from pipeline.cli.session import Session, pass_session
from pipeline.runs.backups.backup import back_up, remove_older


@click.command()
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False))
@click.option(
    "--keep",
    type=click.IntRange(1),
    metavar="N",
    help="Then remove all but the newest N backups in FOLDER.",
)
@pass_session
def backup(session: Session, folder: Path, keep: int | None) -> None:
    """Copy store, keys and configuration into a new folder in FOLDER.

    The copy is consistent, also while a run goes on, and only you may read it. To go
    back, put the files where they were: the store and `key` into the folder of
    `store.path`. The next run then tells what the store has forgotten.
    """
    store = session.load().store.path
    made = back_up(session.config, store, folder.resolve(), session.clock.now())
    session.voice.say(f"Wrote {shown_path(made)}: configuration, store and keys")
    if keep:
        _thin(session.voice, made, keep)


def _thin(voice: Voice, made: Path, keep: int) -> None:
    thinned = remove_older(made, keep)
    if thinned.removed:
        voice.say(f"Removed {count(thinned.removed, 'older backup')}")
    if thinned.ahead:
        shown = ", ".join(shown_path(made.parent / name) for name in thinned.ahead)
        voice.say(
            f"Note: named by a time to come, so not counted and not removed: {shown}. "
            "The clock was ahead; remove them yourself"
        )
