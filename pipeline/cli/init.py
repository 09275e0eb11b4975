"""`pressroom init`: finds the site that lies here, and writes what Pressroom needs."""

from __future__ import annotations

import os
import sys
from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

import click

from pipeline.base.errors import UsageError
from pipeline.cli.console import Voice, count, shown_path
from pipeline.cli.session import Session, pass_session
from pipeline.config.load import load_configuration
from pipeline.config.settings import Configuration
from pipeline.config.starter import DEFAULT_URL, Answers
from pipeline.digest.headers import parse_sender
from pipeline.runs.issues.answering import is_there
from pipeline.runs.start import (
    Setup,
    Surroundings,
    furnish,
    look_around,
    machine_zone,
    write_config,
)

DEFAULT_CONFIG = Path("config.yaml")


@click.command()
@click.option(
    "--folder",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path(),
    help="The site's folder, if it is not this one.",
)
@click.option("--url", default="", help="Address of the published site.")
@click.option("--title", default="", help="Name of the site.")
@click.option("--sender", default="", help="From of the newsletter: `Name <address>`.")
@click.option("--postal-address", default="", help="Postal address in its footer.")
@click.option("--yes", is_flag=True, help="Ask nothing, even on a terminal.")
@pass_session
def init(session: Session, /, folder: Path, yes: bool, **given: str) -> None:
    """Set Pressroom up beside the site in this folder.

    Looks for Hugo, Jekyll, Hexo, Pelican, Zola, Obsidian or plain Markdown files,
    reads what it can from the generator's configuration, and writes config.yaml, the
    mail templates, the outbox and the key. What is there already is kept.
    """
    answers = Answers(
        url=given["url"],
        title=given["title"],
        sender=given["sender"],
        postal_address=given["postal_address"],
    )
    _check(answers)
    home = folder.resolve()
    around = look_around(home, machine_zone(os.environ))
    path = _config_path(session, home, around)
    if sys.stdin.isatty() and not yes and not path.exists():
        answers = _ask(around, answers, home)
    title = answers.title or around.generator.sites[0].title or home.name
    live = is_there(answers.url or around.generator.sites[0].url)
    answers = replace(answers, title=title, live=live)
    setup = Setup()
    write_config(setup, path, around.generator, answers)
    configuration = load_configuration(path).configuration
    furnish(setup, home, configuration)
    _print(session.voice, around, setup, home)
    _print_next(session.voice, path, configuration)


def _config_path(session: Session, home: Path, around: Surroundings) -> Path:
    """Return where the configuration goes: where `--config` says, if it says so."""
    if session.config == DEFAULT_CONFIG:
        return home / around.generator.layout.config
    if session.config.resolve().parent != home:
        raise UsageError(
            f"--config {session.config}: it must lie in the site's folder, where the "
            "paths in it begin"
        )
    return session.config.resolve()


def _check(answers: Answers) -> None:
    """Raise UsageError for an answer that config.yaml could not hold."""
    for name, parse in (("url", _parse_url), ("sender", _parse_sender)):
        try:
            parse(getattr(answers, name))
        except click.BadParameter as error:
            raise UsageError(f"--{name}: {error.message}") from error


def _parse_url(text: str) -> str:
    if text and not text.startswith(("https://", "http://")):
        raise click.BadParameter("must begin with https:// or http://")
    return text


def _parse_sender(text: str) -> str:
    try:
        _ = text and parse_sender(text)
    except ValueError as error:
        raise click.BadParameter(str(error)) from error
    return text


def _ask(around: Surroundings, answers: Answers, home: Path) -> Answers:
    """Ask for what was neither given nor found."""
    site = around.generator.sites[0]
    title, url = answers.title or site.title, answers.url or site.url
    sender, postal_address = answers.sender, answers.postal_address
    if not title:
        title = click.prompt("Name of the site", default=home.name)
    if not url:
        url = click.prompt("Its address", default=DEFAULT_URL, value_proc=_parse_url)
    if not sender:
        sender = click.prompt(
            "Sender of a newsletter, such as Ann <ann@example.org> (empty: none yet)",
            default="",
            show_default=False,
            value_proc=_parse_sender,
        )
    if sender and not postal_address:
        postal_address = click.prompt("Postal address, which the law asks for")
    return Answers(title=title, url=url, sender=sender, postal_address=postal_address)


def _print(voice: Voice, around: Surroundings, setup: Setup, home: Path) -> None:
    generator = around.generator
    what = (
        f"{generator.name} ({generator.source})" if generator.name else "Markdown files"
    )
    voice.say(f"Found {what} with {count(around.posts, 'post')}.")
    if around.pages:
        pages = ", ".join(page.lstrip("/") for page in around.pages)
        voice.say(f"Passed over, since they have no date: {pages}")
    for verb, paths in (("Wrote", setup.wrote), ("Kept", setup.kept)):
        for shown in _briefly(paths, home):
            voice.say(f"{verb} {shown}")
    if not generator.sites[0].url:
        voice.say(
            "Note: the site's address was not found; see `url` in the configuration"
        )
    for note in generator.notes:
        voice.say(f"Note: {note}")


def _briefly(paths: Iterable[Path], home: Path) -> list[str]:
    """Return paths as shown; folders with several files in them once."""
    relative = [path.relative_to(home) for path in paths if path.is_relative_to(home)]
    tops = Counter(path.parts[0] for path in relative)
    shown = (
        f"{shown_path(home / path.parts[0])}/"
        if tops[path.parts[0]] > 1
        else shown_path(home / path)
        for path in relative
    )
    return list(dict.fromkeys(shown))


def _print_next(voice: Voice, path: Path, configuration: Configuration) -> None:
    command = "pressroom"
    if path != DEFAULT_CONFIG.resolve():
        command += f" --config {shown_path(path)}"
    last = "status"
    if configuration.newsletters:
        last = "subscriber add you@example.org"
    voice.say("Next:")
    for words in ("check", "once", last):
        voice.say(f"  {command} {words}")
