"""`pressroom subscriber leave-by-mail`: what a mail server pipes a mail to."""

from __future__ import annotations

from contextlib import suppress

import click

from pipeline.base.errors import (
    BusyError,
    InputError,
    OutputError,
    StoreError,
    UsageError,
)
from pipeline.cli.session import Session, pass_session
from pipeline.config.settings import Configuration
from pipeline.outbox.spool import Spool
from pipeline.runs.outgoing.keys import read_keys
from pipeline.runs.outgoing.readers import plain_address
from pipeline.runs.readers.leavebymail import (
    MAX_HEADER_OCTETS,
    find_tokens,
    is_automatic,
    read_header,
)
from pipeline.runs.readers.leaving import Holder, find_holder, leave_newsletter
from pipeline.store.database import Database


@click.command("leave-by-mail")
@pass_session
def leave_by_mail(session: Session) -> None:
    """Take out whoever sent the mail on standard input to their address to leave.

    That is `mail.unsubscribe_address` with a token, as every mail has it. Bounces and
    automatic answers change nothing. A mail server may pipe each mail here: docs/web.md
    has the lines.
    """
    configuration = session.load()
    box = plain_address(configuration.mail.unsubscribe_address)
    if not box:
        raise UsageError("mail.unsubscribe_address is not set: no mail leads here")
    with click.open_file("-", "rb") as message:
        header = read_header(message.read(MAX_HEADER_OCTETS))
    if is_automatic(header):
        session.voice.say("An automatic mail asks for nothing; nobody has left.")
        return
    holder = _leave(session, configuration, find_tokens(header, box))
    session.voice.say(f"Left {holder.newsletter}")


def _leave(
    session: Session, configuration: Configuration, tokens: tuple[str, ...]
) -> Holder:
    try:
        with session.store(configuration) as database:
            holder = _holder(configuration, database, tokens)
            spool = Spool(configuration.outbox.folder)
            with suppress(OutputError):
                # They have left; the next run pulls out what waits in the outbox.
                leave_newsletter(database, spool, holder, session.clock.now())
    except StoreError as error:
        # 75 has a mail server try again; at any other it would write to the reader.
        raise BusyError(str(error)) from error
    return holder


def _holder(
    configuration: Configuration, database: Database, tokens: tuple[str, ...]
) -> Holder:
    keys = read_keys(configuration.store.path)
    names = [each.name for each in configuration.newsletters]
    with database.transaction() as tx:
        for token in tokens:
            if holder := find_holder(tx, keys, token, names):
                return holder
    raise InputError(
        "the address this mail was sent to belongs to no reader: answer a mail of the "
        "newsletter, and say that you want to leave"
    )
