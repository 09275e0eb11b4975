"""The first words of a post as one plain paragraph."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.base.text import graphemes
from pipeline.content.tree import Code, Formula, More, Text
from pipeline.rendition.summary import summarise
from pipeline.rendition.typeset import Typeset
from tests.rendition.trees import el


def test_paragraphs_join_with_a_space_but_behind_full_width_punctuation() -> None:
    assert summarise([el("p", "One\ntwo."), el("p", "Three.")]) == "One two. Three."
    assert summarise([el("p", "一。"), Text("\n"), el("p", "二。")]) == "一。二。"
    assert summarise([el("p", "话在开头"), el("p", "今天")]) == "话在开头 今天"


def test_what_is_no_running_text_is_left_out() -> None:
    nodes = [
        *(el("h2", "Heading"), Code("x = 1"), More(), el("table", el("td", "cell"))),
        el("p", "Text", el("sup", el("a", "1", href="https://e.org/#fn1")), "."),
        el("figure", el("img", alt="cat"), el("figcaption", "Cat")),
        el("section", el("li", "note"), class_="footnotes"),
    ]
    assert summarise(nodes) == "Text."


def test_links_and_emphasis_are_their_words() -> None:
    link = el("a", el("em", "here"), href="https://e.org/")
    assert summarise([el("p", "Look ", link, "\x00.")]) == "Look here."


def test_a_formula_is_its_text_on_one_line() -> None:
    formula = Formula("a\n+ b", display=True)
    assert summarise([el("p", "so ", formula)]) == "so a + b"
    assert (
        summarise([formula], {formula: Typeset(feed="", mail="", text="a + b = c")})
        == "a + b = c"
    )


@pytest.mark.parametrize(
    ("text", "limit", "summary"),
    [
        ("One two three. Four five.", 20, "One two three."),
        ("One. Two three four five.", 20, "One. Two three four…"),
        ("Version 3.14 is here today.", 16, "Version 3.14 is…"),
        ("他说：“很好。”然后走了很远", 9, "他说：“很好。”"),
        ("深度学习，很好", 6, "深度学习…"),
        ("深度学习很好啊", 5, "深度学习…"),
        ("用Transformer", 6, "用…"),
        ("真的吗?对!没有其他", 7, "真的吗?对!"),
        ("supercalifragilistic", 6, "super…"),
        ("exactly ten", 11, "exactly ten"),
        ("See " + "ภาษา" * 30, 61, "See " + "ภาษา" * 14 + "…"),
        ("Look " + "x" * 90, 60, "Look " + "x" * 54 + "…"),
        ("🎉" * 60, 50, "🎉" * 49 + "…"),
        ("👨‍👩‍👧👨‍👩‍👧👨‍👩‍👧", 2, "👨‍👩‍👧…"),
    ],
)
def test_a_long_text_is_cut_behind_a_sentence_or_a_word(
    text: str, limit: int, summary: str
) -> None:
    assert summarise([Text(text)], limit=limit) == summary


def test_a_paragraph_of_one_long_word_begins_with_it() -> None:
    assert summarise([el("p", "สวัสดี" * 9)], limit=10).startswith("สวัสดีสวัสดี")
    assert summarise([Text("\n"), el("p", "x" * 99)], limit=10) == "x" * 9 + "…"


@pytest.mark.parametrize(
    ("before", "after", "summary"),
    [
        ("so", "holds", "so a + b holds"),
        ("so ", " holds", "so a + b holds"),
        ("so", ", and", "so a + b, and"),
        ("于是", "成立", "于是 a + b 成立"),
        ("于是", "。", "于是 a + b。"),
    ],
)
def test_a_display_formula_stands_apart_from_words_but_not_from_a_stop(
    before: str, after: str, summary: str
) -> None:
    formula = Formula("a + b", display=True)
    assert summarise([el("p", before, formula, after)]) == summary
    cjk = Formula("其中", display=True)
    assert summarise([el("p", "甲", cjk, "乙")]) == "甲 其中 乙"


def test_an_inline_formula_stands_as_the_author_put_it() -> None:
    assert summarise([el("p", "the ", Formula("n"), "th one")]) == "the nth one"


def test_a_formula_is_never_cut() -> None:
    formula = Formula("a + b + c. d + e")
    for limit in range(8, 30):
        summary = summarise(
            [Text("Let us see "), formula, Text(" and so on")], limit=limit
        )
        assert (
            formula.tex in summary or summary == "Let us see…"[: len(summary) - 1] + "…"
        )
    assert summarise([formula], limit=5) == "…"
    long = Formula("a+b" * 30)
    assert summarise([Text("Let us see "), long], limit=60) == "Let us see…"


@given(
    st.lists(st.one_of(st.text(max_size=20).map(Text), st.just(Formula("x + y")))),
    st.integers(2, 40),
)
@settings(max_examples=80, deadline=None)
def test_a_summary_is_one_line_within_its_limit(nodes: list[Text], limit: int) -> None:
    summary = summarise(nodes, limit=limit)
    assert len(list(graphemes(summary))) <= limit
    assert "\n" not in summary
