"""Formulas that would take all time or memory: a failure of their own, and no more."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.base.errors import InputError
from pipeline.math.bounds import Bounds
from pipeline.math.engine import Engine
from pipeline.math.interpreter import Answer, ExhaustedError, Interpreter
from pipeline.math.layout import Failure, Layout, Tex

TIGHT = Bounds(formula_seconds=0.5, formula_megabytes=64)
ENGINE = Engine(bounds=TIGHT)
ENDLESS = Tex(r"\begin{array}{c}" + r"x+\\" * 6_000 + r"\end{array}", display=True)
NUMBERED = Tex(r"\begin{equation}x\label{a}\end{equation}", display=True)

_DOUBLING = zip("abcdefghijklmnopqrst", "bcdefghijklmnopqrstu", strict=True)

PIECES = ("\\frac", "\\begin{align}", "\\end{align}", "\\\\", *"{}[]&^_x$")

HOSTILE = {
    "a macro that calls itself": r"\def\a{\a}\a",
    "a macro that calls itself twice": r"\def\a{\a\a}\a",
    "macros that double": "".join(rf"\def\{a}{{\{b}\{b}}}" for a, b in _DOUBLING)
    + r"\a",
    "a megabyte": "x" * 1_000_000,
    "10,000 braces": "{" * 10_000 + "x" + "}" * 10_000,
    "braces that do not close": "{" * 10_000,
    "braces that do not open": "}" * 10_000,
    "a rule wider than a page": r"\rule{1e9em}{1e9em}",
    "a rule in numbers that are none": r"\rule{999999999em}{999999999em}",
    "braces under braces": r"\underbrace{" * 2_000 + "x" + "}" * 2_000,
    "roots in roots": r"\sqrt{" * 2_000 + "x" + "}" * 2_000,
    "environments that do not end": r"\begin{matrix}" * 2_000,
    "delimiters that do not close": r"\left(" * 5_000,
    "primes": "x" + "'" * 30_000,
    "a row of 30,000 cells": r"\begin{array}{c}" + "&" * 30_000 + r"\end{array}",
    "a billion columns": r"\begin{array}{*{1000000000}{c}}x\end{array}",
    "an environment in itself": r"\newenvironment{a}{\begin{a}}{}\begin{a}",
}


@pytest.fixture(scope="module")
def engine() -> Engine:
    return ENGINE


@pytest.mark.parametrize("tex", HOSTILE.values(), ids=HOSTILE.keys())
def test_a_hostile_formula_harms_no_other(engine: Engine, tex: str) -> None:
    before, hostile, after = engine.typeset(
        [NUMBERED, Tex(tex, display=True), Tex(r"\eqref{a}")]
    )
    assert isinstance(before, Layout)
    assert isinstance(after, Layout)
    assert "(1)" in after.mathml
    assert is_one_line(hostile)


def is_one_line(result: Layout | Failure) -> bool:
    return isinstance(result, Layout) or (
        bool(result.message) and "\n" not in result.message
    )


@settings(max_examples=60, deadline=None)
@given(
    tex=st.text(max_size=60)
    | st.lists(st.sampled_from(PIECES), max_size=20).map(" ".join),
    display=st.booleans(),
)
def test_any_text_is_laid_out_or_fails_in_a_line(tex: str, display: bool) -> None:
    first, second = ENGINE.typeset([Tex(tex, display), Tex("x")])
    assert is_one_line(first)
    assert isinstance(second, Layout)


def test_a_formula_that_takes_too_long_is_told_and_costs_no_number(
    engine: Engine,
) -> None:
    results = engine.typeset(
        [
            Tex(r"\newcommand{\half}{\frac12}"),
            Tex(r"\eqref{b}"),
            NUMBERED,
            Tex(r"\undefined"),
            ENDLESS,
            Tex(r"\begin{equation}\half\label{b}\end{equation}", display=True),
        ]
    )
    assert results[3] == Failure(r"Undefined control sequence \undefined")
    assert results[4] == Failure("It takes more than 0.5 s")
    assert isinstance(results[5], Layout)
    assert results[5].number == "(2)"
    assert isinstance(results[1], Layout)
    assert "(2)" in results[1].mathml


def test_a_formula_that_takes_all_memory_is_told() -> None:
    engine = Engine(bounds=Bounds(formula_megabytes=24))
    long, short = engine.typeset([ENDLESS, NUMBERED])
    assert long == Failure("It takes more than 24 MB")
    assert isinstance(short, Layout)


def test_a_post_comes_to_its_end() -> None:
    engine = Engine(bounds=Bounds(formula_seconds=0.3, post_seconds=0.5))
    results = engine.typeset([ENDLESS] * 50 + [Tex("x")])
    assert results[0] == Failure("It takes more than 0.3 s")
    told = "The post's formulas before it took more than 0.5 s"
    assert results[-1] == Failure(told, of_post=True, for_now=True)


def test_formulas_that_wait_for_one_that_took_too_long_fail_themselves() -> None:
    engine = Engine(bounds=Bounds(formula_seconds=0.3, post_seconds=0.2))
    waiting, endless = engine.typeset([Tex(r"\eqref{a}"), ENDLESS])
    assert isinstance(waiting, Failure)
    assert isinstance(endless, Failure)


def test_what_is_too_long_is_not_tried(engine: Engine) -> None:
    [result] = engine.typeset([Tex("x" * 32_001)])
    assert result == Failure("It has 32,001 characters; the most is 32,000")


def test_what_becomes_too_large_is_told_and_costs_no_number() -> None:
    engine = Engine(bounds=Bounds(result_characters=2_000))
    large = Tex(r"\begin{equation}xxxxxxxxxxxxxxxxxxx\end{equation}", display=True)
    first, second = engine.typeset([large, NUMBERED])
    assert isinstance(first, Failure)
    assert first.message.startswith("It becomes too large: ")
    assert isinstance(second, Layout)
    assert second.number == "(1)"


def test_formulas_beyond_the_most_of_a_post_fail() -> None:
    engine = Engine(bounds=Bounds(post_formulas=2))
    assert engine.typeset([Tex("x")] * 3)[1:] == (
        engine.typeset([Tex("x")])[0],
        Failure("The post has more than 2 formulas", of_post=True),
    )


def test_what_xml_cannot_hold_fails(engine: Engine) -> None:
    [result] = engine.typeset([Tex("\\text{\x01}")])
    assert result == Failure("The character U+0001 cannot be shown")


def test_what_is_nested_too_deeply_is_told(engine: Engine) -> None:
    [result] = engine.typeset([Tex("{" * 150 + "x" + "}" * 150)])
    assert result == Failure("It is nested too deeply")


def test_what_mathjax_stumbles_over_fails(engine: Engine) -> None:
    stumbling, after = engine.typeset([Tex("x\ud800"), Tex("x")])
    assert isinstance(stumbling, Failure)
    assert stumbling.message.startswith("MathJax cannot typeset it (TypeError")
    assert isinstance(after, Layout)


class Moody(Interpreter):
    """Gives up at `y`, and at `x` when it is told of it again."""

    def typeset(self, index: int, formula: Tex, *, wanted: bool = True) -> Answer:
        if formula.tex == "y" or (formula.tex == "x" and not wanted):
            raise ExhaustedError(f"{formula.tex} is too much")
        return super().typeset(index, formula, wanted=wanted)


def test_a_formula_that_takes_too_long_the_second_time_keeps_its_layout() -> None:
    engine = Engine(interpreter=Moody)
    first, numbered, culprit, after = engine.typeset(
        [Tex("x"), NUMBERED, Tex("y"), Tex(r"\eqref{a}")]
    )
    assert isinstance(first, Layout)
    assert isinstance(numbered, Layout)
    assert culprit == Failure("y is too much")
    assert isinstance(after, Layout)
    assert "(1)" in after.mathml


def test_an_engine_without_its_files_says_what_to_do(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr("pipeline.math.interpreter.files", lambda _: tmp_path)
    with pytest.raises(InputError, match="install Pressroom again"):
        Engine()


def test_memory_stays_as_it_was_over_many_posts(engine: Engine) -> None:
    formula = Tex(r"\begin{equation}\text{中}\frac{x}{y}\tag{1}\end{equation}", True)
    engine.typeset([formula] * 20)
    before = engine.megabytes
    for _ in range(10):
        engine.typeset([formula] * 20)
    assert engine.megabytes < before * 1.2


def test_an_engine_that_has_grown_is_replaced() -> None:
    engine = Engine(bounds=Bounds(recycled_megabytes=1))
    first = engine.typeset([NUMBERED])
    assert engine.typeset([NUMBERED]) == first
