"""A formula as a picture: MathJax's SVG drawn by resvg. Typesets and fetches nothing.

The picture is opaque, since black on nothing cannot be read in a dark mail, and has
twice the pixels of its size in CSS, for sharp screens. Its width, height and depth are
whole CSS pixels: Outlook takes no others, and letters on half pixels blur.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from html import escape
from io import BytesIO

import PIL
import resvg_py
from PIL import Image as Pictures

from pipeline.base.panics import telling_panics
from pipeline.math.box import Box
from pipeline.math.palette import encode_png
from pipeline.math.svg import Drawing, read_drawing

DRAWING_VERSION = f"1 resvg-py {resvg_py.__version__} pillow {PIL.__version__}"

# Of text of 16 px. At 1.1 the capitals of MathJax's font are as high as those of the
# sans serifs of mail and readers; a display formula has room for more.
INLINE_EM_PX = 17.6
DISPLAY_EM_PX = 18.4
PIXELS_A_CSS_PX = 2
INLINE_PADDING_PX = 1
DISPLAY_PADDING_PX = 2

# A screen is seldom wider than 4000; of two million, such as 1000 by 2000, resvg and
# we hold 32 MB each.
MOST_PX = 4000
MOST_SQUARE_PX = 2_000_000

# What resvg fills takes 5 ns a pixel; a formula that fills its box a thousand times
# over is none.
MOST_FILLED_PX = 1_000_000_000

# Ink may leave its box: \llap, \smash, accents. It is looked for this far outside, in
# a picture too coarse to show, of lines so thick that no dot is lost between pixels.
_MARGIN_EM = 16
_COARSE = 0.25
_THICK = "<style>*{stroke-width:200px}</style>"
_VAGUE_PX = 6


@dataclass(frozen=True, slots=True)
class Font:
    """A font for what MathJax's own fonts lack, such as Chinese.

    `family` is the name by which resvg knows the face in the file at `path`, and
    `characters` are the code points the face has glyphs for.
    """

    path: str
    family: str
    characters: frozenset[int]


@dataclass(frozen=True, slots=True)
class Image:
    """A PNG of `width` by `height` CSS pixels, which has twice as many of its own.

    `depth` are the CSS pixels below the baseline: `vertical-align:-{depth}px`.
    """

    png: bytes
    width: int
    height: int
    depth: int


class MissingGlyphsError(ValueError):
    """No font at hand has glyphs for these characters."""

    def __init__(self, characters: str) -> None:
        self.characters = characters
        super().__init__(f"no font at hand has the characters {characters}")


def draw(svg: str, font: Font | None = None, *, display: bool = False) -> Image:
    """Draw an SVG of MathJax in black, or its own colours, on white.

    Raises MissingGlyphsError when it holds characters that neither MathJax nor `font`
    can draw, and ValueError when it is broken, or larger than `MOST_PX` and
    `MOST_SQUARE_PX` allow.
    """
    drawing = read_drawing(svg)
    font = _font_for(drawing, font)
    place = _Place(drawing, DISPLAY_EM_PX if display else INLINE_EM_PX)
    canvas = _find_canvas(place, font)
    picture = _rasterise(place.svg(canvas, PIXELS_A_CSS_PX), font)
    padding = DISPLAY_PADDING_PX if display else INLINE_PADDING_PX
    box = place.line.joined(_ink(canvas, picture)).grown(padding)
    png = encode_png(_cut(picture, canvas, box))
    return Image(png, box.width, box.height, box.bottom)


def can_draw(font: Font, letter: str) -> bool:
    """Tell whether a letter of the font leaves any ink.

    resvg leaves text blank without a word when it takes a font for broken, or knows
    its family by another name.
    """
    content = f'<text font-family="serif" font-size="1000">{escape(letter)}</text>'
    drawing = Drawing(
        left=0, top=-1000, width=1000, height=1000, content=content, foreign=letter
    )
    place = _Place(drawing, INLINE_EM_PX)
    picture = _rasterise(place.svg(place.box, PIXELS_A_CSS_PX), font)
    return picture.getbbox() is not None


def _font_for(drawing: Drawing, font: Font | None) -> Font | None:
    """Return the font where the drawing needs one: opening it takes resvg 10 ms."""
    known = font.characters if font else frozenset()
    missing = "".join(letter for letter in drawing.foreign if ord(letter) not in known)
    if missing:
        raise MissingGlyphsError(missing)
    return font if drawing.foreign else None


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a drawing lies among whole CSS pixels; its width is centred in them."""

    drawing: Drawing
    em_px: float

    @property
    def _width_px(self) -> float:
        return self.drawing.width * self.em_px / 1000

    @property
    def line(self) -> Box:
        """The room it takes on the baseline."""
        return Box(0, 0, max(1, math.ceil(self._width_px)), 0)

    @property
    def box(self) -> Box:
        """The room it takes by its measures."""
        top = math.floor(self.drawing.top * self.em_px / 1000)
        bottom = math.ceil((self.drawing.top + self.drawing.height) * self.em_px / 1000)
        return self.line.joined(Box(0, top, 0, bottom))

    def svg(self, canvas: Box, scale: float, style: str = "") -> str:
        """Return an SVG document of the canvas, of `scale` pixels a CSS pixel."""
        units = 1000 / self.em_px
        indent = (self.line.width - self._width_px) / 2
        left = (canvas.left - indent) * units + self.drawing.left
        view = (left, canvas.top * units, canvas.width * units, canvas.height * units)
        return (
            '<svg xmlns="http://www.w3.org/2000/svg"'
            f' width="{scale * canvas.width}" height="{scale * canvas.height}"'
            f' viewBox="{" ".join(f"{edge:.2f}" for edge in view)}">'
            f"{style}{self.drawing.content}</svg>"
        )


def _find_canvas(place: _Place, font: Font | None) -> Box:
    """Return a canvas that all ink lies on, without touching its edges."""
    _require_size(place.box, place.drawing.areas)
    room = place.box.grown(math.ceil(_MARGIN_EM * place.em_px))
    ink = _ink(room, _rasterise(place.svg(room, _COARSE, _THICK), font))
    ink = ink.grown(_VAGUE_PX)
    if not room.holds(ink):
        raise ValueError("the formula draws far outside its own box")
    canvas = place.box.joined(ink).grown(DISPLAY_PADDING_PX)
    _require_size(canvas, place.drawing.areas)
    return canvas


def _require_size(box: Box, areas: int) -> None:
    width, height = box.width, box.height
    if max(width, height) > MOST_PX or width * height > MOST_SQUARE_PX:
        raise ValueError(f"the formula is too large a picture: {width} × {height} px")
    if areas * width * height > MOST_FILLED_PX:
        raise ValueError("the formula has too many rules and boxes")


def _rasterise(svg: str, font: Font | None) -> Pictures.Image:
    with telling_panics():
        png = resvg_py.svg_to_bytes(
            svg_string=svg,
            skip_system_fonts=True,
            font_files=[font.path] if font else None,
            serif_family=font.family if font else None,
        )
    return Pictures.open(BytesIO(png))


def _ink(canvas: Box, picture: Pictures.Image) -> Box:
    """Return the CSS pixels that are not blank; the origin alone when all are."""
    edges = picture.getchannel("A").getbbox()
    if edges is None:
        return Box(0, 0, 0, 0)
    scale = picture.width / canvas.width
    left, top, right, bottom = (edge / scale for edge in edges)
    return Box(
        canvas.left + math.floor(left),
        canvas.top + math.floor(top),
        canvas.left + math.ceil(right),
        canvas.top + math.ceil(bottom),
    )


def _cut(picture: Pictures.Image, canvas: Box, box: Box) -> Pictures.Image:
    """Return what lies in the box, on white."""
    left = PIXELS_A_CSS_PX * (box.left - canvas.left)
    top = PIXELS_A_CSS_PX * (box.top - canvas.top)
    size = (PIXELS_A_CSS_PX * box.width, PIXELS_A_CSS_PX * box.height)
    ink = picture.crop((left, top, left + size[0], top + size[1]))
    ground = Pictures.new("RGB", size, "white")
    ground.paste(ink, mask=ink)
    return ground
