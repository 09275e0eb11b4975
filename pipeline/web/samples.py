"""What every page is made of for a reader who never was: to try its template.

A template is wrong only in use, and a reader would be the first to use some of them.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta

from pipeline.base.errors import ConfigError
from pipeline.base.faults import Fault
from pipeline.config.settings import Configuration, NewsletterSettings
from pipeline.digest.issue import IssueState
from pipeline.runs.issues.misfits import newsletter_faults
from pipeline.runs.readers.joining import Standing
from pipeline.runs.readers.leaving import MAX_WORDS_CHARS, Reason
from pipeline.runs.readers.snippet import BOX
from pipeline.runs.resources import read_catalogues, read_page_templates
from pipeline.subscribers.choice import Choice, Topics
from pipeline.web.joining import TRAP
from pipeline.web.languages import own_names
from pipeline.web.pages import Pages
from pipeline.web.preferences import MARK
from pipeline.web.wishes import LINES, Section, Terms, show_choice

ADDRESS, NAME = "reader@example.org", "pressroom"
FAULTS = ("unreadable", "past", "far", "many", "gone")
STATUSES = (400, 404, 405, 408, 413, 429, 500, 503)

Sample = tuple[str, dict[str, object]]
"""A page's name and what it is made of."""


def try_pages(configuration: Configuration, now: datetime) -> list[ConfigError]:
    """Return what is wrong with the templates of the readers' pages, each fault once.

    Every page is made, in every language, in each of the ways that it may look; none
    where no newsletter has readers.
    """
    if not _sound(configuration):
        return []
    catalogues = read_catalogues()
    try:
        templates = read_page_templates(configuration.mail.templates)
    except ConfigError as error:
        return [error]
    pages = Pages(templates, catalogues)
    languages = tuple(sorted(catalogues))
    faults: dict[Fault, None] = {}
    for name, values in samples(configuration, languages, now):
        for language in languages:
            try:
                pages.render(language, name, values)
            except ConfigError as error:
                faults |= dict.fromkeys(error.faults)
    return [ConfigError([fault]) for fault in faults]


def _sound(configuration: Configuration) -> tuple[NewsletterSettings, ...]:
    """Return the newsletters in whose settings nothing is wrong."""
    return tuple(
        each
        for each in configuration.newsletters
        if not newsletter_faults(configuration, each)
    )


def samples(
    configuration: Configuration, languages: tuple[str, ...], now: datetime
) -> Iterator[Sample]:
    """Yield every page in each of its ways: what there is and is not, right and wrong.

    `languages` are those of the mail.
    """
    newsletters = _sound(configuration)
    for chosen in (*((each,) for each in newsletters), newsletters):
        about: dict[str, object] = {
            "newsletter": chosen[0].title,
            "postal_address": chosen[0].postal_address.splitlines(),
        }
        titles = [each.title for each in chosen]
        yield "consent.txt", {"titles": titles}
        for name, values in (
            *_joining(chosen),
            *_leaving(titles),
            *_moving(),
            *_preferring(configuration, chosen, languages, now),
            *_deciding(),
        ):
            yield f"{name}.html", {**about, **values}
    for status in STATUSES:
        yield "error.html", {"status": status}
    for wait in (timedelta(hours=1), timedelta(days=1)):
        yield "toomany.html", {"wait": wait}
    for mailbox in ("", ADDRESS):
        yield "unknown.html", {"mailbox": mailbox}


def _joining(newsletters: tuple[NewsletterSettings, ...]) -> Iterator[Sample]:
    form: dict[str, object] = {
        "newsletters": newsletters,
        "chosen": [each.name for each in newsletters],
        "text": ADDRESS,
        "page": "https://example.org/",
        "shown": "token",
        "trap": TRAP,
        "box": BOX,
        "titles": [each.title for each in newsletters],
    }
    for wrong in ("", "address", "newsletters"):
        for again in (False, True):
            state = {"wrong": wrong, "again": again, "mail_language": ""}
            yield "subscribe", form | state
    for alone in (False, True):
        snippet = {"newsletters": newsletters, "alone": alone, "box": BOX}
        yield "snippet", {"form": "https://example.org/subscribe", **snippet}
    for hours, suggestion in ((1, ""), (72, ADDRESS)):
        yield (
            "asked",
            {"address": ADDRESS, "hours": hours, "suggestion": suggestion},
        )
    for standing in Standing:
        yield (
            "confirm",
            {
                "standing": standing,
                "titles": form["titles"],
                "address": ADDRESS,
                "link": "confirm/token",
                "form": "subscribe",
            },
        )


def _leaving(titles: list[str]) -> Iterator[Sample]:
    values: dict[str, object] = {
        "newsletter": titles[0],
        "link": "unsubscribe/token",
        "reasons": list(Reason),
        "max_words": MAX_WORDS_CHARS,
    }
    for some in (False, True):
        state: dict[str, object] = {
            "address": ADDRESS if some else "",
            "preferences": "preferences/token" if some else "",
            "less_often": some,
            "others": titles if some else [],
            "may_return": some,
            "thanks": some,
        }
        for name in ("leave", "left", "back"):
            yield name, values | state
    yield "left", values | state | {"thanks": False}


def _moving() -> Iterator[Sample]:
    link: dict[str, object] = {"link": "preferences/token", "address": ADDRESS}
    for wrong in ("", "same", "address"):
        for may in (False, True):
            state = {"may_move": may, "text": ADDRESS, "wrong": wrong}
            yield "move", link | state
    for hours, suggestion in ((1, ""), (72, ADDRESS)):
        yield "moving", link | {"hours": hours, "suggestion": suggestion}
    for standing in Standing:
        former = {"former": ADDRESS, "preferences": "preferences/token"}
        yield "address", link | former | {"standing": standing}


def _deciding() -> Iterator[Sample]:
    yield "noissue", {}
    post = {"id": NAME, "title": NAME, "url": "https://example.org/post/"}
    values: dict[str, object] = {
        "issue": 1,
        "label": NAME,
        "places": [{"post": post, "skipped": skipped} for skipped in (False, True)],
        "link": "issue/token",
        "empty": False,
        "waits": False,
    }
    yield "issue", values | {"state": IssueState.DONE, "told": "", "empty": True}
    for state in IssueState:
        for told in ("", "late", "unknown", "skip", "back"):
            for until, readers in (("", None), *(("09:30", n) for n in (None, 1, 2))):
                stands = {"state": state, "until": until, "readers": readers}
                stands["waits"] = until == ""
                yield "issue", values | stands | {"told": told}


def _preferring(
    configuration: Configuration,
    newsletters: tuple[NewsletterSettings, ...],
    languages: tuple[str, ...],
    now: datetime,
) -> Iterator[Sample]:
    values: dict[str, object] = {
        "link": "preferences/token",
        "address": ADDRESS,
        "usual": own_names([languages[0]])[languages[0]],
        "mark": MARK,
        "mailbox": ADDRESS,
    }
    terms = [_terms(configuration, each, languages, now) for each in newsletters]
    states = [("", told) for told in ("", "saved", "left", "lost", "wrong")]
    states += [(fault, "wrong") for fault in FAULTS]
    for fault, told in states:
        sections = [_section(each, fault) for each in terms]
        sections += [show_choice(each, None) for each in terms]
        state = {"sections": sections, "told": told}
        for may, gets in ((False, False), (True, False), (True, True)):
            rights = {"may_choose": may, "gets_any": gets, "may_move": gets}
            yield "preferences", values | state | rights


def _terms(
    configuration: Configuration,
    newsletter: NewsletterSettings,
    languages: tuple[str, ...],
    now: datetime,
) -> Terms:
    offer = dict.fromkeys(LINES, (NAME, ADDRESS)) | {"languages": languages}
    return Terms(
        configuration=configuration,
        newsletter=newsletter,
        offer=offer,
        languages=languages,
        now=now,
    )


def _section(terms: Terms, fault: str) -> Section:
    choice = Choice(
        newsletter=terms.newsletter.name,
        topics=Topics.of(tags=[NAME]),
        paused_until=terms.now + timedelta(days=1),
    )
    wrong = dict.fromkeys(("cadence", "topics", "language", "pause"), fault)
    return replace(show_choice(terms, choice), wrong=wrong if fault else {})
