"""Letters about joining: what each says, twice, in each language, and to one reader."""

from __future__ import annotations

from typing import Any

import pytest

from pipeline.base.errors import ConfigError
from pipeline.digest.headers import FixedHeaders, parse_sender
from pipeline.digest.letter import (
    HTML,
    TEXT,
    About,
    Headline,
    LetterContext,
    Way,
    render_letter,
)
from pipeline.digest.press import Reader, compile_page
from pipeline.digest.view import SiteView
from tests.digest.builders import CATALOGUES, TEMPLATES, newsletter
from tests.world import NOW

CONFIRM_URL = "https://example.org/mail/confirm/t-abc"
LEAVE_URL = "https://example.org/mail/unsubscribe/abc"
LOCALES = {"en": "en", "zh-CN": "zh_CN"}


def letter(about: About, language: str = "en", **changes: Any) -> LetterContext:
    known: dict[str, Any] = {
        "about": about,
        "newsletter": newsletter(),
        "language": language,
        "address": "a&b@example.org",
        "titles": ["Field Notes", "News <daily>"],
        "templates": TEMPLATES,
        "messages": CATALOGUES[LOCALES[language]],
        "site": SiteView(title="Fields", url="https://example.org/"),
        "confirm_url": CONFIRM_URL,
        "hours": 72,
        "ways": (Way(title="Field Notes", unsubscribe_url=LEAVE_URL),),
        "posts": (Headline(title="On hills", url="https://example.org/hills/"),),
    }
    return LetterContext(**known | changes)


@pytest.mark.parametrize("language", LOCALES)
@pytest.mark.parametrize(
    ("about", "link", "other"),
    [
        (About.CONFIRM, CONFIRM_URL, "/hills/"),
        (About.KNOWN, LEAVE_URL, CONFIRM_URL),
        (About.WELCOME, "https://example.org/hills/", CONFIRM_URL),
    ],
)
def test_a_letter_leads_where_it_should_and_nowhere_else(
    language: str, about: About, link: str, other: str
) -> None:
    page = render_letter(letter(about, language))
    for body in (page.html, page.text):
        assert link in body
        assert other not in body
        assert "12 Example Street" in body
    assert page == render_letter(letter(about, language))


@pytest.mark.parametrize("about", About)
def test_every_word_of_a_letter_is_there_in_chinese(about: About) -> None:
    english = render_letter(letter(about))
    chinese = render_letter(letter(about, "zh-CN"))
    assert english.subject != chinese.subject
    told = {line.strip() for line in english.text.splitlines() if line.strip()}
    kept = told & {line.strip() for line in chinese.text.splitlines()}
    same = ("https://", "12 Example", "Cambridge", "Fields", "On hills", "Field Notes")
    assert [line for line in kept if not line.startswith(same)] == []


def test_what_somebody_typed_cannot_become_markup() -> None:
    page = render_letter(letter(About.CONFIRM))
    assert "a&amp;b@example.org" in page.html
    assert "News &lt;daily&gt;" in page.html
    assert "a&b@example.org" in page.text


def test_the_last_hour_is_told_as_one() -> None:
    assert "for 1 hour." in render_letter(letter(About.CONFIRM, hours=1)).text


def test_a_template_of_the_owners_is_held_to_what_mail_shows() -> None:
    templates = {**TEMPLATES, HTML: "<script></script>", TEXT: "{{ address }}"}
    with pytest.raises(ConfigError, match="script"):
        render_letter(letter(About.CONFIRM, templates=templates))


def test_a_letter_belongs_to_no_list() -> None:
    fixed = FixedHeaders(
        sender=parse_sender("Lin <lin@example.org>"),
        newsletter="weekly",
        title="Field Notes",
        issue="letter-1",
        language="en",
        archive_url="https://example.org/",
        bulk=False,
    )
    press = compile_page(render_letter(letter(About.CONFIRM)), fixed, "letter-1")
    to = Reader(
        address="ann@example.org",
        values={},
        message_id="<letter.abc@example.org>",
        list_unsubscribe=(),
    )
    head = press.message(to, NOW).partition(b"\r\n\r\n")[0].decode("ascii")
    names = [line.partition(":")[0] for line in head.splitlines() if line[0] != " "]
    assert names == [
        "From",
        "Subject",
        "To",
        "Date",
        "Message-ID",
        "Auto-Submitted",
        "X-Auto-Response-Suppress",
        "Content-Language",
        "MIME-Version",
        "Content-Type",
    ]
