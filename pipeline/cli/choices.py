"""`pressroom subscriber set`: what a reader chooses of a newsletter."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC
from typing import Any

import click

from pipeline.base.errors import InputError, UsageError
from pipeline.cli.session import Session, pass_session
from pipeline.config.settings import Configuration, NewsletterSettings
from pipeline.runs.readers.choosing import choose, find_choice, pause_end
from pipeline.runs.readers.signup import choose_newsletters, parse_address
from pipeline.store.subscribers import find_subscriber
from pipeline.subscribers.choice import CADENCES, OWN_CADENCE, Choice, Topics

LINES = ("tags", "series", "languages", "authors")

_LANGUAGE_TAG = re.compile(r"[A-Za-z]{2,3}([-_][A-Za-z0-9]{2,8})*")


@click.command("set")
@click.argument("address")
@click.option("--newsletter", "name", required=True, help="The newsletter it is about.")
@click.option(
    "--cadence",
    type=click.Choice(CADENCES),
    help="How often: `own` is the newsletter's schedule, the others as config.yaml "
    "allows.",
)
@click.option(
    "--topics",
    "lines",
    multiple=True,
    metavar="LINE=NAMES",
    help="Only posts with one of these: `tags=maths,python`, `series=…`, "
    "`languages=zh`, `authors=…`; may be given again. `all` takes everything.",
)
@click.option("--language", help="Language of this mail; `''` for the reader's own.")
@click.option(
    "--pause-until",
    "until",
    type=click.DateTime(["%Y-%m-%d"]),
    metavar="DATE",
    help="Send nothing before this day; what goes out meanwhile is passed by.",
)
@click.option("--resume", is_flag=True, help="End the pause.")
@pass_session
def set_choice(session: Session, /, address: str, name: str, **said: Any) -> None:
    """Set what ADDRESS gets of a newsletter, from the next issue on.

    Nothing is lost by another cadence, and nothing comes twice.
    """
    configuration = session.load()
    known = {newsletter.name: newsletter for newsletter in configuration.newsletters}
    (name,) = choose_newsletters(tuple(known), [name])
    with session.store(configuration) as database, database.transaction() as tx:
        reader = find_subscriber(tx, parse_address(address).key)
        if reader is None:
            raise InputError(f"{address} is not known")
        changes = _changes(configuration, known[name], said)
        choice = replace(find_choice(tx, reader, name), **changes)
        choose(tx, reader, known[name], choice)
    session.voice.say(f"{reader.address}: {describe(choice)}")


def _changes(
    configuration: Configuration,
    newsletter: NewsletterSettings,
    said: Mapping[str, Any],
) -> dict[str, Any]:
    """Return the fields of a choice that the command's options set."""
    if said["until"] and said["resume"]:
        raise UsageError("--pause-until and --resume do not fit together")
    changes: dict[str, Any] = {}
    if said["cadence"]:
        changes["cadence"] = said["cadence"]
    if said["lines"]:
        changes["topics"] = _topics(said["lines"])
    if said["language"] is not None:
        changes["language"] = check_language(said["language"])
    if said["until"]:
        day = said["until"].date()
        changes["paused_until"] = pause_end(configuration, newsletter, day)
    if said["resume"]:
        changes["paused_until"] = None
    if not changes:
        raise UsageError(
            "nothing is chosen; say --cadence, --topics, --language, --pause-until or "
            "--resume"
        )
    return changes


def _topics(texts: Sequence[str]) -> Topics:
    """Return the topics of `tags=maths,python` and the like; `all` clears them."""
    lines: dict[str, list[str]] = {}
    for text in texts:
        line, _, names = text.partition("=")
        if text.strip() == "all":
            continue
        if line.strip() not in LINES:
            raise UsageError(
                f"--topics {text}: write it like tags=maths,python; a line is one of "
                f"{', '.join(LINES)}"
            )
        lines.setdefault(line.strip(), []).extend(re.split("[,，、]", names))
    try:
        return Topics.of(**lines)
    except ValueError as error:
        raise UsageError(str(error)) from error


def check_language(text: str) -> str:
    """Return `text`; raises UsageError where it is no language tag."""
    if text and not _LANGUAGE_TAG.fullmatch(text):
        raise UsageError(f"--language {text}: this is no language tag; one is zh-CN")
    return text


def describe(choice: Choice) -> str:
    """Return a choice in a line: `weekly, daily, tags maths python, in zh-CN`."""
    words = [choice.newsletter]
    if choice.cadence != OWN_CADENCE:
        words.append(choice.cadence)
    words += [
        f"{line} {' '.join(names)}" for line, names in choice.topics.lines().items()
    ]
    if choice.language:
        words.append(f"in {choice.language}")
    if choice.paused_until:
        words.append(
            f"paused until {choice.paused_until.astimezone(UTC):%Y-%m-%d %H:%M} UTC"
        )
    return ", ".join(words)
