"""`pressroom key`: the keys that sign the readers' links. Never prints one."""

from __future__ import annotations

import click

from pipeline.base.errors import InputError
from pipeline.cli.console import count, shown_path
from pipeline.cli.session import Session, pass_session
from pipeline.runs.outgoing.keys import key_path, load_keys, rotate_keys


@click.group()
def key() -> None:
    """Show and rotate the keys that sign the readers' links."""


@key.command("show")
@click.option("--json", "as_json", is_flag=True, help="Print them as JSON.")
@pass_session
def show(session: Session, as_json: bool) -> None:
    """Show fingerprint and age of every key, the one that signs first.

    The keys themselves are never shown.
    """
    store = session.load().store.path
    keys = load_keys(store)
    if not keys:
        raise InputError(
            f"there is no key {key_path(store)} yet; `pressroom once` makes it"
        )
    if as_json:
        session.voice.data(
            [{"fingerprint": one.fingerprint, "since": one.since} for one in keys]
        )
        return
    now = session.clock.now()
    session.voice.table(
        ("Fingerprint", "Since", "Age", "Use"),
        [
            (
                one.fingerprint,
                f"{one.since:%Y-%m-%d %H:%M} UTC",
                count(max((now - one.since).days, 0), "day"),
                "signs and verifies" if one is keys[0] else "verifies",
            )
            for one in keys
        ],
    )


@key.command("rotate")
@pass_session
def rotate(session: Session) -> None:
    """Sign with a new key from now on; every link in older mail goes on working."""
    store = session.load().store.path
    made = rotate_keys(store, session.clock.now())
    session.voice.say(
        f"{shown_path(key_path(store))}: key {made.fingerprint} signs from now on; "
        "links in older mail go on working. Make a new `pressroom backup`"
    )
