"""PNG with a palette: small, exact where it matters, the same every time."""

from __future__ import annotations

from io import BytesIO

import pytest
from PIL import Image as Pictures

from pipeline.math.palette import encode_png


def decode(png: bytes) -> Pictures.Image:
    return Pictures.open(BytesIO(png)).convert("RGB")


def ramp(width: int = 256) -> Pictures.Image:
    return Pictures.linear_gradient("L").resize((width, 64)).convert("RGB")


def test_black_ink_takes_sixteen_greys_and_four_bits_a_pixel() -> None:
    png = encode_png(ramp())

    assert png[24] == 4
    assert len(decode(png).getcolors()) == 16


def test_a_picture_of_two_colours_takes_one_bit_a_pixel() -> None:
    picture = Pictures.new("RGB", (16, 16), "white")
    picture.paste("black", (4, 4, 8, 8))

    assert encode_png(picture)[24] == 1


@pytest.mark.parametrize("colour", ["#fff", "#000", "red", "#0a0", "#369"])
def test_colours_of_three_digits_stay_exactly_as_they_are(colour: str) -> None:
    picture = Pictures.new("RGB", (8, 8), "white")
    picture.paste(colour, (2, 2, 6, 6))

    assert decode(encode_png(picture)).tobytes() == picture.tobytes()


def test_of_more_than_256_colours_the_nearest_are_joined() -> None:
    red, green, blue = (ramp().rotate(turn).getchannel("R") for turn in (0, 90, 180))
    red, green, blue = (band.resize((64, 64)) for band in (red, green, blue))

    picture = decode(encode_png(Pictures.merge("RGB", (red, green, blue))))

    assert 128 < len(picture.getcolors()) <= 256


def test_the_file_tells_nothing_but_the_picture() -> None:
    png = encode_png(ramp())

    kinds = []
    place = 8
    while place < len(png):
        size = int.from_bytes(png[place : place + 4])
        kinds.append(png[place + 4 : place + 8])
        place += size + 12
    assert kinds == [b"IHDR", b"PLTE", b"IDAT", b"IEND"]
