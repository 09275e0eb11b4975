"""SVG drawn for mail: nothing outside is read, and nothing takes long."""

from __future__ import annotations

import gzip
from base64 import b64encode
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image

from pipeline.pictures.copies import mail_picture
from pipeline.pictures.measure import PictureError
from tests.capability import require

XLINK = 'xmlns:xlink="http://www.w3.org/1999/xlink"'
OPEN = f'<svg xmlns="http://www.w3.org/2000/svg" {XLINK} width="100" height="50"'


def svg(inside: str, attributes: str = "", before: str = "") -> bytes:
    return f"{before}{OPEN} {attributes}>{inside}</svg>".encode()


def drawn(data: bytes) -> Image.Image:
    copy = mail_picture(data)
    assert copy is not None
    assert copy.media_type == "image/png"
    image = Image.open(BytesIO(copy.data)).convert("RGB")
    assert image.size == (copy.width, copy.height)
    return image


def is_blank(image: Image.Image) -> bool:
    return image.getcolors() == [(image.width * image.height, (255, 255, 255))]


def png(size: tuple[int, int] = (30, 30)) -> bytes:
    stream = BytesIO()
    Image.new("1", size, 0).save(stream, "PNG")
    return stream.getvalue()


def embedded(data: bytes, kind: str = "png") -> str:
    return f"data:image/{kind};base64,{b64encode(data).decode()}"


def test_a_drawing_has_twice_its_pixels_on_white() -> None:
    image = drawn(svg('<rect width="10" height="10" fill="red"/>'))
    assert image.size == (200, 100)
    assert image.getpixel((5, 5)) == (255, 0, 0)
    assert image.getpixel((100, 50)) == (255, 255, 255)


def test_a_large_drawing_is_no_wider_than_mail_needs() -> None:
    large = svg("").replace(b'"100"', b'"5000"').replace(b'"50"', b'"2500"')
    assert drawn(large).size == (1072, 536)
    tall = svg("").replace(b'"100"', b'"1000"').replace(b'"50"', b'"60000"')
    assert drawn(tall).height < 12_000


def test_a_laborious_drawing_gets_a_smaller_canvas() -> None:
    large = '<rect width="9" height="9"/>' * 19_000
    image = drawn(svg(large).replace(b'"100"', b'"1000"').replace(b'"50"', b'"1000"'))
    assert 400 < image.width == image.height < 500


def test_a_zipped_drawing_is_drawn() -> None:
    assert not is_blank(drawn(gzip.compress(svg('<circle r="30"/>'), mtime=0)))


@pytest.mark.parametrize(
    "text",
    [
        '<text y="30" font-size="30">Hi</text>',
        '<text y="30" font-size="30" font-family="No Such">中文</text>',
        '<text y="30" style="font-family:No Such;font-size:30px">Hi</text>',
        "<style>text{font-family:No Such}</style><text y='30'>Hi</text>",
    ],
)
def test_text_is_drawn_in_a_font_of_the_system(text: str) -> None:
    require("fc-list", "text in an SVG needs a font")
    assert not is_blank(drawn(svg(text)))


def test_a_family_of_the_whole_drawing_is_kept() -> None:
    text = "<text y='30'>Hi</text>"
    first, second = (
        drawn(svg(text, f'font-family="{name}"')) for name in ("No Such", "Nor This")
    )
    assert first == second


@pytest.mark.parametrize(
    "reference",
    [
        '<image href="{}" width="50" height="50"/>',
        '<image xlink:href="{}" width="50" height="50"/>',
        '<image xml:base="/" href="{}" width="50" height="50"/>',
        '<use href="{}#a"/>',
        '<rect width="9" height="9" style="fill:url({}#a)"/>',
        '<style>@import "{}"; rect {{ fill: url({}) }}</style>',
        '<foreignObject><img src="{}"/></foreignObject><script href="{}"/>',
        '<filter id="f"><feImage href="{}"/></filter>',
    ],
)
def test_no_file_is_shown(
    reference: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "secret.png").write_bytes(png())
    monkeypatch.chdir(tmp_path)
    for name in (
        "secret.png",
        f"{tmp_path}/secret.png",
        f"file://{tmp_path}/secret.png",
    ):
        assert is_blank(drawn(svg(reference.replace("{}", name))))


def test_entities_and_style_sheets_bring_nothing_in(tmp_path: Path) -> None:
    (tmp_path / "s.svg").write_text('<rect width="90" height="90"/>')
    entity = f'<!DOCTYPE svg [<!ENTITY e SYSTEM "file://{tmp_path}/s.svg">]>'
    sheet = f'<?xml-stylesheet href="file://{tmp_path}/s.svg"?>'
    assert is_blank(drawn(svg("<g>&e;</g>", before=sheet + entity)))


def test_a_small_embedded_picture_is_drawn() -> None:
    image = f'<image href="{embedded(png())}" width="50" height="50"/>'
    assert not is_blank(drawn(svg(image)))


@pytest.mark.parametrize(
    "href",
    [
        embedded(b"no picture"),
        embedded(svg('<rect width="9" height="9"/>'), "svg+xml"),
        "data:image/png;base64,a",
    ],
)
def test_other_embedded_data_is_left_out(href: str) -> None:
    assert is_blank(drawn(svg(f'<image href="{href}" width="50" height="50"/>')))


@pytest.mark.parametrize("side", [3_000, 30_000])
def test_an_embedded_bomb_is_left_out(side: int) -> None:
    bomb = f'<image href="{embedded(png((side, side)))}" width="50" height="50"/>'
    assert is_blank(drawn(svg(bomb)))


USES = "".join(
    f'<g id="a{n}"><use href="#a{n + 1}"/><use href="#a{n + 1}"/></g>'
    for n in range(40)
)
MARKER = '<marker id="m"><circle r="9"/></marker>'
TOO_MUCH = {
    "uses that double forty times": USES + '<rect id="a40" width="1" height="1"/>',
    "a part that names itself": '<g id="a"><use href="#a"/></g>',
    "nesting": "<g>" * 200 + "</g>" * 200,
    "elements": "<g/>" * 20_001,
    "a pattern of 40 GB": '<pattern id="p" width="1e5" height="1e5"/>',
    "a slow filter": '<filter id="f"><feMorphology radius="100"/></filter>',
    "layers": '<g opacity=".9"/>' * 70,
    "layers by style": "<style>g{opacity:.9}</style>" + "<g/>" * 70,
    "masks of masks": "".join(
        f'<mask id="m{n}"><g mask="url(#m{n + 1})"/><g mask="url(#m{n + 1})"/></mask>'
        for n in range(9)
    ),
    "markers at each point": MARKER + f'<path marker-mid="url(#m)" d="{"h1" * 100}"/>',
    "markers by a rule": MARKER
    + f'<style>path{{marker:url(#m)}}</style><path d="{"h1" * 100}"/>',
    "a long path": f'<path d="{"L9 9" * 200_000}"/>',
}


@pytest.mark.parametrize("inside", TOO_MUCH.values(), ids=TOO_MUCH)
def test_what_would_take_long_is_refused_before_it_is_drawn(inside: str) -> None:
    with pytest.raises(PictureError, match="not drawn"):
        mail_picture(svg(inside))


def test_arrow_heads_are_drawn() -> None:
    arrow = '<path marker-end="url(#m)" d="M20 20h1"/>'
    assert not is_blank(drawn(svg(MARKER + arrow)))


def test_an_unknown_reference_costs_nothing() -> None:
    rect = '<rect width="9" height="9" fill="url(#none) red"/><use href="#no"/>'
    assert not is_blank(drawn(svg(rect)))


@pytest.mark.parametrize(
    "attributes",
    ['style="width:99999px;height:99999px"', 'class="a" preserveAspectRatio="none"'],
)
def test_the_canvas_is_the_size_that_was_promised(attributes: str) -> None:
    style = "<style>svg{width:99999px;height:99999px}</style>"
    assert drawn(svg(style, attributes)).size == (200, 100)


def test_what_makes_the_rasteriser_panic_is_a_fault() -> None:
    shape = '<rect width="9" height="9" filter="url(#f)"/>'
    with pytest.raises(PictureError, match="cannot be drawn"):
        drawn(svg(f'<filter id="f"><feOffset dx="1e30"/></filter>{shape}'))
