"""What of MathJax's SVG is drawn, and what never reaches the rasteriser."""

from __future__ import annotations

import pytest

from pipeline.math.svg import DEEPEST, read_drawing
from tests.math.svgs import mathjax, rect, text


def test_the_box_is_that_of_the_viewbox_in_thousandths_of_an_em() -> None:
    drawing = read_drawing(mathjax(rect(0, 0, 465, 442), box="-2 -442.5 465 453"))

    assert (drawing.left, drawing.top) == (-2, -442.5)
    assert (drawing.width, drawing.height) == (465, 453)


def test_shapes_and_their_places_are_kept() -> None:
    shapes = (
        '<g transform="translate(5,6)"><path d="M0 0L1 1Z"></path></g>'
        '<ellipse cx="3" cy="4" rx="1" ry="2" fill="none" stroke-width="67"></ellipse>'
        '<polygon points="1,2 3,4 5,6" fill="red" stroke="none"></polygon>'
        '<svg x="7" y="6" width="9" height="8" viewBox="0 1 9 8"></svg>'
    )

    content = read_drawing(mathjax(shapes)).content

    for part in (
        '<g transform="translate(5,6)"><path d="M0 0L1 1Z"/></g>',
        '<ellipse cx="3" cy="4" rx="1" ry="2" fill="none" stroke-width="67"/>',
        '<polygon points="1,2 3,4 5,6" fill="red" stroke="none"/>',
        '<svg x="7" y="6" width="9" height="8" viewBox="0 1 9 8"/>',
    ):
        assert part in content


def test_what_mathjax_cannot_draw_is_named_once_and_in_order() -> None:
    drawing = read_drawing(mathjax(text("文") + text("中") + text("文")))

    assert drawing.foreign == "中文"


def test_a_drawing_of_mathjax_alone_has_nothing_foreign() -> None:
    empty = '<text data-id-align="true"></text>'

    assert read_drawing(mathjax(rect(0, 0, 1, 1) + empty)).foreign == ""


def test_letters_get_a_thin_outline_and_bold_text_a_thick_one() -> None:
    letters = '<path data-c="7A" d="M0 0L1 1Z"></path>' + text("中", font_weight="bold")

    content = read_drawing(mathjax(letters)).content

    assert '<path d="M0 0L1 1Z" stroke-width="10"/>' in content
    assert 'stroke-width="40">中</text>' in content


@pytest.mark.parametrize(
    ("style", "dashes"),
    [
        ("mjx-solid", ""),
        ("mjx-dashed", ' stroke-dasharray="140"'),
        ("mjx-dotted", ' stroke-linecap="round" stroke-dasharray="0,140"'),
    ],
)
def test_rules_of_an_array_have_the_width_that_css_would_give(
    style: str, dashes: str
) -> None:
    line = f'<line data-line="v" class="{style}" x1="1" y1="2" x2="1" y2="4"></line>'

    content = read_drawing(mathjax(line)).content

    rule = f'stroke-width="70" fill="none"{dashes}/>'
    assert f'<line x1="1" y1="2" x2="1" y2="4" {rule}' in content


def test_the_frame_of_an_array_is_not_filled() -> None:
    frame = rect(0, 0, 9, 9).replace("<rect", '<rect data-frame="true"')

    assert 'stroke-width="70" fill="none"/>' in read_drawing(mathjax(frame)).content


def test_a_writers_colour_and_opacity_are_kept_and_no_other_style() -> None:
    style = "color: green; opacity:.5; transform: rotate(45deg); background:url(file:x)"

    content = read_drawing(mathjax(f'<g style="{style}"></g>')).content

    assert 'fill="green" stroke="green"' in content
    assert 'fill-opacity=".5" stroke-opacity=".5"' in content
    assert "rotate" not in content
    assert "file:" not in content


def test_a_link_is_drawn_and_leads_nowhere() -> None:
    link = f'<a href="https://example.org/?a=1&b=2">{rect(0, 0, 1, 1)}</a>'

    content = read_drawing(mathjax(link)).content

    assert "<rect" in content
    assert "example.org" not in content


@pytest.mark.parametrize(
    "shape",
    [
        '<image href="file:///etc/passwd"></image>',
        '<use href="http://192.0.2.1/a.svg#b"></use>',
        "<style>@import url(http://192.0.2.1/)</style>",
        '<foreignObject><x:i xmlns:x="y"></x:i></foreignObject>',
        "<script>1</script>",
    ],
)
def test_what_is_no_shape_is_left_out(shape: str) -> None:
    assert read_drawing(mathjax(shape)).content == read_drawing(mathjax("")).content


def test_a_paint_that_names_a_place_is_left_out() -> None:
    shapes = rect(0, 0, 1, 1, fill="url(file:///a)", style="color: url(file:///b)")

    assert "file:" not in read_drawing(mathjax(shapes)).content


def test_what_a_writer_puts_into_attributes_breaks_nothing() -> None:
    shape = '<g id="a&quot;b<c&d&lt;" class="x & y">' + rect(0, 0, 1, 1) + "</g>"

    assert "<rect" in read_drawing(mathjax(shape)).content


def test_an_entity_cannot_be_declared() -> None:
    bomb = '<!DOCTYPE svg [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>'

    with pytest.raises(ValueError, match="declares"):
        read_drawing(bomb + mathjax('<text transform="scale(1,-1)">&b;</text>'))


def test_groups_that_change_nothing_are_dissolved() -> None:
    deep = "<g>" * 1000 + rect(0, 0, 1, 1) + "</g>" * 1000

    content = read_drawing(mathjax(deep)).content

    assert content == read_drawing(mathjax(rect(0, 0, 1, 1))).content


@pytest.mark.parametrize("levels", [DEEPEST, 1000, 100_000])
def test_what_would_end_the_rasterisers_process_is_refused(levels: int) -> None:
    deep = '<g transform="translate(1,0)">' * levels + "</g>" * levels

    with pytest.raises(ValueError, match=r"deep|broken"):
        read_drawing(mathjax(deep))


@pytest.mark.parametrize("measure", ["10000000", "-99999999.5", "1e+21", "1.5e9"])
def test_enormous_measures_are_refused(measure: str) -> None:
    with pytest.raises(ValueError, match="enormous"):
        read_drawing(mathjax(f'<g transform="translate({measure},0)"></g>'))


@pytest.mark.parametrize("colour", ["#12345678", "#1e21ff"])
def test_a_colour_is_no_measure(colour: str) -> None:
    assert colour in read_drawing(mathjax(rect(0, 0, 1, 1, fill=colour))).content


def test_shapes_that_may_cover_the_box_are_counted() -> None:
    shapes = rect(0, 0, 1, 1) + '<line x1="0"></line><path d="M0 0Z"></path>'

    assert read_drawing(mathjax(f"<g>{shapes}</g>")).areas == 2


@pytest.mark.parametrize(
    ("svg", "message"),
    [
        ("", "broken"),
        ("<svg", "broken"),
        ('<svg xmlns="http://www.w3.org/2000/svg"></svg>', "no size"),
        ('<image viewBox="0 0 1 1"/>', "no SVG"),
        (mathjax("", box="0 0 NaN 1"), "no size"),
        (mathjax("", box="0 0 1"), "no size"),
        (mathjax("", box="0 0 1 wide"), "no size"),
    ],
)
def test_what_is_no_drawing_is_refused(svg: str, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        read_drawing(svg)
