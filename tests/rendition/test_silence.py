"""Formulas that show nothing, such as definitions of macros, leave nothing behind."""

from __future__ import annotations

from pipeline.content.tree import Formula, Text
from pipeline.rendition.silence import without_silent
from pipeline.rendition.typeset import Typeset
from tests.rendition.trees import el

DEFINES = Formula(r"\newcommand{\RR}{\mathbb{R}}", display=True)
SHOWS = Formula(r"x \in \RR")
UNKNOWN = Formula(r"\nosuch")
TYPESETS = {
    DEFINES: Typeset(feed="", mail="", text=""),
    SHOWS: Typeset(feed="F", mail="M", text="x ∈ ℝ"),
}


def test_a_paragraph_of_definitions_goes_with_them() -> None:
    rest = el("p", "Words.")
    assert without_silent([el("p", DEFINES, " ", DEFINES), rest], TYPESETS) == (rest,)
    assert without_silent([DEFINES, rest], TYPESETS) == (rest,)


def test_what_stands_beside_a_definition_stays() -> None:
    quote = el("blockquote", el("p", DEFINES, "Let ", SHOWS, "."))
    assert without_silent([quote], TYPESETS) == (
        el("blockquote", el("p", "Let ", SHOWS, ".")),
    )


def test_formulas_that_show_something_and_those_that_failed_stay() -> None:
    nodes = el("p", SHOWS), el("p", UNKNOWN), el("p"), Text("x")
    assert without_silent(nodes, TYPESETS) == nodes
    assert without_silent(nodes, {}) == nodes


def test_what_holds_a_picture_stays() -> None:
    image = el("img", src="https://example.org/a.png")
    assert without_silent([el("p", DEFINES, image)], TYPESETS) == (el("p", image),)
