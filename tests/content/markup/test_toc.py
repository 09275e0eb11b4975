"""A table of contents is left out, in every way it is asked for."""

from __future__ import annotations

from collections.abc import Callable

import pytest

Outline = Callable[..., str]


@pytest.mark.parametrize(
    "mark",
    [
        *("[TOC]", "[toc]", "[[toc]]", "[[_TOC_]]", "@[TOC](目录)", "@[toc]"),
        *(
            "{:toc}",
            "{: toc}",
            "{toc}",
            "${toc}",
            "* TOC\n{:toc}",
            "1. 目录\n{:toc .x}",
        ),
        *("- {:toc}", "<!-- toc -->"),
    ],
)
def test_a_table_of_contents_is_left_out(outline: Outline, mark: str) -> None:
    assert outline(f"a\n\n{mark}\n\nb") == "<p>a</p><p>b</p>"
    assert outline(mark) == ""


def test_what_follows_the_mark_in_its_paragraph_stays_and_has_its_line(
    outline: Outline, told: Callable[..., list[str]]
) -> None:
    assert outline("[TOC]\na") == "<p>a</p>"
    assert "posts/a.md:2:" in told("[TOC]\n![a](no.png)")[0]


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a [TOC]", "<p>a [TOC]</p>"),
        ("[TOC] a", "<p>[TOC] a</p>"),
        ("[toc]: /x\n\n[toc]", "<p><a href=https://example.org/x>toc</a></p>"),
        ("- a\n- b", "<ul><li>a</li><li>b</li></ul>"),
        ("- a", "<ul><li>a</li></ul>"),
    ],
)
def test_the_letters_toc_in_prose_stay(outline: Outline, text: str, shown: str) -> None:
    assert outline(text) == shown
