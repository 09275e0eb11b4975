"""Subscripts and superscripts, only where nothing else can be meant."""

from __future__ import annotations

from collections.abc import Callable

import pytest

Outline = Callable[..., str]


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("x^2^", "x<sup>2</sup>"),
        ("10^-3^。", "10<sup>-3</sup>。"),
        ("21^st^ Ca^2+^", "21<sup>st</sup> Ca<sup>2+</sup>"),
        ("研究^[1]^和^[2,3]^", "研究<sup>[1]</sup>和<sup>[2,3]</sup>"),
        ("平方米^2^", "平方米<sup>2</sup>"),
        ("*x*^2^", "<em>x</em><sup>2</sup>"),
        ("CH~3~CH~2~OH", "CH<sub>3</sub>CH<sub>2</sub>OH"),
        ("x~i~, V~max~, pK~a~", None),
        ("*x*~i~ σ~1~ x~i+1~", None),
        ("**H~2~O**", "<strong>H<sub>2</sub>O</strong>"),
        ("[H~2~O](/x)", "<a href=https://example.org/x>H<sub>2</sub>O</a>"),
    ],
)
def test_indices_stand_low_or_high(
    outline: Outline, text: str, shown: str | None
) -> None:
    found = outline(text)

    assert found == f"<p>{shown}</p>" if shown else found.count("<sub>") >= 2


@pytest.mark.parametrize(
    "text",
    [
        *("3~5天，7~9天", "1~2~3", "A~B~C", "bye~bye~", "~a~", "a~ b~", "好~OK~"),
        *("a^b+c^d", "2^10,2^20", "a^b^c", "^_^", "哈哈^o^", "x^2", "x ^2^", "x^ 2^"),
        *("x^2^^", "x~2~~"),
    ],
)
def test_what_may_mean_something_else_is_left(outline: Outline, text: str) -> None:
    assert outline(text) == f"<p>{text}</p>"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("`x^2^`", "<code>x^2^</code>"),
        ("$x^2^3^$", "⟨x^2^3^⟩"),
        ("H~~2~~O", "H<del>2</del>O"),
        ("~~x~2~~~", "<del>x~2</del>~"),
    ],
)
def test_code_formulas_and_struck_words_have_none(
    outline: Outline, text: str, shown: str
) -> None:
    assert outline(text) == f"<p>{shown}</p>"
