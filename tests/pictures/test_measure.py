"""The size promised to a page is the one a browser shows."""

from __future__ import annotations

import gzip
from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from PIL import Image

from pipeline.pictures.copies import mail_picture
from pipeline.pictures.measure import PictureError, Size, measure

RASTERS = ("PNG", "JPEG", "GIF", "WEBP", "AVIF", "BMP")
SVG = '<svg xmlns="http://www.w3.org/2000/svg" {}><rect width="9" height="9"/></svg>'


def picture(kind: str, size: tuple[int, int] = (40, 20), orientation: int = 1) -> bytes:
    stream = BytesIO()
    exif = Image.Exif()
    exif[0x0112] = orientation
    options = {} if orientation == 1 or kind in ("GIF", "BMP") else {"exif": exif}
    Image.new("RGB", size, "red").save(stream, kind, **options)
    return stream.getvalue()


def size_of(data: bytes) -> tuple[int, int]:
    size = measure(BytesIO(data))
    return size.width, size.height


@pytest.mark.parametrize("kind", RASTERS)
def test_a_picture_has_the_size_in_its_header(kind: str) -> None:
    assert size_of(picture(kind)) == (40, 20)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "AVIF"])
def test_a_picture_turned_by_exif_is_as_wide_as_it_is_shown(kind: str) -> None:
    assert size_of(picture(kind, orientation=6)) == (20, 40)


def test_browsers_do_not_turn_webp() -> None:
    assert size_of(picture("WEBP", orientation=6)) == (40, 20)


@pytest.mark.parametrize(
    ("attributes", "size"),
    [
        ('width="30" height="20"', (30, 20)),
        ('width="30px" height="1in"', (30, 96)),
        ('width="3pt" height="2pc"', (4, 32)),
        ('width="25.4mm" height="2.54cm"', (96, 96)),
        ('width="2em" height="101.6q"', (32, 96)),
        ('viewBox="0 0 600 200"', (300, 100)),
        ('width="100%" viewBox="0,0,4,2"', (300, 150)),
        ('width="50" viewBox="0 0 100 40"', (50, 20)),
        ('height="50" viewBox="0 0 100 40"', (125, 50)),
        ('height="50"', (300, 50)),
        ('width="50"', (50, 150)),
        ('width="auto" height="0x"', (300, 150)),
        ('viewBox="0 0 0 9"', (300, 150)),
        ('viewBox="0 0 nan 9"', (300, 150)),
        ("", (300, 150)),
    ],
)
def test_an_svg_is_sized_by_the_rules_of_css(
    attributes: str, size: tuple[int, int]
) -> None:
    assert size_of(SVG.format(attributes).encode()) == size


def test_a_zipped_svg_is_measured_too() -> None:
    assert size_of(gzip.compress(SVG.format("").encode(), mtime=0)) == (300, 150)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"hello",
        b"<html/>",
        b"II*\0" + bytes(90),
        b"%!PS-Adobe",
        b"8BPS" + bytes(90),
        b"\x1f\x8bno gzip",
        gzip.compress(bytes(50_000_000)),
        picture("PNG")[:20],
        picture("JPEG")[:30],
        picture("AVIF")[:50],
    ],
)
def test_what_is_no_picture_is_told_with_what_to_do(data: bytes) -> None:
    with pytest.raises(PictureError) as told:
        measure(BytesIO(data))
    assert told.value.what
    assert told.value.remedy


@pytest.mark.parametrize(
    "data",
    [
        SVG.format('width="1" height="1e9"').encode(),
        SVG.format('width="1e300" height="1e300"').encode(),
        SVG.format('width="60000" height="60000"').encode(),
        b"BM" + bytes(12) + (40).to_bytes(4, "little")
        + (60000).to_bytes(4, "little") * 2 + b"\x01\0\x18\0" + bytes(24),
        b"RIFF\x1a\0\0\0WEBPVP8X\x0a\0\0\0" + bytes(4) + b"\xfe\x3f\0" * 2,
    ],
)  # fmt: skip
def test_an_absurd_size_is_refused_before_anything_is_decoded(data: bytes) -> None:
    with pytest.raises(PictureError, match="would"):
        measure(BytesIO(data))


def test_a_file_too_large_is_not_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pipeline.pictures.raster.MOST_BYTES", 10)
    with pytest.raises(PictureError, match="bytes"):
        measure(BytesIO(picture("PNG")))


def test_an_svg_too_large_is_refused() -> None:
    long = SVG.format("").encode() + b" " * 1_000_000
    with pytest.raises(PictureError, match="more than 1000000 bytes"):
        measure(BytesIO(long))


def test_a_size_counts_its_pixels() -> None:
    assert Size(4, 3).pixels == 12


def outcome(data: bytes) -> object:
    """What comes of any bytes: a result or a PictureError, never anything else."""
    try:
        measure(BytesIO(data))
        return mail_picture(data)
    except PictureError as error:
        return error


@given(st.binary(max_size=200))
@hypothesis_settings(max_examples=60, deadline=None)
def test_any_bytes_end_in_a_size_or_a_fault(data: bytes) -> None:
    outcome(data)


@pytest.mark.parametrize("kind", RASTERS)
@given(st.data())
@hypothesis_settings(max_examples=30, deadline=None)
def test_a_damaged_picture_ends_in_a_copy_or_a_fault(
    kind: str, data: st.DataObject
) -> None:
    good = bytearray(picture(kind))
    for at in data.draw(st.lists(st.integers(0, len(good) - 1), max_size=4)):
        good[at] ^= data.draw(st.integers(1, 255))
    cut = data.draw(st.integers(0, len(good)))
    outcome(bytes(good[: cut or None]))
