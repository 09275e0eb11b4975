"""docs/front-matter.md names every field, value and tag that the code reads."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date as day

import pytest

from pipeline.content import read as reading
from pipeline.content.excerpt import excerpt
from pipeline.content.fields import Matter
from pipeline.content.frontmatter import Value
from pipeline.content.frontmatter.values import plain_name
from pipeline.content.post import Mail
from pipeline.content.scan import POST_ENDINGS
from pipeline.content.tags import embeds, hexo, hugo, jekyll, zola
from pipeline.content.tree import Text, walk
from tests.docs.documents import document, spans
from tests.docs.posts import parse, read

PAGE = document("docs/front-matter.md")
SPANS = spans(PAGE)
TAGS = {
    "Hugo": hugo.SHORTCODES,
    "Jekyll": jekyll.TAGS,
    "Hexo": hexo.TAGS,
    "Zola": zola.TAGS,
}


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> set[str]:
    """Return every field that reading a post without any field asks for."""
    names: set[str] = set()

    class Recorded(Matter):
        def _found(self, wanted: Sequence[str]) -> Iterator[Value]:
            names.update(wanted)
            return super()._found(wanted)

    monkeypatch.setattr(reading, "Matter", Recorded)
    assert read("Words.").title == "A"
    return names


def test_every_field_that_is_read_is_named(asked: set[str]) -> None:
    named = {plain_name(span.partition(":")[0]) for span in SPANS}
    assert len(asked) > 60
    assert asked - named == set()


def test_every_value_of_mail_is_told() -> None:
    table = PAGE.partition("| `mail:` |")[2].partition("\n\n")[0]
    told = re.findall(r"^\| `(\w+)`", table, re.MULTILINE)
    words = {Mail.YES: "true", Mail.NO: "false"}
    assert told == [words.get(mail, mail.value) for mail in Mail]


def test_every_ending_of_a_post_is_named() -> None:
    assert set(POST_ENDINGS) <= set(SPANS)


@pytest.mark.parametrize("generator", TAGS)
def test_every_tag_of_a_generator_is_named(generator: str) -> None:
    row = re.search(rf"^\| {generator},.*", PAGE, re.MULTILINE)
    assert row is not None
    told = set(re.findall(r"`([^`]+)`", row[0]))
    assert TAGS[generator].keys() - embeds.EMBEDS.keys() - told == set()


def test_every_embed_is_named() -> None:
    row = PAGE.partition("| in all of them |")[2].partition("\n")[0]
    assert set(re.findall(r"`(\w+)`", row)) == set(embeds.EMBEDS)


MARKS = re.findall("<!--.+?-->", PAGE.partition("```html")[2].partition("```")[0])
DATES = re.findall(
    "`([^`]+)`",
    PAGE.partition("Dates may be written ")[2].partition(", with a zone")[0],
)


def test_marks_and_dates_are_shown() -> None:
    assert len(MARKS) == 4
    assert len(DATES) >= 5


@pytest.mark.parametrize("mark", MARKS)
def test_an_excerpt_ends_at_every_mark_that_is_named(mark: str) -> None:
    shown = excerpt(parse(f"Before.\n\n{mark}\n\nAfter."))
    assert [node.text for node in walk(shown.nodes) if isinstance(node, Text)] == [
        "Before."
    ]


@pytest.mark.parametrize("date", DATES)
def test_every_date_that_is_shown_can_be_read(date: str) -> None:
    assert read(f"---\ndate: {date}\n---\n").published.date() == day(2024, 5, 1)
