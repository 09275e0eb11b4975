"""`pressroom subscriber form`: the form to join, for a page of the owner's own."""

from __future__ import annotations

import click

from pipeline.cli.choices import check_language
from pipeline.cli.session import Session, pass_session
from pipeline.runs.readers.signup import choose_newsletters
from pipeline.runs.readers.snippet import render_snippet


@click.command("form")
@click.option(
    "--newsletter",
    "names",
    multiple=True,
    help="Only this newsletter; may be given again.",
)
@click.option("--language", default="", help="Its language; else that of the site.")
@pass_session
def form(session: Session, names: tuple[str, ...], language: str) -> None:
    """Print a form to join, as HTML to put into a page of your site.

    It has no script and no style. Who sends it comes to the page of
    `pressroom serve`, with what they filled in.
    """
    configuration = session.load()
    known = [newsletter.name for newsletter in configuration.newsletters]
    chosen = choose_newsletters(known, names)
    wanted = check_language(language) if language else ""
    session.voice.say(render_snippet(configuration, chosen, wanted).rstrip())
