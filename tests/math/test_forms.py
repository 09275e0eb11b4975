"""One formula in every form, joined from what shapes it."""

from __future__ import annotations

import hashlib

import pytest

from pipeline.math.engine import Engine
from pipeline.math.forms import DIGEST_LENGTH, Forms, form
from pipeline.math.image import Font
from pipeline.math.layout import Failure, Layout, Tex


@pytest.fixture(scope="module")
def engine() -> Engine:
    return Engine()


def formed(
    engine: Engine, tex: str, *, display: bool = False, font: Font | None = None
) -> tuple[Forms | Failure, bytes]:
    (layout,) = engine.typeset([Tex(tex, display)])
    assert isinstance(layout, Layout)
    return form(layout, display=display, font=font)


def test_a_simple_formula_in_a_line_is_text_and_not_drawn(engine: Engine) -> None:
    forms, png = formed(engine, "x_1")
    assert isinstance(forms, Forms)
    assert forms.html == "<i>x</i><sub>1</sub>"
    assert forms.text == "x₁"
    assert (forms.drawing, png) == (None, b"")


def test_on_display_the_same_formula_is_drawn(engine: Engine) -> None:
    forms, png = formed(engine, "x_1", display=True)
    assert isinstance(forms, Forms)
    assert forms.html == ""
    assert forms.drawing is not None
    digest = hashlib.sha256(png).hexdigest()[:DIGEST_LENGTH]
    assert forms.drawing.digest == digest


def test_mathml_says_the_line_of_text_too(engine: Engine) -> None:
    forms, _ = formed(engine, r"\frac{a}{b}")
    assert isinstance(forms, Forms)
    assert forms.text == "a/b"
    assert 'alttext="a/b"' in forms.mathml


def test_the_number_of_an_equation_stands_beside_it(engine: Engine) -> None:
    forms, _ = formed(engine, r"\begin{equation}x\end{equation}", display=True)
    assert isinstance(forms, Forms)
    assert forms.number == "(1)"


def test_what_no_font_has_is_told_and_not_drawn(engine: Engine) -> None:
    forms, png = formed(engine, r"\frac{a}{\text{中文}}")
    assert isinstance(forms, Forms)
    assert set(forms.missing) == {"中", "文"}
    assert (forms.drawing, png) == (None, b"")
    assert forms.text == "a/(中文)"


def test_what_is_too_large_to_draw_is_a_failure(engine: Engine) -> None:
    failure, png = formed(engine, r"\rule{400em}{400em}", display=True)
    assert isinstance(failure, Failure)
    assert png == b""
