"""docs/formulas.md shows what is really found, typeset and bounded."""

from __future__ import annotations

import re

import pytest
import yaml

from pipeline.config.operation import CacheSettings
from pipeline.config.settings import MailSettings, MathSettings
from pipeline.content.markup import formulas
from pipeline.math import interpreter
from pipeline.math.bounds import Bounds
from pipeline.math.engine import Engine
from pipeline.math.image import MOST_PX
from pipeline.math.layout import Failure, Layout, Options, Tex
from pipeline.math.linear import linearise
from pipeline.rendition.equation import IMAGES_FOLDER
from pipeline.runs.sites.fonts import NO_FONT
from tests.docs.documents import document, examples
from tests.docs.posts import parse

PAGE = document("docs/formulas.md")
EXAMPLES = examples(PAGE)
# What MathJax needs by itself, and what is told in words: amsmath is `ams`.
UNTOLD = {"base", "ams", "html", "newcommand", "configmacros", "textmacros", "post"}

PLAIN = Options()


def typeset(post: str, options: Options = PLAIN) -> list[Layout | Failure]:
    """Return what becomes of the formulas of a post of these words."""
    written = [Tex(formula.tex, formula.display) for formula in parse(post).formulas()]
    return list(Engine(options).typeset(written))


def told(after: str, before: str = "\n\n") -> list[str]:
    """Return what a paragraph sets in code, between two of its words."""
    passage = PAGE.partition(after)[2].partition(before)[0]
    return re.findall("`([^`]+)`", passage)


@pytest.mark.parametrize(
    ("name", "count", "display"), [("inline", 5, False), ("display", 5, True)]
)
def test_every_form_that_is_shown_is_found(
    name: str, count: int, display: bool
) -> None:
    found = parse(EXAMPLES[name]).formulas()
    assert [formula.display for formula in found] == [display] * count
    assert all(r"e^{i\pi}" in formula.tex for formula in found)


def test_a_block_of_code_in_math_is_a_formula() -> None:
    (formula,) = parse("```math\nx\n```\n").formulas()
    assert formula.display


def test_two_dollars_in_a_line_of_jekyll_are_a_formula_of_that_line() -> None:
    (formula,) = parse("So $$x$$ it is.", "_posts/2026-11-20-a.md").formulas()
    assert not formula.display


@pytest.mark.parametrize("name", told("**Environments**"))
def test_every_environment_that_is_named_may_stand_bare(name: str) -> None:
    for starred in (name, f"{name}*"):
        tex = f"\\begin{{{starred}}}a\\end{{{starred}}}"
        assert [formula.tex for formula in parse(tex).formulas()] == [tex]


def test_no_environment_is_left_out() -> None:
    known = re.findall(r"[A-Za-z]{2,}", formulas._ENVIRONMENTS)
    assert set(known) - {"pbBvV"} - set(told("**Environments**")) == set()


@pytest.mark.parametrize("text", told("**Money stays money.**", " are text"))
def test_money_stays_money(text: str) -> None:
    assert parse(text).formulas() == ()


def test_the_packages_are_those_there_are() -> None:
    named = set(told("**Packages**", ", and names of KaTeX"))
    assert named == set(interpreter._PACKAGES.split()) - UNTOLD


@pytest.mark.parametrize("tex", [*told("names of KaTeX", "All are"), *told("index:")])
def test_names_and_chinese_can_be_typeset(tex: str) -> None:
    (result,) = typeset(f"${tex}$")
    assert isinstance(result, Layout)


def test_equations_are_numbered_and_named_as_the_page_says() -> None:
    equation, reference = typeset(EXAMPLES["numbers"])
    assert isinstance(equation, Layout)
    assert isinstance(reference, Layout)
    assert equation.number == linearise(reference.mathml) == "(1)"


def test_the_macros_that_are_shown_work() -> None:
    settings = MathSettings(**yaml.safe_load(EXAMPLES["macros"])["math"])
    options = Options(macros=tuple(settings.macros.items()))
    (formula,) = told("Then ", " works")
    (result,) = typeset(formula, options)
    assert isinstance(result, Layout)
    assert linearise(result.mathml) == "‖x‖ ∈ ℝ"


def test_the_line_of_unicode_is_the_one_that_is_shown() -> None:
    (result,) = typeset(r"$f(x) = \sum_{n=0}^\infty x^n/n!$")
    assert isinstance(result, Layout)
    assert f"`{linearise(result.mathml)}`" in PAGE
    title = parse("---\ntitle: $\\pi^2/8$\n---\n").formulas()
    (titled,) = Engine().typeset([Tex(formula.tex) for formula in title])
    assert isinstance(titled, Layout)
    assert f"`$\\pi^2/8$` becomes {linearise(titled.mathml)}" in PAGE


@pytest.mark.parametrize("tex", [r"\dv", r"\frac{1}{2", "1}", "a & b", r"\eqref{sum}"])
def test_faults_are_told_in_the_words_of_the_engine(tex: str) -> None:
    (failure,) = Engine().typeset([Tex(tex)])
    assert isinstance(failure, Failure)
    assert f"*{failure.message}*" in PAGE


def test_the_limits_and_defaults_are_right() -> None:
    bounds = Bounds()
    for number in (
        f"{bounds.formula_characters:,} characters",
        f"{bounds.formula_seconds} seconds and {bounds.formula_megabytes} MB",
        f"{bounds.post_formulas:,} formulas",
        f"{bounds.post_seconds} seconds",
        f"{MOST_PX:,} pixels a side",
        f"{MailSettings().embedded_bytes:,}\nbytes",
    ):
        assert number in PAGE, number
    assert f"`{CacheSettings().folder}`" in PAGE
    assert f"`public/{IMAGES_FOLDER}/`" in PAGE
    assert NO_FONT in PAGE
