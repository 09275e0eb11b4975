"""The pixels of a picture as mail clients agree on them: upright, sRGB, opaque."""

from __future__ import annotations

from contextlib import suppress
from io import BytesIO

from PIL import Image, ImageCms, ImageOps

# The night sheet of the digest is about as dark.
_DARK_GROUND = (32, 31, 29)
_LIGHT_INK = 200
_HALF = 128


def upright_rgb(image: Image.Image) -> Image.Image:
    """Return the picture as it is shown: RGB or RGBA in sRGB, without metadata."""
    profile = image.info.get("icc_profile")
    upright = image if image.format == "WEBP" else ImageOps.exif_transpose(image)
    plain = _in_srgb(_eight_bit(upright), profile)
    bare = Image.new(plain.mode, plain.size)
    bare.paste(plain)
    return bare


def opaque(image: Image.Image) -> Image.Image:
    """Return the picture in RGB, on white, or on near-black when its ink is light.

    Dark ink on nothing cannot be read in a dark mail, and light ink not in a light one.
    """
    if image.mode == "RGB":
        return image
    rgba = image.convert("RGBA")
    alpha = rgba.getchannel("A")
    ground = Image.new("RGB", image.size, _ground(rgba, alpha))
    ground.paste(rgba, mask=alpha)
    return ground


def _ground(image: Image.Image, alpha: Image.Image) -> tuple[int, int, int]:
    ink = alpha.point([0] * _HALF + [255] * (256 - _HALF))
    clear = ink.histogram()[0]
    counts = image.convert("L").histogram(ink)
    light = clear and sum(counts[:_LIGHT_INK]) * 20 < sum(counts)
    return _DARK_GROUND if light else (255, 255, 255)


def _eight_bit(image: Image.Image) -> Image.Image:
    if image.mode.startswith("I"):
        return image.convert("I").point(lambda level: level / 257).convert("L")
    return image


def _in_srgb(image: Image.Image, profile: bytes | None) -> Image.Image:
    alpha = image.convert("RGBA") if image.has_transparency_data else None
    plain = image if image.mode in ("L", "CMYK") and alpha is None else None
    colours = plain or image.convert("RGB")
    if profile:
        # A profile that is broken, or for other channels, is passed over by browsers.
        with suppress(ImageCms.PyCMSError, OSError):
            colours = (
                ImageCms.profileToProfile(
                    colours,
                    ImageCms.ImageCmsProfile(BytesIO(profile)),
                    ImageCms.createProfile("sRGB"),
                    outputMode="RGB",
                )
                or colours
            )
    result = colours.convert("RGB")
    if alpha is not None:
        result.putalpha(alpha.getchannel("A"))
    return result
