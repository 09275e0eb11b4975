"""Inline formulas as writers write them: TeX through the engine, shown as text."""

from __future__ import annotations

import pytest

from pipeline.math.engine import Engine
from pipeline.math.layout import Layout, Tex
from pipeline.math.simple import as_html


@pytest.fixture(scope="module")
def engine() -> Engine:
    return Engine()


def html_of(engine: Engine, *formulas: str) -> str | None:
    layout = engine.typeset([Tex(tex, tex.startswith(r"\begin")) for tex in formulas])[
        -1
    ]
    assert isinstance(layout, Layout), layout
    html = as_html(layout.mathml)
    return html and html.replace("\u00a0", "~")


CASES = [
    (r"x_i", "<i>x</i><sub><i>i</i></sub>"),
    (r"\lambda x", "<i>λx</i>"),
    (r"x\in\mathbb{R}^n", "<i>x</i>~∈~ℝ<sup><i>n</i></sup>"),
    (r"\mathbf W\boldsymbol x", "<b>W</b><b><i>x</i></b>"),
    (r"O(n\log n)", "<i>O</i>(<i>n</i>~log~<i>n</i>)"),
    (r"x / \ln x", "<i>x</i>/ln~<i>x</i>"),
    (r"f'_n(\hat y)", "<i>f</i>′<sub><i>n</i></sub>(<i>ŷ</i>)"),
    (r"\text{a}_{\text{max}}", "a<sub>max</sub>"),
    (r"e^{-x}", "<i>e</i><sup>−<i>x</i></sup>"),
    (r"\left(x\right)^2", "(<i>x</i>)<sup>2</sup>"),
    (r"\ce{SO4^2-}", "SO<sub>4</sub><sup>2−</sup>"),
    (r"\ce{CO2 + C -> 2 CO}", "CO<sub>2</sub>~+~C~→~2~CO"),
    (r"x^\dagger", "<i>x</i><sup>†</sup>"),
    (r"\pmb{x}", "<b><i>x</i></b>"),
    (r"90^\circ", "90°"),
    (r"a<b", "<i>a</i>~&lt;~<i>b</i>"),
    (r"\mathbb E[x]", None),
    (r"\hat x", None),
    (r"x_{i_j}", None),
    (r"\frac12", None),
    (r"\sum x", None),
    (r"\big(x)", None),
    (r"\color{red}x", None),
    (r"\href{https://example.org}{x}", None),
]  # fmt: skip


@pytest.mark.parametrize(("tex", "expected"), CASES, ids=[tex for tex, _ in CASES])
def test_inline_formulas_are_text_or_left_to_an_image(
    engine: Engine, tex: str, expected: str | None
) -> None:
    assert html_of(engine, tex) == expected


def test_a_reference_is_its_number(engine: Engine) -> None:
    equation = r"\begin{equation}q=1\label{eq:q}\end{equation}"
    assert html_of(engine, equation, r"\eqref{eq:q}") == "(1)"
