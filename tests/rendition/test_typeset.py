"""Where formulas stand, and what they are while nothing has typeset them."""

from __future__ import annotations

import re

import pytest

from pipeline.content.tree import Element, Formula
from pipeline.rendition.html import render_html
from pipeline.rendition.plain import render_text
from pipeline.rendition.targets import Target
from pipeline.rendition.typeset import (
    Typeset,
    stand_apart,
    typeset_html,
    typeset_text,
)
from tests.rendition.trees import el

INLINE = Formula("a < b")
DISPLAY = Formula("x = 1", display=True)


def test_an_inline_formula_without_a_result_shows_as_its_tex() -> None:
    for target in Target:
        html = typeset_html(INLINE, {}, target)
        assert html == '<code class="math">a &lt; b</code>'
    assert typeset_text(INLINE, {}) == "a < b"


def test_a_display_formula_is_a_block_that_may_stand_in_a_paragraph() -> None:
    html = typeset_html(DISPLAY, {}, Target.FEED)
    assert html.startswith('<span class="math-display" style="display:block;')
    assert '<code class="math display" style="' in html
    assert html.endswith(">x = 1</code></span>")


def test_a_result_takes_the_place_of_the_tex() -> None:
    typesets = {
        INLINE: Typeset(feed="<math/>", mail="<i>a</i>", text="a"),
        DISPLAY: Typeset(feed="<b>f</b>", mail="<b>m</b>", text="x = 1"),
    }
    assert typeset_html(INLINE, typesets, Target.FEED) == "<math/>"
    assert typeset_html(INLINE, typesets, Target.MAIL) == "<i>a</i>"
    assert "><b>f</b></span>" in typeset_html(DISPLAY, typesets, Target.FEED)
    assert "><b>m</b></span>" in typeset_html(DISPLAY, typesets, Target.MAIL)
    assert typeset_text(INLINE, typesets) == "a"
    assert typeset_text(DISPLAY, typesets) == "x = 1"


def test_a_number_stands_at_the_right_and_behind_its_equation_without_styles() -> None:
    typesets = {DISPLAY: Typeset(feed="F", mail="M", text="x = 1", number="(2 & 3)")}
    html = typeset_html(DISPLAY, typesets, Target.MAIL)
    assert re.sub(r"<[^>]*>", "", html) == "M (2 &amp; 3)"
    assert 'class="math-equation" style="display:table-cell;text-align:center' in html
    assert 'class="math-number" style="display:table-cell;width:1%' in html
    assert typeset_text(DISPLAY, typesets) == "x = 1    (2 & 3)"


@pytest.mark.parametrize("number", ["", "(1)"])
def test_an_equation_too_wide_for_the_page_scrolls_in_its_block(number: str) -> None:
    typesets = {DISPLAY: Typeset(feed="F", mail="M", text="x = 1", number=number)}
    html = typeset_html(DISPLAY, typesets, Target.MAIL)
    block = (
        '<span class="math-display" style="display:block;margin:1em 0;overflow-x:auto'
    )
    assert html.startswith(block)


def test_what_shows_nothing_takes_no_room() -> None:
    nothing = {DISPLAY: Typeset(feed="", mail="", text="")}
    body = [el("p", DISPLAY), el("p", DISPLAY, " so"), DISPLAY]
    assert render_html(body, Target.MAIL, nothing) == "<p> so</p>"
    assert render_text(body, typesets=nothing) == "so"


def test_the_lines_of_a_display_formula_stay_and_those_of_an_inline_one_join() -> None:
    tex = "\n  \\begin{align}\n    a &= b\n  \\end{align}\n"
    lines = "\\begin{align}\n  a &= b\n\\end{align}"
    assert typeset_text(Formula(tex, display=True), {}) == lines
    assert typeset_text(Formula(tex), {}) == "\\begin{align} a &= b \\end{align}"


def test_a_display_formula_between_blocks_gets_a_paragraph() -> None:
    quote = el("blockquote", el("ul", el("li", "a", DISPLAY)))
    paragraph = el("p", DISPLAY)
    assert stand_apart([DISPLAY, quote]) == (
        paragraph,
        el("blockquote", el("ul", el("li", "a", paragraph))),
    )


def test_a_display_formula_in_a_phrase_stays_and_so_does_all_else() -> None:
    nodes: tuple[Element, ...] = (
        el("h2", "The formula ", DISPLAY),
        el("p", "so ", DISPLAY, el("em", DISPLAY)),
        el("p", "text ", INLINE),
    )
    assert stand_apart(nodes) == nodes
