"""docs/templates.md names what templates see, and its example is a letter."""

from __future__ import annotations

import re
from dataclasses import fields

import pytest
from jinja2 import meta

from pipeline.digest.environment import make_environment
from pipeline.digest.ownerletter import FOLDER as OWNER
from pipeline.digest.page import render_page
from pipeline.digest.slots import SLOT_NAMES
from pipeline.digest.view import IssueView, NewsletterView, PostView, SiteView
from pipeline.rendition.pictures import Picture
from pipeline.runs.resources import PAGES
from tests.digest.builders import CATALOGUES, TEMPLATES, context, entry
from tests.docs.documents import document, examples, spans

PAGE = document("docs/templates.md")
SPANS = set(spans(PAGE))
EXAMPLES = examples(PAGE)
SEEN = [
    f"{name}.{field.name}"
    for name, view in {
        "newsletter": NewsletterView,
        "issue": IssueView,
        "site": SiteView,
        "post": PostView,
        "post.picture": Picture,
    }.items()
    for field in fields(view)
]


@pytest.mark.parametrize("name", SEEN)
def test_every_field_a_template_sees_is_named(name: str) -> None:
    assert name in SPANS


def test_no_field_is_named_that_is_gone() -> None:
    named = {
        span
        for span in SPANS
        if re.fullmatch(r"(newsletter|issue|site|post)\.\w+(\.\w+)?", span)
    }
    assert named == set(SEEN)


def test_every_value_of_a_reader_is_named() -> None:
    table = PAGE.partition("### A reader's own values")[2].partition("\n###")[0]
    assert re.findall(r"^\| `(\w+)`", table, re.MULTILINE) == list(SLOT_NAMES)


def test_every_name_our_own_templates_of_mail_use_is_told() -> None:
    environment = make_environment(TEMPLATES, CATALOGUES["en"])
    used = {
        name
        for template, source in TEMPLATES.items()
        if not template.startswith((PAGES, OWNER))
        for name in meta.find_undeclared_variables(environment.parse(source))
    }
    told = {span.partition("(")[0] for span in SPANS}
    # Included parts see what the template around them has set.
    assert used - told - {"gettext", "ngettext", "post"} == set()


def test_the_names_that_are_told_are_there() -> None:
    table = PAGE.partition("## What a template sees")[2].partition("\n###")[0]
    names = re.findall(r"^\| `(\w+)`", table, re.MULTILINE)
    assert len(names) == 10
    shown = "".join(f"{{{{ {name} is defined }}}}" for name in names)
    html = f"{shown}<a href='{{{{ unsubscribe_url }}}}'>x</a>"
    page = render_page(context(templates=letter() | {"letter.html": html}, **LETTER))
    assert "True" * len(names) in page.html


LETTER = {"newsletter": {"template": "letter", "intro": "Good morning."}}


def letter() -> dict[str, str]:
    return {**TEMPLATES, **EXAMPLES}


def test_the_letter_that_is_shown_works() -> None:
    post = entry(1, "On forgetting", authors=("Lin", "Ada"))
    page = render_page(context(post, templates=letter(), **LETTER))
    assert "Good morning." in page.html
    assert "On forgetting</a>" in page.html
    small = '<p class="small" style="color:#777777;font-size:13px">'
    assert f"{small}18 November 2026 · Lin, Ada</p>" in page.html
    assert "@media" in page.html
    assert page.text.startswith("Field Notes\n\nOn forgetting\n18 November 2026\n")
    assert page.notes == ()


def test_a_day_is_shown_as_the_page_says() -> None:
    for catalogue, day in (("en", "20 November 2026"), ("zh_CN", "2026年11月20日")):
        assert f"`{day}`" in PAGE
        issue = context(
            messages=CATALOGUES[catalogue],
            newsletter={"subject": "{{ issue.date|date }}"},
        )
        assert render_page(issue).subject == day
