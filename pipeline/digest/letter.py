"""A letter to one person: an answer to what they asked, or a welcome. Before the press.

Not a digest: it belongs to no list, and holds no slots, for nobody else gets it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from pipeline.base.text import fold_line
from pipeline.config.settings import NewsletterSettings
from pipeline.digest.catalogue import Catalogue
from pipeline.digest.environment import Sandbox, make_environment, render
from pipeline.digest.inline import inline_css
from pipeline.digest.lint import check_templates
from pipeline.digest.rendered import Page
from pipeline.digest.slots import choose_sentinel
from pipeline.digest.view import NewsletterView, SiteView

HTML, TEXT, SUBJECT = "letters/letter.html", "letters/letter.txt", "letters/subject.txt"


class About(StrEnum):
    """What a letter says, as `letter` in its templates."""

    CONFIRM = "confirm"
    KNOWN = "known"
    WELCOME = "welcome"
    MOVE = "move"
    TAKEN = "taken"
    MOVED = "moved"


@dataclass(frozen=True, slots=True, kw_only=True)
class Headline:
    """A post of the last issue, as a welcome lists it."""

    title: str
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """A newsletter the reader gets, and where they leave it."""

    title: str
    unsubscribe_url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LetterContext:
    """All that a letter is made from.

    `newsletter` sends it. `titles` are the newsletters that `address` asked for;
    `confirm_url` is where they confirm that, within `hours`; `ways` leave what they
    get already; `posts` are those of the last issue. A letter about a change of address
    names the `other` one, in part; `form_url` is where somebody joins,
    `preferences_url` the reader's own page, `mailbox` whom they write to.
    """

    about: About
    newsletter: NewsletterSettings
    language: str
    address: str
    titles: Sequence[str]
    templates: Mapping[str, str]
    messages: Catalogue
    site: SiteView
    inliner: str = "css-inline"
    confirm_url: str = ""
    hours: int = 0
    ways: Sequence[Way] = ()
    posts: Sequence[Headline] = ()
    other: str = ""
    form_url: str = ""
    preferences_url: str = ""
    mailbox: str = ""


def letter_sandbox(templates: Mapping[str, str], messages: Catalogue) -> Sandbox:
    """Return what renders letters of one language, and compiles a template but once.

    Compiling costs ten times what filling in does. Raises ConfigError where a template
    holds what mail cannot show.
    """
    sandbox = make_environment(templates, messages)
    check_templates(templates, (HTML, TEXT))
    return sandbox


def render_letter(context: LetterContext, sandbox: Sandbox | None = None) -> Page:
    """Return the letter as a page without slots; the same context gives the same page.

    `sandbox` is one for the context's templates and language, if there is one already.
    Raises ConfigError where a template is wrong, or holds what mail cannot show.
    """
    environment = sandbox or letter_sandbox(context.templates, context.messages)
    values: dict[str, object] = {
        "letter": context.about,
        "newsletter": NewsletterView.of(context.newsletter),
        "site": context.site,
        "language": context.language,
        "address": context.address,
        "titles": tuple(context.titles),
        "confirm_url": context.confirm_url,
        "hours": context.hours,
        "ways": tuple(context.ways),
        "posts": tuple(context.posts),
        "other": context.other,
        "form_url": context.form_url,
        "preferences_url": context.preferences_url,
        "mailbox": context.mailbox,
    }
    subject = fold_line(render(environment, SUBJECT, values))
    values["subject"] = subject
    html = inline_css(render(environment, HTML, values), context.inliner)
    text = render(environment, TEXT, values).strip() + "\n"
    return Page(
        subject=subject,
        preheader="",
        html=html,
        text=text,
        body="full",
        notes=(),
        sentinel=choose_sentinel((html, text)),
    )
