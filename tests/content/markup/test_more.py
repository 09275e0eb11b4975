"""The read-more mark, in every spelling, at top level."""

from __future__ import annotations

from collections.abc import Callable

import pytest

Outline = Callable[..., str]


@pytest.mark.parametrize(
    "mark",
    [
        "<!--more-->",
        "<!-- more -->",
        "<!--MORE-->",
        "<!--more Read on-->",
        "<!-- PELICAN_END_SUMMARY -->",
        "<!-- truncate -->",
    ],
)
@pytest.mark.parametrize("markup", ["markdown", "html"])
def test_each_spelling_is_a_mark(outline: Outline, markup: str, mark: str) -> None:
    shown = outline(f"<p>a</p>\n\n{mark}\n\n<p>b</p>", markup=markup)

    assert shown == "<p>a</p><more><p>b</p>"


@pytest.mark.parametrize("comment", ["<!-- moreover -->", "<!-- x -->", "<!-- open"])
def test_another_comment_is_nothing(outline: Outline, comment: str) -> None:
    assert outline(f"a\n\n{comment}") == "<p>a</p>"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a <!--more--> b", "<p>a</p><more><p>b</p>"),
        (
            "a **b <!--more--> c** d",
            "<p>a <strong>b </strong></p><more><p><strong> c</strong> d</p>",
        ),
        (
            "> a\n>\n> <!--more-->\n>\n> b",
            "<blockquote><p>a</p></blockquote><more><blockquote><p>b</p></blockquote>",
        ),
        ("- a <!--more--> b\n- c", "<ul><li>a  b</li><li>c</li></ul><more>"),
        ("<!--more-->\n\na\n\n<!--more-->\n\nb", "<more><p>a</p><p>b</p>"),
        (
            "**a <!--more-->**\n\n> **b <!--more--> c**",
            "<p><strong>a </strong></p><more>"
            "<blockquote><p><strong>b  c</strong></p></blockquote>",
        ),
        ("<div>a<!--more-->b</div>", "<p>a</p><more><p>b</p>"),
    ],
)
def test_the_first_mark_is_lifted_to_the_top_level(
    outline: Outline, text: str, shown: str
) -> None:
    assert outline(text) == shown


def test_a_paragraph_cut_in_two_keeps_its_id_once(outline: Outline) -> None:
    shown = outline("<p id=x>a<!--more-->b</p>", markup="html")

    assert shown.count("id=") == 1


def test_a_mark_in_code_is_code(outline: Outline) -> None:
    assert outline("`<!--more-->`") == "<p><code><!--more--></code></p>"
