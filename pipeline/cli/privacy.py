"""`pressroom subscriber block`, `unblock`, `suppressed`, `erase`, `export --about`."""

from __future__ import annotations

import click

from pipeline.base.errors import InputError, OutputError, StoreError
from pipeline.cli.console import count
from pipeline.cli.session import Session, pass_session
from pipeline.outbox.spool import Spool
from pipeline.runs.outgoing.withdrawing import apply_withdrawals
from pipeline.runs.readers.dossier import gather
from pipeline.runs.readers.erasing import erase_reader
from pipeline.runs.readers.retention import told_waits
from pipeline.runs.readers.signup import parse_address
from pipeline.runs.readers.suppressing import block, parse_rule, unblock
from pipeline.store.suppressions import all_suppressions
from pipeline.subscribers.address import Address

SHOWN_DIGITS = 16

_RULES = click.argument("rules", nargs=-1, required=True, metavar="ADDRESS|@DOMAIN...")


@click.command("block")
@_RULES
@pass_session
def block_rules(session: Session, rules: tuple[str, ...]) -> None:
    """Keep an ADDRESS, or everybody at a @DOMAIN and below it, out for good.

    Who is a reader gets nothing more, at once: messages that no relay has taken yet
    are pulled out of the outbox. No import and no form lets them in again.
    """
    configuration = session.load()
    parsed = [parse_rule(rule) for rule in rules]
    now = session.clock.now()
    with session.store(configuration) as database:
        with database.transaction() as tx:
            ended = [block(tx, rule, now) for rule in parsed]
        apply_withdrawals(database, Spool(configuration.outbox.folder))
    for rule, readers in zip(parsed, ended, strict=True):
        session.voice.say(f"{_shown(rule)}: blocked ({count(readers, 'reader')})")


@click.command("unblock")
@_RULES
@pass_session
def unblock_rules(session: Session, rules: tuple[str, ...]) -> None:
    """Let an ADDRESS or a @DOMAIN join again; nobody is subscribed by it.

    Also lifts what keeps an address out that was erased.
    """
    configuration = session.load()
    parsed = [parse_rule(rule) for rule in rules]
    with session.store(configuration) as database, database.transaction() as tx:
        lifted = [unblock(tx, rule, session.clock.now()) for rule in parsed]
    for rule, was_there in zip(parsed, lifted, strict=True):
        if not was_there:
            raise InputError(f"{_shown(rule)} is not blocked")
        session.voice.say(f"{_shown(rule)}: may join again")


@click.command("suppressed")
@click.option("--json", "as_json", is_flag=True, help="Print them as JSON.")
@pass_session
def suppressed(session: Session, as_json: bool) -> None:
    """List the domains and addresses that are kept out, and why.

    Of an address only a digest is kept; `subscriber show ADDRESS` tells whether one is
    on the list. Readers who have left are known by their state, and not listed.
    """
    configuration = session.load()
    with session.store(configuration) as database, database.transaction() as tx:
        rules = all_suppressions(tx)
    if as_json:
        session.voice.data(
            [{"rule": r.rule, "reason": r.reason, "since": r.since} for r in rules]
        )
        return
    session.voice.table(
        ("Who", "Reason", "Since"),
        [
            (
                one.rule if "@" in one.rule else f"{one.rule[:SHOWN_DIGITS]}…",
                one.reason,
                f"{one.since:%Y-%m-%d %H:%M} UTC",
            )
            for one in rules
        ],
    )


@click.command("erase")
@click.argument("address")
@pass_session
def erase(session: Session, address: str) -> None:
    """Erase every trace of ADDRESS, but a digest that keeps them out.

    Out of the store, and out of every batch of the outbox. A batch that a relay is
    sending is not touched: the run after it is finished does. Given again it goes on
    where it was cut short.
    """
    configuration = session.load()
    parsed = parse_address(address)
    store = configuration.store.path
    spool = Spool(configuration.outbox.folder)
    with session.store(configuration) as database:
        try:
            erased = erase_reader(database, spool, store, parsed, session.clock.now())
        except (OutputError, StoreError):
            session.voice.tell(
                "not everything is erased yet; the next run goes on", "yellow"
            )
            raise
    session.voice.say(f"{parsed.address}: erased")
    for sentence in told_waits(erased):
        session.voice.say(f"Note: {sentence}")
    session.voice.say(
        "Note: backups, trials, and files you imported from hold what they held: "
        "delete those you need no more"
    )


def tell_about(session: Session, address: str) -> None:
    """Print all that is known of an address, as JSON. Raises InputError for nothing."""
    configuration = session.load()
    spool = Spool(configuration.outbox.folder)
    with session.store(configuration) as database:
        session.voice.data(gather(database, spool, parse_address(address)))


def _shown(rule: Address | str) -> str:
    return rule if isinstance(rule, str) else rule.address
