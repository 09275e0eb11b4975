"""The copy that mail clients show: what becomes of each kind of picture."""

from __future__ import annotations

from hashlib import shake_128
from io import BytesIO
from typing import Any

import pytest
from PIL import Image, ImageCms, PngImagePlugin

from pipeline.pictures import copies
from pipeline.pictures.copies import MOST_MAIL_BYTES, MailPicture, mail_picture
from pipeline.pictures.measure import PictureError


def noise(size: tuple[int, int]) -> Image.Image:
    return Image.frombytes("RGB", size, shake_128(b"").digest(3 * size[0] * size[1]))


NOISE = noise((150, 100)).resize((300, 200))


def saved(image: Image.Image, kind: str, **options: Any) -> bytes:
    stream = BytesIO()
    image.save(stream, kind, **options)
    return stream.getvalue()


def flat(mode: str = "RGB", size: tuple[int, int] = (60, 30)) -> Image.Image:
    return Image.new(mode, size)


def copy_of(data: bytes) -> tuple[MailPicture, Image.Image]:
    copy = mail_picture(data)
    assert copy is not None
    image = Image.open(BytesIO(copy.data))
    image.load()
    assert image.size == (copy.width, copy.height)
    assert Image.MIME[image.format or ""] == copy.media_type
    return copy, image


def frames(kind: str, count: int = 3, size: tuple[int, int] = (40, 30)) -> bytes:
    pictures = [Image.new("RGB", size, (80 * n % 256, 0, 9)) for n in range(count)]
    return saved(pictures[0], kind, save_all=True, append_images=pictures[1:])


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "GIF"])
def test_what_mail_shows_already_stays_as_it_is(kind: str) -> None:
    assert mail_picture(saved(flat(), kind)) is None


@pytest.mark.parametrize("kind", ["WEBP", "AVIF", "BMP"])
def test_a_drawing_becomes_png_and_a_photograph_jpeg(kind: str) -> None:
    assert copy_of(saved(flat(), kind))[0].media_type == "image/png"
    assert copy_of(saved(NOISE, kind))[0].media_type == "image/jpeg"


def test_few_colours_make_a_palette_and_lose_nothing() -> None:
    drawing = flat()
    drawing.paste((1, 2, 3), (0, 0, 5, 5))
    _, image = copy_of(saved(drawing, "BMP"))
    assert image.mode == "P"
    assert image.convert("RGB").tobytes() == drawing.tobytes()


def test_a_wide_picture_is_scaled_to_twice_the_column() -> None:
    for kind in ("PNG", "JPEG", "WEBP"):
        copy, _ = copy_of(saved(flat(size=(2144, 100)), kind))
        assert (copy.width, copy.height) == (1072, 50)


def test_metadata_and_places_are_taken_out() -> None:
    exif = Image.Exif()
    exif.get_ifd(0x8825)[2] = (48.0, 8.0, 1.0)
    exif[0x010F] = "Camera"
    text = PngImagePlugin.PngInfo()
    text.add_text("Author", "Camera")
    for data in (
        saved(flat(), "JPEG", exif=exif),
        saved(flat(), "JPEG", comment=b"Camera"),
        saved(flat(), "JPEG") + b"Camera",
        saved(flat(), "PNG", exif=exif),
        saved(flat(), "PNG", pnginfo=text),
        saved(flat(), "PNG") + b"Camera",
        saved(flat(), "WEBP", exif=exif),
        saved(flat(), "AVIF", exif=exif),
        saved(flat(), "GIF", comment=b"Camera"),
    ):
        copy, image = copy_of(data)
        assert b"Camera" not in copy.data
        assert b"Exif" not in copy.data
        assert not image.getexif()


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "AVIF"])
def test_a_turned_picture_stands_upright(kind: str) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    picture = flat(size=(3000, 1500))
    picture.paste("red", (0, 0, 1500, 1500))
    _, image = copy_of(saved(picture, kind, exif=exif))
    assert image.size == (1072, 2144)
    assert image.convert("RGB").getpixel((500, 300))[0] > 200
    assert image.convert("RGB").getpixel((500, 1800))[0] < 50


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGBA", "I;16"])
def test_every_kind_of_png_can_be_scaled(mode: str) -> None:
    _, image = copy_of(saved(flat(mode, (1200, 12)), "PNG"))
    assert image.size == (1072, 11)


def test_sixteen_bits_keep_their_brightness() -> None:
    grey = Image.new("I;16", (1200, 12), 128 * 257)
    _, image = copy_of(saved(grey, "PNG"))
    assert image.convert("L").getpixel((5, 5)) == 128


def test_a_cmyk_jpeg_becomes_rgb() -> None:
    _, image = copy_of(saved(flat("CMYK"), "JPEG"))
    assert image.mode == "RGB"


def test_colours_of_a_profile_become_srgb() -> None:
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    for data in (
        saved(Image.new("RGB", (9, 9), (200, 30, 60)), "PNG", icc_profile=profile),
        saved(Image.new("RGB", (9, 9), (200, 30, 60)), "PNG", icc_profile=b"broken"),
    ):
        _, image = copy_of(data)
        assert "icc_profile" not in image.info
        assert image.convert("RGB").getpixel((4, 4)) == (200, 30, 60)


@pytest.mark.parametrize(
    ("ink", "ground"), [((0, 0, 0), (255, 255, 255)), ((250, 250, 250), (32, 31, 29))]
)
def test_transparent_pictures_get_a_ground_their_ink_is_seen_on(
    ink: tuple[int, int, int], ground: tuple[int, int, int]
) -> None:
    logo = flat("RGBA")
    logo.paste((*ink, 255), (0, 0, 20, 20))
    _, image = copy_of(saved(logo, "PNG"))
    assert image.convert("RGB").getpixel((5, 5)) == ink
    assert image.convert("RGB").getpixel((50, 25)) == ground


def test_a_heavy_drawing_becomes_a_lighter_photograph() -> None:
    data = saved(noise((1000, 700)), "PNG")
    assert len(data) > MOST_MAIL_BYTES
    assert copy_of(data)[0].media_type == "image/jpeg"


def test_a_moving_gif_within_bounds_stays() -> None:
    assert mail_picture(frames("GIF")) is None


def test_a_moving_gif_loses_its_comment_and_keeps_moving() -> None:
    data = frames("GIF")
    commented = data[:-1] + b"\x21\xfe\x06Camera\0;"
    copy, image = copy_of(commented)
    assert copy.data == data
    assert image.n_frames == 3


@pytest.mark.parametrize("kind", ["WEBP", "AVIF"])
def test_other_moving_pictures_become_gif(kind: str) -> None:
    copy, image = copy_of(frames(kind))
    assert copy.media_type == "image/gif"
    assert image.n_frames == 3


def test_beyond_the_bounds_the_first_frame_has_to_do() -> None:
    for data in (frames("GIF", size=(1200, 30)), frames("WEBP", count=121)):
        assert copy_of(data)[0].media_type == "image/png"


def test_the_same_picture_gives_the_same_bytes() -> None:
    data = saved(NOISE, "WEBP")
    assert mail_picture(data) == mail_picture(data)


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "GIF", "WEBP", "AVIF", "BMP"])
def test_a_picture_cut_short_is_a_fault(kind: str) -> None:
    data = saved(NOISE, kind)
    with pytest.raises(PictureError):
        mail_picture(data[: len(data) // 2])


def test_a_moving_gif_cut_short_shows_its_first_frame() -> None:
    assert copy_of(frames("GIF")[:-1])[0].media_type == "image/png"


@pytest.mark.parametrize("kind", ["PNG", "WEBP"])
def test_a_huge_picture_keeps_its_parts_where_they_are(kind: str) -> None:
    halves = Image.new("RGBA", (4600, 60), "black")
    halves.paste("white", (0, 0, 2300, 60))
    _, shown = copy_of(saved(halves, kind, lossless=True))
    assert shown.size == (1072, 14)
    grey = shown.convert("L")
    assert [grey.getpixel((x, 7)) for x in (500, 570)] == [255, 0]


def test_a_huge_picture_on_its_side_is_set_upright() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    _, shown = copy_of(saved(flat("RGB", (60, 4600)), "PNG", exif=exif))
    assert shown.size == (1072, 14)


def test_a_picture_longer_than_any_mail_is_refused() -> None:
    with pytest.raises(PictureError, match="1 × 66000 pixels in mail"):
        mail_picture(saved(flat("RGBA", (1, 66_000)), "PNG"))


def test_a_webp_that_memory_would_not_hold_gets_no_copy(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(copies, "MOST_WEBP_PIXELS", 1_800)
    assert mail_picture(saved(flat(size=(60, 30)), "WEBP")) is not None
    with pytest.raises(PictureError, match="a WebP of 1860 pixels"):
        mail_picture(saved(flat(size=(60, 31)), "WEBP"))
    assert mail_picture(saved(flat(size=(60, 31)), "BMP")) is not None
