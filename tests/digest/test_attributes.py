"""Attributes change in real tags alone, and nothing else does."""

from __future__ import annotations

from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.digest.attributes import change_attributes


def marked(html: str) -> str:
    """Mark every `src` of an `img` that is found."""
    return change_attributes(
        html, "img", lambda name, v: (name, f"<{v}>") if name == "src" else (name, v)
    )


@pytest.mark.parametrize(
    ("tag", "changed"),
    [
        ('<img src="a">', '<img src="&lt;a&gt;">'),
        ("<IMG SRC='a'/>", '<IMG src="&lt;a&gt;"/>'),
        ("<img src=a>", '<img src="&lt;a&gt;">'),
        ("<img\n  src = a\n>", '<img src="&lt;a&gt;"\n>'),
        ('<img alt="1 > 0" src="a">', '<img alt="1 > 0" src="&lt;a&gt;">'),
        ('<img alt=""src="a">', '<img alt="" src="&lt;a&gt;">'),
        ('<img src="a?b=1&amp;c=2">', '<img src="&lt;a?b=1&amp;c=2&gt;">'),
        ("<img src=\"'a'\">", '<img src="&lt;&#x27;a&#x27;&gt;">'),
        ("<img src>", '<img src="&lt;&gt;">'),
        ('<img src= alt="a">', '<img src="&lt;alt=&quot;a&quot;&gt;">'),
    ],
)
def test_an_attribute_is_found_however_it_is_written(tag: str, changed: str) -> None:
    assert marked(tag) == changed


@pytest.mark.parametrize(
    "html",
    [
        '&lt;img src="a"&gt;',
        '<!-- <img src="a"> -->',
        '<!--[if mso]><img src="a"><![endif]-->',
        '<!-- <img src="a">',
        '<!doctype x "<img src=a">',
        '<style>/* <img src="a"> */</style>',
        '<title><img src="a"></title>',
        '<textarea><img src="a">',
        "<p title='<img src=\"a\">'>",
        '<image src="a"><imgs src="a">',
        '<img data-src="a" alt="src=a" SRCSET="a">',
        "1 < 2 <img",
    ],
)
def test_what_only_looks_like_one_stays(html: str) -> None:
    assert marked(html) == html


@pytest.mark.parametrize(
    "before", ["<!-->", "<!--->", "<!-- a --!>", "</style>", "<br>"]
)
def test_a_tag_after_something_that_has_ended_is_found(before: str) -> None:
    assert marked(f'{before}<img src="a">') != f'{before}<img src="a">'


def test_an_attribute_is_dropped_with_the_space_before_it() -> None:
    html = '<img hidden src="a" alt="b"><p hidden>'
    dropped = change_attributes(
        html, "img", lambda name, value: None if name == "hidden" else (name, value)
    )
    assert dropped == '<img src="a" alt="b"><p hidden>'


class Sources(HTMLParser):
    """The `src` of every `img`, as Python's own parser finds them."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found = list[str | None]()
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "img":
            self.found += [value for name, value in attrs if name == "src"]


quoted = st.text('ab<>=/ &"', max_size=9).map(lambda v: v.replace('"', "&quot;"))
pieces = st.one_of(
    quoted.map(lambda v: f'<img src="{v}">'),
    quoted.map(lambda v: f'<p title="{v}">'),
    quoted.map(lambda v: f"<IMG alt='{v}' src='{v}'/>"),
    quoted.map(lambda v: f"<style>{v.replace('<', '')}<img src=x></style>"),
    st.text("ab =/>&;'\"", max_size=9),
    st.sampled_from(["<!-- <img src=x> -->", "&lt;img src=x&gt;", "<br/>", "</p>"]),
)


@given(st.lists(pieces, max_size=8).map("".join))
def test_the_tags_found_are_those_a_parser_finds(html: str) -> None:
    found = list[str]()

    def note(name: str, value: str) -> tuple[str, str]:
        if name == "src":
            found.append(value)
        return name, value

    assert change_attributes(html, "img", note) == html
    assert found == Sources(html).found
