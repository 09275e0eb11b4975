"""What writers write, typeset and drawn: each formula comes out as a picture."""

from __future__ import annotations

import json
from io import BytesIO

import pytest
from PIL import Image as Pictures
from PIL import ImageOps

from pipeline.math.engine import Engine
from pipeline.math.image import Font, Image, MissingGlyphsError, draw
from pipeline.math.layout import Failure, Layout, Options, Tex
from tests.capability import CORPUS, lack
from tests.math.svgs import squares

FORMULAS = CORPUS.parents[1] / "prototypes" / "math" / "formulas.json"

OUTSIDE_THEIR_BOX = [
    r"\llap{abc}x",
    r"x\rlap{abcdef}",
    r"\hspace{-5em}x",
    r"\smash{\frac{a}{\frac{b}{c}}}",
    r"\raise 3em {x}\lower 3em {y}",
    r"\bbox[border:3px solid red]{x}",
    r"\overbrace{\smash{a+b}}^{\smash{\sum_i^n}}",
    r"\fcolorbox{red}{yellow}{x}",
    r"\enclose{circle}{x}",
]


@pytest.fixture(scope="module")
def engine() -> Engine:
    return Engine()


@pytest.fixture(scope="module")
def han(tmp_path_factory: pytest.TempPathFactory) -> Font:
    path = tmp_path_factory.mktemp("fonts") / "han.ttf"
    letters = "".join(map(chr, range(0x4E00, 0x9FA6))) + "（），。"
    squares(letters).save(path)
    return Font(str(path), "Test Han", frozenset(map(ord, letters)))


def typeset(engine: Engine, tex: str, *, display: bool = False) -> Layout:
    (result,) = engine.typeset([Tex(tex, display)])
    assert isinstance(result, Layout)
    return result


def drawn(engine: Engine, tex: str, *, display: bool = False) -> Image:
    return draw(typeset(engine, tex, display=display).svg, display=display)


def pixels(image: Image) -> Pictures.Image:
    return Pictures.open(BytesIO(image.png)).convert("RGB")


def assert_whole(image: Image) -> None:
    """Nothing is cut off: a frame of a CSS pixel around the ink is white."""
    width, height = pixels(image).size
    assert (width, height) == (2 * image.width, 2 * image.height)
    left, top, right, bottom = ImageOps.invert(pixels(image)).getbbox() or ()
    assert min(left, top) >= 2
    assert right <= width - 2
    assert bottom <= height - 2
    assert 0 <= image.depth < image.height


@pytest.mark.parametrize("tex", OUTSIDE_THEIR_BOX)
def test_nothing_is_cut_off(engine: Engine, tex: str) -> None:
    assert_whole(drawn(engine, tex))


def test_the_formulas_of_blogs_all_come_out(han: Font) -> None:
    if not FORMULAS.is_file():
        lack(f"{FORMULAS} is not there: formulas to draw")
    entries = json.loads(FORMULAS.read_text(encoding="utf-8"))
    good = [entry for entry in entries if not entry.get("bad")]

    physics = [entry for entry in good if entry.get("name") == "physics"]
    usual = [entry for entry in good if entry.get("name") != "physics"]
    for entries, options in ((usual, Options()), (physics, Options(physics=True))):
        formulas = [Tex(entry["tex"], entry["display"]) for entry in entries]
        for formula, result in zip(
            formulas, Engine(options).typeset(formulas), strict=True
        ):
            assert not isinstance(result, Failure), formula
            assert_whole(draw(result.svg, han, display=formula.display))


def test_a_letter_stands_on_the_baseline(engine: Engine) -> None:
    assert drawn(engine, "x").depth <= 2
    assert drawn(engine, "y").depth > drawn(engine, "x").depth


def test_chinese_is_asked_for_by_its_characters(engine: Engine) -> None:
    layout = typeset(engine, r"x_{最大}=\text{其他}")

    with pytest.raises(MissingGlyphsError) as missing:
        draw(layout.svg)
    assert set(missing.value.characters) == set("最大其他")


def test_an_array_has_its_rules(engine: Engine) -> None:
    bare = drawn(engine, r"\begin{array}{cc}a&b\\c&d\end{array}")
    ruled = drawn(
        engine, r"\begin{array}{|c|c|}\hline a&b\\\hline c&d\\\hline\end{array}"
    )

    dark = [
        sum(pixels(image).convert("L").histogram()[:128]) for image in (bare, ruled)
    ]
    assert dark[1] > 2 * dark[0]


def test_colours_are_kept(engine: Engine) -> None:
    image = drawn(engine, r"\textcolor{red}{\rule{1em}{1em}}+\colorbox{yellow}{x}")

    colours = {colour for _, colour in pixels(image).getcolors(1 << 16) or []}
    assert colours >= {(255, 0, 0), (255, 255, 0), (255, 255, 255)}


def test_of_a_writers_style_the_colour_is_kept(engine: Engine) -> None:
    styled = drawn(engine, r"\style{position:fixed;color:red}{\frac{x}{y}}")

    assert styled == drawn(engine, r"\textcolor{red}{\frac{x}{y}}")


def test_a_box_has_its_border(engine: Engine) -> None:
    image = drawn(engine, r"\fcolorbox{red}{yellow}{x}")

    red, yellow = (255, 0, 0), (255, 255, 0)
    counted = {colour: count for count, colour in pixels(image).getcolors() or []}
    assert counted[yellow] > counted[red] > 100


def test_a_link_is_drawn_like_any_formula(engine: Engine) -> None:
    link = drawn(engine, r"\href{https://example.org/?a=1&b=2}{x}")

    assert link.png == drawn(engine, "x").png


def test_a_usual_formula_takes_a_few_kilobytes(engine: Engine) -> None:
    tex = r"\sum_{n=0}^{\infty}\frac{x^n}{n!}=e^x\quad\int_0^1\sqrt{1+x^2}\,dx"

    assert len(drawn(engine, tex, display=True).png) < 6_000


def test_the_same_formula_is_the_same_picture_in_another_engine(engine: Engine) -> None:
    tex = r"\left(\frac{\boldsymbol{A}}{2}\right)^{\top}"

    assert drawn(engine, tex) == drawn(Engine(), tex)
