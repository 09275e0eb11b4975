"""A letter of every kind, to nobody: a template is wrong only in use."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from pipeline.base.errors import ConfigError
from pipeline.base.faults import Fault
from pipeline.digest.letter import About, Headline, LetterContext, Way, render_letter
from pipeline.digest.view import SiteView
from pipeline.runs.issues.newsroom import Newsroom

_URL = "https://example.org/"


def try_letters(newsroom: Newsroom) -> None:
    """Make every letter in every language; raise ConfigError with all that is wrong."""
    faults: dict[Fault, None] = {}
    for context in specimens(newsroom):
        try:
            render_letter(context)
        except ConfigError as error:
            faults |= dict.fromkeys(error.faults)
    if faults:
        raise ConfigError([*faults])


def specimens(newsroom: Newsroom) -> Iterator[LetterContext]:
    """Yield what letters are made of: each kind, in each language, short and long."""
    for language, catalogue in newsroom.catalogues.items():
        short = LetterContext(
            about=About.CONFIRM,
            newsletter=newsroom.settings,
            language=language,
            address="reader@example.org",
            titles=[newsroom.settings.title],
            templates=newsroom.templates,
            messages=catalogue,
            site=SiteView(title="", url=""),
            inliner=newsroom.configuration.mail.inliner,
            confirm_url=_URL,
            hours=1,
        )
        long = replace(
            short,
            titles=[newsroom.settings.title] * 2,
            site=SiteView(title=newsroom.site.title, url=newsroom.site.url),
            hours=72,
            other="a…@example.org",
            form_url=_URL,
            preferences_url=_URL,
            mailbox="owner@example.org",
            ways=[Way(title=newsroom.settings.title, unsubscribe_url=_URL)],
            posts=[Headline(title=newsroom.site.title, url=_URL)],
        )
        for about in About:
            yield replace(short, about=about)
            yield replace(long, about=about)
