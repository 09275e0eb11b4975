"""Where a tag ends, whatever its author put between its quotes."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.content.markup.html_tags import (
    TAG,
    is_element,
    read_attributes,
    write_attributes,
)

Outline = Callable[..., str]
Told = Callable[..., list[str]]


@pytest.mark.parametrize("markup", ["markdown", "html"])
@pytest.mark.parametrize(
    ("html", "shown"),
    [
        (
            '<iframe src="//e.org/v" title="I <3 x > y"></iframe>',
            "<a href=https://e.org/v>▶ e.org: I <3 x > y</a>",
        ),
        (
            "<iframe src=/d srcdoc='<p>\"a\"</p>'></iframe>",
            "<a href=https://example.org/d>▶ /d</a>",
        ),
        (
            '<a href=http://e.org title="x<y>z">a</a>',
            "<a href=http://e.org title=x<y>z>a</a>",
        ),
        (
            '<img src="nope.png" alt="<b data-line=7>">',
            "<img src=https://example.org/a/nope.png alt=<b data-line=7>></img>",
        ),
    ],
)
def test_a_tag_ends_after_its_quotes(
    outline: Outline, markup: str, html: str, shown: str
) -> None:
    assert outline(f"before {html} after", markup=markup) == (
        f"<p>before {shown} after</p>"
    )


@pytest.mark.parametrize(
    ("html", "shown"),
    [
        ('<a title="x href=/b>c</a>', "<p><a href=https://example.org/b title=>c</a>"),
        ("<a href=it's>c</a>", "<p><a href=https://example.org/a/it>c</a>"),
        ('<b class="x"">c</b>', "<p><b>c</b>"),
    ],
)
def test_a_tag_whose_quotes_are_in_no_order_loses_nothing_after_it(
    outline: Outline, html: str, shown: str
) -> None:
    rest = '<p>more "words" and <b>more</b></p>'

    assert outline(f"<p>{html}</p>{rest}", markup="html") == f"{shown}</p>{rest}"


def test_the_line_of_a_tag_is_told_past_lines_within_quotes(told: Told) -> None:
    text = "<b title='a\nb>\nc'>x</b>\n\n<img src=nope.png>"

    assert told(text, markup="html")[0].startswith("posts/a.md:5: ")


def test_an_id_behind_quoted_brackets_is_found(outline: Outline) -> None:
    html = '<b title="x<y" id="here">a</b> <a href="#here">b</a>'

    assert "-here>b</a>" in outline(html, markup="html")


@given(st.dictionaries(st.from_regex(r"[a-z][a-z-]{0,8}", fullmatch=True), st.text()))
def test_attributes_that_are_written_are_read_again(values: dict[str, str]) -> None:
    written = write_attributes(values)
    tag = TAG.fullmatch(f"<a{written}>")

    assert tag is not None
    assert read_attributes(tag["attributes"]) == values


@pytest.mark.parametrize(
    ("name", "known"), [("p", True), ("my-x", True), ("o:p", True), ("string", False)]
)
def test_elements_of_html_are_known(name: str, known: bool) -> None:
    assert is_element(name) is known
