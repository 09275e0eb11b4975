"""Formulas drawn: whole pixels, nothing cut off, nothing blank, nothing fetched."""

from __future__ import annotations

from contextlib import suppress
from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some
from PIL import Image as Pictures
from PIL import ImageChops, ImageOps

from pipeline.math.image import (
    INLINE_EM_PX,
    Font,
    Image,
    MissingGlyphsError,
    can_draw,
    draw,
)
from tests.math.svgs import mathjax, rect, squares, text

WHITE = (255, 255, 255)
BLACK = (0, 0, 0)


@pytest.fixture(scope="session")
def han(tmp_path_factory: pytest.TempPathFactory) -> Font:
    path = tmp_path_factory.mktemp("fonts") / "han.ttf"
    squares("中文").save(path)
    return Font(str(path), "Test Han", frozenset(map(ord, "中文")))


def pixels(image: Image) -> Pictures.Image:
    return Pictures.open(BytesIO(image.png)).convert("RGB")


def ink(image: Image) -> tuple[int, int, int, int] | None:
    """The edges of what is not white, in pixels of the PNG."""
    return ImageOps.invert(pixels(image)).getbbox()


def colours(image: Image) -> set[object]:
    return {colour for _, colour in pixels(image).getcolors(1 << 16) or []}


def test_a_picture_has_twice_the_pixels_of_its_size() -> None:
    image = draw(mathjax(rect(0, -200, 465, 642)))

    assert pixels(image).size == (2 * image.width, 2 * image.height)


def test_an_em_is_a_tenth_more_than_that_of_the_text_around() -> None:
    left, top, right, bottom = ink(draw(mathjax(rect(0, 0, 1000, 1000)))) or ()

    assert right - left == pytest.approx(2 * 1.1 * 16, abs=2)
    assert bottom - top == pytest.approx(2 * 1.1 * 16, abs=2)


def test_a_display_formula_is_a_little_larger() -> None:
    square = mathjax(rect(0, 0, 1000, 1000))

    assert draw(square, display=True).width > draw(square).width


@pytest.mark.parametrize(("display", "padding"), [(False, 1), (True, 2)])
def test_ground_shows_around_the_ink(display: bool, padding: int) -> None:
    image = draw(mathjax(rect(0, -500, 1000, 1500)), display=display)
    left, top, right, bottom = ink(image) or ()

    room = {left, top, 2 * image.width - right, 2 * image.height - bottom}
    assert room <= {2 * padding, 2 * padding + 1}


def test_the_depth_is_what_lies_below_the_baseline() -> None:
    on_the_line = draw(mathjax(rect(0, 0, 500, 500)))
    below = draw(mathjax(rect(0, -500, 500, 1000)))

    assert on_the_line.depth == 1
    assert below.depth == 1 + round(0.5 * INLINE_EM_PX)
    assert below.height == on_the_line.height + below.depth - 1


def test_a_baseline_falls_on_whole_pixels() -> None:
    image = draw(mathjax(rect(0, 0, 500, 700)))
    _, _, _, bottom = ink(image) or ()

    assert bottom == 2 * (image.height - image.depth)
    assert colours(image) >= {WHITE, BLACK}


def test_the_room_a_writer_left_at_the_sides_is_kept() -> None:
    narrow = draw(mathjax(rect(0, 0, 500, 500), box="0 -500 500 500"))
    wide = draw(mathjax(rect(2000, 0, 500, 500), box="0 -500 4500 500"))

    assert wide.width == pytest.approx(narrow.width + 4 * INLINE_EM_PX, abs=1)


def test_the_ground_is_white_and_opaque() -> None:
    png = Pictures.open(BytesIO(draw(mathjax(rect(0, 0, 500, 500))).png))

    assert "transparency" not in png.info
    assert png.convert("RGBA").getpixel((0, 0)) == (*WHITE, 255)


def test_ink_outside_its_box_is_not_cut_off() -> None:
    image = draw(mathjax(rect(-3000, -2000, 6000, 4000), box="0 -10 16 10"))
    left, top, right, bottom = ink(image) or ()

    assert right - left == pytest.approx(2 * 6 * INLINE_EM_PX, abs=2)
    assert bottom - top == pytest.approx(2 * 4 * INLINE_EM_PX, abs=2)


def test_ink_that_lies_wholly_outside_its_box_is_found() -> None:
    image = draw(mathjax(rect(-9000, 3000, 500, 500), box="0 -500 500 500"))

    assert ink(image)
    assert image.width >= 9.5 * INLINE_EM_PX


def test_a_formula_that_draws_far_away_is_refused() -> None:
    with pytest.raises(ValueError, match="outside its own box"):
        draw(mathjax(rect(-90_000, 0, 90_000, 500), box="0 -500 500 500"))


def test_a_blank_formula_is_a_blank_as_wide() -> None:
    image = draw(mathjax("", box="0 0 2000 0"))

    assert ink(image) is None
    assert image.width == 2 + 36
    assert image.height == 2


def test_a_formula_without_width_is_still_a_picture() -> None:
    image = draw(mathjax("", box="0 0 0 0"))

    assert (image.width, image.height, image.depth) == (3, 2, 1)


def test_colours_stay_colours() -> None:
    image = draw(mathjax(rect(0, 0, 900, 900, fill="red", stroke="red")))

    assert (255, 0, 0) in colours(image)
    assert BLACK not in colours(image)


def test_what_is_black_stays_grey_at_its_edges() -> None:
    slanted = '<path data-c="2F" d="M0 0L500 1000L600 1000L100 0Z"></path>'

    red, green, blue = pixels(draw(mathjax(slanted))).split()
    assert ImageChops.difference(red, green).getbbox() is None
    assert ImageChops.difference(green, blue).getbbox() is None


def test_a_colour_nobody_knows_does_not_hide_the_formula() -> None:
    assert ink(draw(mathjax(f'<g fill="mauvy">{rect(0, 0, 500, 500)}</g>')))


def test_a_rule_of_an_array_is_drawn_though_it_has_no_width_of_its_own() -> None:
    line = (
        '<line data-line="h" class="mjx-solid" x1="0" y1="0" x2="1000" y2="0"></line>'
    )

    _, top, _, bottom = ink(draw(mathjax(line))) or ()
    assert bottom - top == pytest.approx(2 * 0.07 * INLINE_EM_PX, abs=2)


def test_chinese_takes_one_em_of_the_font(han: Font) -> None:
    left, top, right, bottom = ink(draw(mathjax(text("中")), han)) or ()

    assert right - left == pytest.approx(2 * 0.9 * INLINE_EM_PX, abs=2)
    assert bottom - top == pytest.approx(2 * 0.9 * INLINE_EM_PX, abs=2)


def test_bold_chinese_is_bolder(han: Font) -> None:
    left, _, right, _ = ink(draw(mathjax(text("中")), han)) or ()
    bold = ink(draw(mathjax(text("中", font_weight="bold")), han)) or ()

    assert bold[2] - bold[0] > right - left


def test_chinese_without_a_font_is_told_and_not_left_blank() -> None:
    with pytest.raises(MissingGlyphsError, match="中文") as told:
        draw(mathjax(text("中") + text("文")))

    assert told.value.characters == "中文"


def test_what_the_font_lacks_is_told_and_not_drawn_as_a_box(han: Font) -> None:
    with pytest.raises(MissingGlyphsError) as told:
        draw(mathjax(text("中") + text("😀") + text("龘")), han)

    assert told.value.characters == "龘😀"


@pytest.mark.parametrize(
    "box",
    [
        "0 -1000 300000 1000",
        "0 -300000 1000 300000",
        "0 -100000 100000 100000",
        "0 0 1e300 1",
    ],
)
def test_too_large_a_formula_is_refused_before_it_is_drawn(box: str) -> None:
    with pytest.raises(ValueError, match="too large"):
        draw(mathjax(rect(0, 0, 10, 10), box=box))


def test_a_formula_that_fills_its_box_over_and_over_is_refused() -> None:
    rules = rect(0, 0, 50_000, 50_000) * 2000

    with pytest.raises(ValueError, match="too many rules"):
        draw(mathjax(rules, box="0 -50000 50000 50000"))


@settings(max_examples=30, deadline=None)
@given(some.integers(-(10**7) + 1, 10**7 - 1), some.integers(1, 10**7 - 1))
def test_a_rule_of_any_size_is_drawn_or_refused(start: int, size: int) -> None:
    with suppress(ValueError):
        assert draw(mathjax(rect(start, start, size, size))).width


def test_a_path_that_is_no_path_harms_nothing() -> None:
    assert draw(mathjax('<path data-c="7A" d="nonsense"></path>')).width


def test_a_font_is_asked_whether_it_draws(han: Font) -> None:
    misnamed = Font(han.path, "Test Kana", han.characters)

    assert can_draw(han, "中")
    assert not can_draw(misnamed, "中")


def test_nothing_outside_is_read(tmp_path: Path) -> None:
    secret = tmp_path / "secret.svg"
    secret.write_text(mathjax(rect(0, 0, 900, 900, fill="red")))
    shape = f'<image href="{secret}" width="900" height="900"></image>'

    assert ink(draw(mathjax(shape))) is None


edges = some.integers(-3000, 3000)
sizes = some.integers(50, 4000)
rectangles = some.lists(some.tuples(edges, edges, sizes, sizes), min_size=1, max_size=4)
paints = some.sampled_from(["currentColor", "red", "#0a0", "#123456", "gold"])


@settings(max_examples=60, deadline=None)
@given(rectangles, paints, some.integers(0, 4000), some.booleans())
def test_whatever_is_drawn_keeps_the_promises(
    shapes: list[tuple[int, int, int, int]], paint: str, width: int, display: bool
) -> None:
    drawn = "".join(rect(*shape, fill=paint) for shape in shapes)
    svg = mathjax(drawn, box=f"0 -700 {width} 900")

    image = draw(svg, display=display)

    assert draw(svg, display=display) == image
    assert all(isinstance(px, int) for px in (image.width, image.height, image.depth))
    assert 0 <= image.depth < image.height
    assert pixels(image).size == (2 * image.width, 2 * image.height)
    left, top, right, bottom = ink(image) or ()
    assert left >= 2
    assert top >= 2
    assert right <= 2 * image.width - 2
    assert bottom <= 2 * image.height - 2
