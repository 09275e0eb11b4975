"""`pressroom issue unlist`, `hold`, `release`, `skip`, and what else decides on one."""

from __future__ import annotations

from collections.abc import Callable

import click

from pipeline.base.errors import InputError, UsageError
from pipeline.cli.session import Session, id_argument, pass_session
from pipeline.digest.issue import Issue
from pipeline.runs.issues.correcting import open_correction
from pipeline.runs.issues.deciding import (
    find_named,
    hold_issue,
    let_go,
    look_at_issue,
    put_post_back,
    resume_issue,
    skip_post,
    stop_issue,
)
from pipeline.runs.issues.holding import once_ended
from pipeline.runs.owner.ownermail import send_owner_letters
from pipeline.runs.owner.specimen import tell_test
from pipeline.runs.readers.signup import parse_address
from pipeline.store.archive import list_edition
from pipeline.store.database import Transaction

Deed = Callable[[Transaction, Issue], object]

_HINT = """
# What readers are told above the posts, in their language. Lines with a # are left
# out; without any words nothing is sent.
"""


@click.command("unlist")
@id_argument
@click.option("--undo", is_flag=True, help="Put it back.")
@pass_session
def unlist(session: Session, number: int, undo: bool) -> None:
    """Take issue ID out of the archive: its page, the lists and the feeds.

    The next run does it. Who has the mail keeps it.
    """
    with session.store(session.load()) as database, database.transaction() as tx:
        found = find_named(tx, number)
        if not list_edition(tx, number, listed=undo):
            raise InputError(
                f"{found.newsletter} #{found.number} has no page in the archive: "
                "it has one from when it is frozen, unless `archive` is off"
            )
    becomes = "shows it again" if undo else "takes it out of the archive"
    session.voice.say(f"{found.newsletter} #{found.number}: the next run {becomes}")


@click.command("hold")
@id_argument
@pass_session
def hold(session: Session, number: int) -> None:
    """Hold issue ID, which is opened or held, until it is released."""
    now = session.clock.now()
    found, _ = _decide(session, number, lambda tx, issue: hold_issue(tx, issue, now))
    session.voice.say(
        f"{found.label} is held; `pressroom issue release {number}` sends it"
    )


@click.command("release")
@id_argument
@pass_session
def release(session: Session, number: int) -> None:
    """Let issue ID go, which is held: the next run makes it and sends it."""
    found, once = _decide(session, number, let_go)
    session.voice.say(f"{found.label} goes out with the next run{once}")


@click.command("skip")
@id_argument
@click.argument("post")
@click.option("--undo", is_flag=True, help="Put it back.")
@pass_session
def skip(session: Session, number: int, post: str, undo: bool) -> None:
    """Leave POST out of issue ID, and of every later one.

    POST is its path, address, id or title. It can be put back until the issue is made.
    For a post that shall come later, make it a draft instead.
    """
    deed = put_post_back if undo else skip_post
    with session.store(session.load()) as database, database.transaction() as tx:
        found = find_named(tx, number)
        left_out = deed(tx, found, post)
        places = look_at_issue(tx, found).places
    if not undo:
        done = f"is left out of {found.label}"
    elif any(place.post.id == left_out.id for place in places):
        done = f"is back in {found.label}"
    else:
        done = "comes with the next issue: one of another cadence went out meanwhile"
    session.voice.say(f"{left_out.path} {done}")


@click.command("stop")
@id_argument
@pass_session
def stop(session: Session, number: int) -> None:
    """Stop issue ID: what is not in the outbox yet stays unsent.

    Its posts count as told, and the next issue comes when it is due. Those of one that
    is still `opened` or `held` wait until it is resumed, or there are new ones: then
    they come together.
    """
    found, _ = _decide(session, number, stop_issue)
    session.voice.say(
        f"{found.label} is stopped; "
        f"`pressroom issue resume {number}` sends the rest of it"
    )


@click.command("resume")
@id_argument
@pass_session
def resume(session: Session, number: int) -> None:
    """Go on with issue ID, which was stopped: the next run sends the rest."""
    found, once = _decide(session, number, resume_issue)
    session.voice.say(f"{found.label} goes on with the next run{once}")


@click.command("correct")
@id_argument
@click.option("--text", help="What to say above the posts; else an editor opens.")
@click.option("--again", is_flag=True, help="Although it was corrected before.")
@pass_session
def correct(session: Session, number: int, text: str | None, again: bool) -> None:
    """Send a correction of issue ID to those who got it.

    They get the same posts once more, as these are now, with your words above them; the
    subject says that it is a correction. Who has left since is left alone. The next run
    makes it.
    """
    configuration, now = session.load(), session.clock.now()
    with session.store(configuration) as database:
        words = _words(text)
        with database.transaction() as tx:
            found = find_named(tx, number)
            correction = open_correction(tx, found, words, now, again=again)
            once = once_ended(tx, found.newsletter)
    session.voice.say(
        f"{correction.label} is issue {correction.id} and goes out with the next run"
        f"{once}; `pressroom issue stop {correction.id}` keeps it back"
    )


@click.command("test")
@id_argument
@click.option("--to", "address", help="Who gets it, if not owner.address.")
@pass_session
def test(session: Session, number: int, address: str | None) -> None:
    """Send issue ID once, as a reader gets it, to you alone.

    It is marked as a test. What waits for its owner comes by itself as a preview.
    """
    configuration, clock = session.load(), session.clock
    to = parse_address(address).address if address else configuration.owner.address
    if not to:
        raise UsageError("say who gets it by --to ADDRESS, or set owner.address")
    with session.store(configuration) as database:
        with database.transaction() as tx:
            found = find_named(tx, number)
            tell_test(tx, configuration, found, to, clock.now())
        sent = send_owner_letters(database, configuration, clock)
    waits = "goes out once a relay has taken the letters before it"
    when = "lies in the outbox" if sent else waits
    session.voice.say(f"A test of {found.label} for {to} {when}")


def _decide(session: Session, number: int, deed: Deed) -> tuple[Issue, str]:
    """Do something about an issue in one transaction.

    Return it as it was, and which holds must end before mail of it goes on.
    """
    with session.store(session.load()) as database, database.transaction() as tx:
        found = find_named(tx, number)
        deed(tx, found)
        return found, once_ended(tx, found.newsletter)


def _words(text: str | None) -> str:
    """Return what the owner says, from the command or an editor."""
    if text is None:
        text = click.edit(_HINT) or ""
        text = "\n".join(ln for ln in text.splitlines() if not ln.startswith("#"))
    words = text.strip()
    if not words:
        raise UsageError("a correction needs words: --text 'What was wrong'")
    return words
