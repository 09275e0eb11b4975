"""What the engine makes of the formulas that writers write: layouts and numbers."""

from __future__ import annotations

import pytest

from pipeline.math.engine import Engine, Result
from pipeline.math.layout import Layout, Tex


@pytest.fixture(scope="module")
def engine() -> Engine:
    return Engine()


def numbered(tex: str) -> Tex:
    return Tex(rf"\begin{{equation}}{tex}\end{{equation}}", display=True)


def laid_out(result: Result) -> Layout:
    assert isinstance(result, Layout), result
    return result


def texts(result: Result) -> str:
    """Return what a formula's MathML shows, without white space."""
    mathml = laid_out(result).mathml
    return "".join(
        "".join(piece.partition(">")[2] for piece in mathml.split("<")).split()
    )


def test_a_formula_becomes_mathml_and_an_image(engine: Engine) -> None:
    [result] = engine.typeset([Tex("x^2")])
    assert laid_out(result).mathml.startswith("<math xmlns=")
    assert laid_out(result).svg.startswith("<svg ")
    assert laid_out(result).number == ""


def test_a_number_stands_beside_the_formula(engine: Engine) -> None:
    results = engine.typeset([numbered("x"), numbered("y")])
    assert [laid_out(result).number for result in results] == ["(1)", "(2)"]
    assert [texts(result) for result in results] == ["x", "y"]
