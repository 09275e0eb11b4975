"""Formulas as HTML text: what text can show and how, and what it leaves to an image."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings

from pipeline.math.simple import LONG, as_html
from tests.math.rows import rows
from tests.math.samples import (
    CLOSE,
    COMMA,
    EQUALS,
    MINUS,
    OPEN,
    PLUS,
    TWO,
    N,
    X,
    Y,
    atom,
    element,
    fenced,
    math,
    mi,
    mn,
    mo,
    mrow,
    table,
)

HIDDEN = atom(element("mpadded", element("mphantom", mi("A")), width="0"))


def shown(row: str) -> str | None:
    """The HTML with its spaces told apart: `~` does not break."""
    html = as_html(math(row))
    return html and html.replace("\u00a0", "~")


def sup(base: str, script: str) -> str:
    return element("msup", base, script)


def sub(base: str, script: str) -> str:
    return element("msub", base, script)


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        (X, "<i>x</i>"),
        (X + Y, "<i>xy</i>"),
        (mi("α"), "<i>α</i>"),
        (mi("Γ", mathvariant="normal"), "Γ"),
        (mi("W", mathvariant="bold"), "<b>W</b>"),
        (mi("θ", mathvariant="bold-italic"), "<b><i>θ</i></b>"),
        (mi("diff", mathvariant="italic"), "<i>diff</i>"),
        (mi("R", mathvariant="double-struck"), "ℝ"),
        (mi("L", mathvariant="script"), "ℒ"),
        (mi("∂") + X, "∂<i>x</i>"),
        (mn("3.14"), "3.14"),
        (mi("sin") + OPEN + X + CLOSE, "sin(<i>x</i>)"),
        (mi("log") + mo("\u2061", texclass="NONE") + N, "log~<i>n</i>"),
        (element("mover", mi("y"), mo("^")), "<i>ŷ</i>"),
        (element("mtext", "若\u00a0") + X, "若~<i>x</i>"),
        (element("mtext", "a &lt; b", mathvariant="bold"), "<b>a &lt; b</b>"),
        (mrow(element("mtext", "(1)"), href="#mjx-eqn%3A1"), "(1)"),
    ],
)
def test_letters_words_and_numbers(row: str, expected: str) -> None:
    assert shown(row) == expected


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        (sub(X, mi("i")), "<i>x</i><sub><i>i</i></sub>"),
        (sup(X, TWO), "<i>x</i><sup>2</sup>"),
        (element("msubsup", X, N, TWO), "<i>x</i><sub><i>n</i></sub><sup>2</sup>"),
        (sub(X, mrow(N, MINUS, mn("1"))), "<i>x</i><sub><i>n</i>−1</sub>"),
        (sub(X, mrow(X, COMMA, Y)), "<i>x</i><sub><i>x</i>,<i>y</i></sub>"),
        (element("msubsup", X, N, mo("′")), "<i>x</i>′<sub><i>n</i></sub>"),
        (sup(X, mrow(mo("′"), TWO)), "<i>x</i>′<sup>2</sup>"),
        (sup(mn("90"), mo("∘")), "90°"),
        (sup(fenced("(", X, ")"), TWO), "(<i>x</i>)<sup>2</sup>"),
        (
            sup(X, mrow(element("mspace", width="1em"), N)),
            "<i>x</i><sup><i>n</i></sup>",
        ),
        (
            atom(mi("H", mathvariant="normal"))
            + sub(HIDDEN, element("mpadded", TWO, height="0"))
            + atom(mi("O", mathvariant="normal")),
            "H<sub>2</sub>O",
        ),
    ],
)
def test_indices_stand_one_level_deep(row: str, expected: str) -> None:
    assert shown(row) == expected


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        (X + EQUALS + mn("1"), "<i>x</i>~=~1"),
        (X + PLUS + Y, "<i>x</i>~+~<i>y</i>"),
        (X + EQUALS + MINUS + Y, "<i>x</i>~=~−<i>y</i>"),
        (X + mo("&lt;") + Y, "<i>x</i>~&lt;~<i>y</i>"),
        (X + COMMA + mo("…") + COMMA + N, "<i>x</i>,~…,~<i>n</i>"),
        (X + mo("⟶") + Y, "<i>x</i>~→~<i>y</i>"),
        (X + mo("∣") + Y, "<i>x</i>~|~<i>y</i>"),
        (X + element("mspace", width="0.167em") + Y, "<i>x</i>~<i>y</i>"),
        (X + element("mspace", width="-0.167em") + Y, "<i>xy</i>"),
        (X + element("mspace", width="1em") + Y, "<i>x</i>~~<i>y</i>"),
        (element("mtext", "if") + X, "if~<i>x</i>"),
    ],
)
def test_no_short_formula_breaks(row: str, expected: str) -> None:
    assert shown(row) == expected


def test_a_long_formula_may_break_after_relations_and_commas_alone() -> None:
    row = (X + PLUS + Y + EQUALS) * 6 + X + COMMA + Y
    html = shown(row)
    assert html is not None
    assert len(re.sub("<[^>]*>", "", html)) > LONG
    assert {part[-1] for part in html.split(" ")[:-1]} == {"=", ","}
    assert html.count(" ") == 7


@pytest.mark.parametrize(
    "row",
    [
        element("mfrac", X, Y),
        element("msqrt", X),
        sub(X, sub(Y, N)),
        element("mover", X, mo("^")),
        element("mover", mrow(X, Y), mo("^")),
        element("mover", X, X),
        element("mover", X, mo("~~")),
        element("munder", mo("lim"), X),
        mo("∑") + X,
        mo("(", minsize="1.2em") + X + CLOSE,
        table((X, Y)),
        element("mstyle", X, mathcolor="red"),
        element("mstyle", X, scriptlevel="1"),
        element("menclose", X, notation="box"),
        element("mphantom", X) + Y,
        element("mpadded", X, width="0"),
        element("mpadded", X, voffset="3pt"),
        element("mi", "x", href="https://example.org/"),
        X + element("mspace", linebreak="newline") + Y,
        mi("E", mathvariant="double-struck"),
        mi("x", mathvariant="monospace"),
        mo("⊠"),
        mi("𝑥"),
        "",
        element("mspace", width="1em"),
    ],
)
def test_what_text_cannot_show_is_left_to_an_image(row: str) -> None:
    assert shown(row) is None


def test_a_formula_too_deep_to_walk_is_left_to_an_image() -> None:
    deep = '<mrow data-mjx-texclass="ORD">' * 5_000 + "x" + "</mrow>" * 5_000
    assert as_html(math(deep)) is None


@settings(max_examples=100)
@given(rows())
def test_html_is_of_four_elements_closed_in_order_and_loses_nothing(row: str) -> None:
    html = as_html(math(row))
    if html is None:
        return
    assert not re.sub(r"</?(i|b|sub|sup)>|[^<>]", "", html)
    opened: list[str] = []
    for closing, name in re.findall(r"<(/?)(\w+)>", html):
        if not closing:
            opened.append(name)
        else:
            assert opened.pop() == name
    assert opened == []
    told = re.sub(r"<[^>]*>|[^a-z0-9]", "", html.replace("&lt;", ""))
    assert sorted(told) == sorted(re.sub(r"<[^>]*>|[^a-z0-9]", "", row))
