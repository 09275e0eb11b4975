"""Finds a font for Chinese and other text in formulas. Draws only a trial letter.

MathJax's own fonts hold no Chinese, and the rasteriser takes fonts from files alone.
The setting `math.font` comes first, then what fontconfig has for Simplified Chinese,
then the package of the extra `cjk`. Opening one takes 0.1 to 0.2 s.
"""

from __future__ import annotations

import os
import struct
import subprocess
import zlib
from collections.abc import Iterator, Sequence
from importlib.resources import files
from pathlib import Path
from typing import BinaryIO

from fontTools.ttLib import TTCollection, TTFont, TTLibError

from pipeline.base.errors import ConfigError
from pipeline.base.faults import Fault
from pipeline.math.image import Font, can_draw

NO_FONT = "no font for Chinese and other text in formulas is found"
NO_FONT_REMEDY = (
    "install one, such as fonts-wqy-microhei of Debian, or the extra by "
    "pip install 'pressroom[cjk]', or name a file in math.font"
)

# Chinese of any kind, and what only a font for Simplified Chinese has.
_CHINESE = frozenset(map(ord, "一中文"))
_SIMPLIFIED = _CHINESE | frozenset(map(ord, "这说为"))

_MATCH = ("fc-match", "--sort", "--format", "%{file}\n", ":lang=zh-cn:variable=false")
# The first run after fonts were installed builds a cache, which can take seconds.
_MATCH_TIMEOUT_S = 20.0
# Behind these come fonts that merely hold some of what Chinese needs.
_MOST_MATCHES = 8

_PACKAGE = "noto_cjk_sans_otc"
_PACKED_FILE = "NotoSansCJK-Regular.ttc"

# Names in a font (OpenType, `name`): of the whole family, of its four usual weights,
# and the language of a name that is for China.
_FAMILY_IDS = (16, 1)
_CHINA = 0x804

# What fontTools raises for files that are broken, or are no fonts.
_BROKEN = (
    *(TTLibError, struct.error, zlib.error, OSError, ValueError, LookupError),
    *(AssertionError, AttributeError, TypeError, ImportError),
)


def find_font(setting: Path | None) -> Font | None:
    """Return a font that has Chinese, or None where there is none.

    Raises ConfigError, of a fault at `math.font`, when the setting names a file that
    cannot be used.
    """
    if setting is not None:
        return _chosen(setting)
    for path in (*_matches(), *_packed()):
        font = read_font(path)
        if font and font.characters >= _SIMPLIFIED and can_draw(font, "中"):
            return font
    return None


def _chosen(path: Path) -> Font:
    font = read_font(path)
    if font is None:
        raise ConfigError([_fault(f"{path} is no font that can be read")])
    if not font.characters >= _CHINESE:
        raise ConfigError([_fault(f"{path} holds no Chinese")])
    if not can_draw(font, "中"):
        raise ConfigError([_fault(f"{path} is a font that cannot be drawn with")])
    return font


def _fault(what: str) -> Fault:
    remedy = "name a .ttf, .otf or .ttc file with Chinese, or leave it out"
    return Fault(path="math.font", what=what, remedy=remedy)


def _matches() -> Iterator[Path]:
    """Yield the files fontconfig has for Simplified Chinese, the best first."""
    try:
        answer = subprocess.run(
            _MATCH, capture_output=True, timeout=_MATCH_TIMEOUT_S, check=True
        )
    except (OSError, subprocess.SubprocessError):
        return
    names = dict.fromkeys(answer.stdout.splitlines())
    yield from [Path(os.fsdecode(name)) for name in names][:_MOST_MATCHES]


def _packed() -> Iterator[Path]:
    """Yield the file of the extra `cjk`, if it is installed."""
    try:
        yield Path(str(files(_PACKAGE) / _PACKED_FILE))
    except ModuleNotFoundError:
        return


def read_font(path: Path) -> Font | None:
    """Return the font of a file, or of a collection the face for Simplified Chinese.

    None stands for what is no font, or broken. Glyphs are not read, so that a file
    of 20 MB is opened in 0.1 s.
    """
    try:
        with path.open("rb") as file:
            face = min(_faces(file), key=_distance)
            return Font(str(path), _family(face), frozenset(face.getBestCmap() or ()))
    except _BROKEN:
        return None


def _faces(file: BinaryIO) -> Sequence[TTFont]:
    collected = file.read(4) == b"ttcf"
    file.seek(0)
    if collected:
        return list(TTCollection(file, lazy=True).fonts)
    return [TTFont(file, lazy=True)]


def _distance(face: TTFont) -> tuple[bool, bool]:
    """Return how far a face is from what is wanted; of equal ones the first is taken.

    The faces of Noto Sans CJK have the same characters, in the shapes of one country
    each, and are named in its language. Letters of one width come last.
    """
    names = face["name"]
    chinese = any(names.getName(kind, 3, 1, _CHINA) for kind in _FAMILY_IDS)
    return not chinese, "Mono" in _family(face)


def _family(face: TTFont) -> str:
    """Return the family by which resvg knows the face: the English name, if any."""
    names = (face["name"].getDebugName(kind) for kind in _FAMILY_IDS)
    return next((name for name in names if name), "")
