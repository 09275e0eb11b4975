"""One issue as a variant's readers see it: subject, HTML and text, before the press.

Makes no bytes and no headers (`digest.press`, `digest.headers` do).
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, tzinfo
from itertools import islice
from typing import Any

from pipeline.base.errors import ConfigError
from pipeline.base.faults import Fault
from pipeline.base.text import fold_line, graphemes
from pipeline.config.settings import NewsletterSettings
from pipeline.content.post import Post
from pipeline.digest.catalogue import Catalogue
from pipeline.digest.diagnosis import told_to_owner
from pipeline.digest.embedding import Embedded, MailImage, embed_images
from pipeline.digest.environment import Sandbox, make_environment, render
from pipeline.digest.inline import inline_css
from pipeline.digest.issue import Issue
from pipeline.digest.lint import check_templates
from pipeline.digest.rendered import Page
from pipeline.digest.shortening import (
    Plan,
    describe_overflow,
    describe_shortening,
    least_shown,
    shorter_plans,
    wanted_plan,
)
from pipeline.digest.slots import choose_sentinel, make_slots, split
from pipeline.digest.view import (
    IssueView,
    NewsletterView,
    PostView,
    SiteView,
    view_post,
)
from pipeline.rendition.post import Rendition

# What a list of mails shows beside a short subject; more is cut off there.
PREHEADER_GRAPHEMES = 140

_LEAVE = "put {{ unsubscribe_url }} where readers find it"


@dataclass(frozen=True, slots=True)
class DigestEntry:
    """One post of an issue and its rendition."""

    post: Post
    rendition: Rendition


@dataclass(frozen=True, slots=True, kw_only=True)
class PageContext:
    """All that a page is made from; `entries` are in the order readers see.

    `language` is the variant's, as `zh-CN`; `templates` maps names (`digest.html`,
    `parts/post.html`) to sources; dates are shown in `zone`. `archive_url` is where
    the issue can be read in a browser, or empty; `has_preferences` tells whether
    there is a page behind the slot `preferences_url`. `images` are those that may be
    embedded, by the URL in `src`, and `embedded_bytes` is the most octets a message
    may spend on them.
    """

    newsletter: NewsletterSettings
    issue: Issue
    entries: Sequence[DigestEntry]
    language: str
    templates: Mapping[str, str]
    messages: Catalogue
    inliner: str = "css-inline"
    max_html_bytes: int = 102_000
    site_title: str = ""
    site_url: str = ""
    zone: tzinfo = UTC
    archive_url: str = ""
    has_preferences: bool = True
    images: Mapping[str, MailImage] = field(default_factory=dict)
    embedded_bytes: int = 0


def render_page(context: PageContext) -> Page:
    """Return the issue as one page; the same context gives the same page.

    Where the HTML is larger than `max_html_bytes`, posts show less, one at a time,
    as few as will do. Raises ConfigError where a template is wrong, holds what mail
    cannot show, or gives the reader no way to leave.
    """
    environment = make_environment(_sources(context), context.messages)
    html_name, text_name = _names(context)
    check_templates(context.templates, (html_name, text_name))
    values = _values(context, environment)
    sentinel = choose_sentinel(_material(context))

    def show(name: str, plan: Plan) -> str:
        posts = _posts(context, plan)
        return render(
            environment, name, {**values, **make_slots(sentinel), "posts": posts}
        )

    def html(plan: Plan) -> tuple[str, tuple[Embedded, ...]]:
        inlined = inline_css(show(html_name, plan), context.inliner)
        return embed_images(inlined, context.images, context.embedded_bytes)

    # Measured as it goes out: a `cid:` URL is often shorter than the one it is for.
    plan, notes = _fit(context, lambda plan: len(html(plan)[0].encode()))
    finished, embedded = html(plan)
    page = Page(
        subject=values["subject"],
        preheader=values["preheader"],
        html=finished,
        text=show(text_name, plan).strip() + "\n",
        body=least_shown(plan),
        notes=notes,
        sentinel=sentinel,
        embedded=embedded,
    )
    _check_slots(html_name, page.html, sentinel)
    _check_slots(text_name, page.text, sentinel)
    return page


def issue_values(context: PageContext) -> dict[str, Any]:
    """Return what a template sees of the issue before anything is cut short.

    Raises ConfigError where the subject or the intro is wrong.
    """
    return _values(context, make_environment(_sources(context), context.messages))


def _names(context: PageContext) -> tuple[str, str]:
    template = context.newsletter.template
    return f"{template}.html", f"{template}.txt"


def _setting(context: PageContext, name: str) -> str:
    return f"newsletters.{context.newsletter.name}.{name}"


def _sources(context: PageContext) -> dict[str, str]:
    return {
        **context.templates,
        _setting(context, "subject"): context.newsletter.subject,
        _setting(context, "intro"): context.newsletter.intro,
    }


def _material(context: PageContext) -> Iterator[str]:
    sources = _sources(context)
    named = (*_names(context), _setting(context, "subject"), _setting(context, "intro"))
    yield from (sources.get(name, "") for name in named)
    for entry in context.entries:
        yield from (entry.post.title, entry.post.url, *entry.post.tags)
        yield from (entry.rendition.mail_html, entry.rendition.mail_text)


def _wanted(context: PageContext) -> Plan:
    posts = [entry.post for entry in context.entries]
    return wanted_plan(posts, context.newsletter.body)


def _posts(context: PageContext, plan: Plan) -> tuple[PostView, ...]:
    return tuple(
        view_post(entry.post, entry.rendition, shows, place=place, zone=context.zone)
        for place, (entry, shows) in enumerate(
            zip(context.entries, plan, strict=True), 1
        )
    )


def _values(context: PageContext, environment: Sandbox) -> dict[str, Any]:
    """Return what every template sees; subject and intro are templates themselves.

    These two get no slots: a subject is one for all, and the intro is cut short to
    be the preheader.
    """
    issue = context.issue
    day = issue.boundary.astimezone(context.zone).date()
    values: dict[str, Any] = {
        "newsletter": NewsletterView.of(context.newsletter),
        "issue": IssueView(number=issue.number, kind=issue.kind, date=day),
        "site": SiteView(title=context.site_title, url=context.site_url),
        "language": context.language.replace("_", "-"),
        "archive_url": context.archive_url,
        "has_preferences": context.has_preferences,
        "posts": _posts(context, _wanted(context)),
    }
    subject = fold_line(render(environment, _setting(context, "subject"), values))
    intro = issue.intro or render(environment, _setting(context, "intro"), values)
    paragraphs = tuple(filter(None, map(fold_line, re.split(r"\n\s*\n", intro))))
    return values | {
        "subject": _marked(subject or context.newsletter.title, context),
        "intro": paragraphs,
        "preheader": _preheader(paragraphs, context.entries),
    }


def _marked(subject: str, context: PageContext) -> str:
    """Return the subject; that of a correction says so."""
    if context.issue.kind != "correction":
        return subject
    return context.messages.say("Correction: %(subject)s", subject=subject)


def _preheader(intro: Sequence[str], entries: Sequence[DigestEntry]) -> str:
    """Return the line that a list of mails shows beside the subject."""
    texts = intro or [entry.rendition.summary for entry in entries]
    titles = " · ".join(entry.rendition.title_of(entry.post) for entry in entries)
    line = fold_line(" ".join(texts)) or fold_line(titles)
    letters = list(islice(graphemes(line), PREHEADER_GRAPHEMES + 1))
    if len(letters) <= PREHEADER_GRAPHEMES:
        return line
    return "".join(letters[: PREHEADER_GRAPHEMES - 1]).rstrip() + "…"


def _fit(
    context: PageContext, measure: Callable[[Plan], int]
) -> tuple[Plan, tuple[str, ...]]:
    """Return the fullest plan whose page fits, and what to tell of it."""
    wanted, limit = _wanted(context), context.max_html_bytes
    before = measure(wanted)
    if before <= limit:
        return wanted, ()
    renditions = [entry.rendition for entry in context.entries]
    plans = tuple(shorter_plans(wanted, renditions))
    place = bisect_left(plans, True, key=lambda plan: measure(plan) <= limit)
    plan = plans[min(place, len(plans) - 1)]
    notes = []
    if plan != wanted:
        notes.append(describe_shortening(plan, wanted, before, limit))
    if place == len(plans):
        notes.append(describe_overflow(measure(plan), limit))
    return plan, tuple(notes)


def _check_slots(name: str, rendered: str, sentinel: str) -> None:
    """Raise ConfigError where a slot is damaged, or the way to leave is missing."""
    with told_to_owner(name, ()):
        _, slots = split(rendered, sentinel)
    if "unsubscribe_url" not in slots:
        what = "it gives the reader no way to leave"
        raise ConfigError([Fault(path=name, what=what, remedy=_LEAVE)])
