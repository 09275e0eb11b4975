"""SVG as MathJax writes it, around shapes of a test's own, and fonts of squares."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from fontTools.fontBuilder import FontBuilder
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.ttLib import TTCollection, TTFont

WIDTH = 1000


def mathjax(shapes: str, box: str = "0 -1000 1000 1000") -> str:
    """Return MathJax's SVG of shapes whose y counts upwards from the baseline."""
    return (
        '<svg style="vertical-align: -0.025ex;" xmlns="http://www.w3.org/2000/svg"'
        ' width="1.052ex" height="1.025ex" role="img" focusable="false"'
        f' viewBox="{box}"><g stroke="currentColor" fill="currentColor"'
        ' stroke-width="0" transform="scale(1,-1)"><g data-mml-node="math">'
        f"{shapes}</g></g></svg>"
    )


def rect(x: float, y: float, width: float, height: float, **attributes: str) -> str:
    """Return a rectangle, its lower left corner first."""
    more = "".join(f' {name}="{value}"' for name, value in attributes.items())
    return f'<rect x="{x}" y="{y}" width="{width}" height="{height}"{more}></rect>'


def text(letter: str, **attributes: str) -> str:
    """Return a character that MathJax has no outline for."""
    more = "".join(
        f' {name.replace("_", "-")}="{value}"' for name, value in attributes.items()
    )
    return (
        '<text data-variant="normal" transform="scale(1,-1)" font-size="1000px"'
        f' font-family="serif"{more}>{letter}</text>'
    )


def squares(
    characters: str, family: str = "Test Han", *, chinese_name: str = ""
) -> TTFont:
    """Return a font whose every character is a square of its whole em, less a tenth."""
    glyphs = {code: f"u{code:04X}" for code in map(ord, characters)}
    order = [".notdef", *glyphs.values()]
    pen = TTGlyphPen(None)
    pen.moveTo((50, 0))
    for corner in ((950, 0), (950, 900), (50, 900)):
        pen.lineTo(corner)
    pen.closePath()
    square = pen.glyph()
    font = FontBuilder(WIDTH, isTTF=True)
    font.setupGlyphOrder(order)
    font.setupCharacterMap(glyphs)
    font.setupGlyf(dict.fromkeys(order, square))
    font.setupHorizontalMetrics(dict.fromkeys(order, (WIDTH, 50)))
    font.setupHorizontalHeader(ascent=880, descent=-120)
    names = {"familyName": family, "styleName": "Regular", "psName": "TestHan"}
    font.setupNameTable(names)
    if chinese_name:
        font.font["name"].setName(chinese_name, 1, 3, 1, 0x804)
    font.setupOS2()
    font.setupPost()
    return font.font


def save_collection(fonts: Iterable[TTFont], path: Path) -> Path:
    """Write several fonts as one TTC file."""
    collection = TTCollection()
    collection.fonts = list(fonts)
    collection.save(path)
    return path
