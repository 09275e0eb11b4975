"""Formulas in a title or a summary, which are no Markdown."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from pipeline.base.text import fold_line
from pipeline.content.markup.oneline import split_formulas
from pipeline.content.tree import Formula, Text


def test_a_formula_in_a_title_is_found_with_the_line_it_was_given() -> None:
    assert split_formulas("谈谈 $x^2$ 的故事", 3) == (
        Text("谈谈 "),
        Formula("x^2", line=3),
        Text(" 的故事"),
    )


def test_every_delimiter_counts_and_display_is_within_the_line() -> None:
    nodes = split_formulas(r"$$a_1$$ and \(b\)", 1)
    assert nodes == (Formula("a_1", line=1), Text(" and "), Formula("b", line=1))


def test_money_and_marks_of_markdown_stay_as_they_are() -> None:
    for title in ("From $5 to $10", "*Stars* and `ticks`", "", r"50\% off"):
        assert split_formulas(title, 1) == ((Text(title),) if title else ())


def test_lines_are_folded_to_one() -> None:
    assert split_formulas("a\n  $x_1$\n", 1) == (Text("a "), Formula("x_1", line=1))


@given(st.text(alphabet="a $\\()[]{}x^_1`\n中", max_size=60))
def test_text_outside_formulas_is_never_changed(text: str) -> None:
    rest = [node.text for node in split_formulas(text, 1) if isinstance(node, Text)]
    line, at = fold_line(text), 0
    for piece in rest:
        at = line.index(piece, at) + len(piece)
