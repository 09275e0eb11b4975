"""How wide and high a picture is to be shown, in any of the ways authors write it.

A size is whole CSS pixels, `300`, or a part of the column's width, `50%`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

_PIXELS = re.compile(r"(\d{1,5})(?:\.\d{0,5})?(?:px)?", re.IGNORECASE)
_PERCENT = re.compile(r"([1-9]\d?|100)(?:\.\d{0,5})?%")
_STYLED = re.compile(
    r"(?:^|;)\s*(width|height)\s*:\s*([\d.]{1,9}(?:px|%))", re.IGNORECASE
)
# kramdown's themes write `{: w="700" h="400" }`.
_SHORT = {"w": "width", "h": "height"}


def width(written: str) -> str:
    """Return a width as the tree has it, empty for none that is sane."""
    percent = _PERCENT.fullmatch(written.strip())
    return f"{percent[1]}%" if percent else height(written)


def height(written: str) -> str:
    """Return a height as the tree has it, in pixels only; empty for no sane one."""
    pixels = _PIXELS.fullmatch(written.strip())
    return pixels[1] if pixels and int(pixels[1]) else ""


def sizes(attributes: Mapping[str, str]) -> dict[str, str]:
    """Return `width` and `height` as far as `attributes` or their `style` tell them."""
    styled = {
        name.lower(): value
        for name, value in _STYLED.findall(attributes.get("style", ""))
    }
    named = {_SHORT.get(name, name): value for name, value in attributes.items()}
    told = styled | named
    found = {
        "width": width(told.get("width", "")),
        "height": height(told.get("height", "")),
    }
    return {name: size for name, size in found.items() if size}
