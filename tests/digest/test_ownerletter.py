"""Letters to the owner: one form of words, set as HTML and as plain text."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from pipeline.digest.ownerletter import (
    FOLDER,
    OwnerLetter,
    put_on_top,
    render_owner_letter,
)
from pipeline.digest.page import render_page
from tests.digest.builders import CATALOGUES, TEMPLATES, context, entry

LOCALES = {"en": "en", "zh-CN": "zh_CN"}
FORM = """\
{# Every kind of block. -#}
It rains in {{ town }}

{% trans %}Words that stand alone.{% endtrans %}

- one
- {{ item }}
$ pressroom status
> Look | https://example.org/?a=1&b=2
Last words.
"""


def letter(kind: str = "form", language: str = "en", **values: Any) -> OwnerLetter:
    return OwnerLetter(
        kind=kind,
        values={"town": "Bath & Wells", "item": "<b> | two"} | values,
        site="Fields & Hills",
        language=language,
        templates={**TEMPLATES, f"{FOLDER}form.txt": FORM},
        messages=CATALOGUES[LOCALES[language]],
    )


def test_the_words_are_set_as_plain_text() -> None:
    page = render_owner_letter(letter())
    assert page.subject == "It rains in Bath & Wells"
    assert page.text == (
        "It rains in Bath & Wells\n\n"
        "Words that stand alone.\n\n"
        "- one\n- <b> | two\n\n"
        "    pressroom status\n\n"
        "Look:\nhttps://example.org/?a=1&b=2\n\n"
        "Last words.\n\n\n"
        "To the owner of Fields & Hills\n"
        "Pressroom writes to this address because owner.address in its\n"
        "configuration names it.\n"
    )


def test_who_was_named_by_a_command_is_told_so() -> None:
    named = "because “pressroom issue test --to” named it."
    page = render_owner_letter(letter(by_command=True))
    for body in (page.html, " ".join(page.text.split())):
        assert named in body
        assert "owner.address" not in body
    assert (
        "owner.address"
        not in render_owner_letter(letter(language="zh-CN", by_command=True)).text
    )


def test_the_same_words_are_set_as_html_and_cannot_become_markup() -> None:
    html = render_owner_letter(letter()).html
    assert ">It rains in Bath &amp; Wells</h1>" in html
    assert html.count("<li") == 2
    assert "&lt;b&gt; | two</li>" in html
    assert 'href="https://example.org/?a=1&amp;b=2"' in html
    assert ">pressroom status</code>" in html


def test_the_same_letter_gives_the_same_page() -> None:
    assert render_owner_letter(letter()) == render_owner_letter(letter())


def test_a_kind_without_a_template_is_a_mistake() -> None:
    with pytest.raises(KeyError):
        render_owner_letter(letter("forgotten"))


@pytest.mark.parametrize("gone", [False, True])
def test_a_flood_is_told_in_both_languages(*, gone: bool) -> None:
    values = {
        "gone": 34 if gone else 0,
        "new": 0 if gone else 34,
        "limit": 20,
        "hold": 7,
        "titles": ["On forgetting"],
        "more": 33,
    }
    english = render_owner_letter(letter("flood", **values))
    chinese = render_owner_letter(letter("flood", "zh-CN", **values))
    for page in (english, chinese):
        assert "34" in page.subject
        assert "    pressroom hold accept 7" in page.text
        assert ("hold refuse 7" in page.text) is not gone
    told = set(filter(None, map(str.strip, english.text.splitlines())))
    kept = told & set(map(str.strip, chinese.text.splitlines()))
    ours = ("pressroom ", "- On forgetting")
    assert [line for line in kept if not line.startswith(ours)] == []


@pytest.mark.parametrize("found", ["older store", "older ledger", "no ledger"])
def test_a_restored_backup_is_told_in_both_languages(found: str) -> None:
    english = render_owner_letter(letter("restore", found=found))
    chinese = render_owner_letter(letter("restore", "zh-CN", found=found))
    told = set(filter(None, map(str.strip, english.text.splitlines())))
    kept = told & set(map(str.strip, chinese.text.splitlines()))
    assert kept
    assert all(line.startswith("pressroom restore ") for line in kept)


def test_an_issue_stands_below_the_words_with_its_readers_values() -> None:
    issue = render_page(context(entry(1)))
    values = {
        "address": "a&b@example.org",
        "unsubscribe_url": "https://example.org/",
        "preferences_url": "https://example.org/",
    }
    page = put_on_top(render_owner_letter(letter()), issue, values)
    assert page.subject == "It rains in Bath & Wells"
    for body in (page.html, page.text):
        assert body.index("Words that stand alone.") < body.rindex("On forgetting")
        assert issue.sentinel not in body
    assert "a&amp;b@example.org" in page.html
    assert "a&b@example.org" in page.text
    assert page.html.count("<body") == page.html.count("</body>") == 1
    assert replace(page, html="", text="").embedded == issue.embedded
