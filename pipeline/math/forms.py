"""One formula in every form: MathML, HTML where text will do, an image, a line of text.

Joins what the engine laid out with the modules that shape it; typesets nothing itself.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace

from pipeline.math.image import Font, MissingGlyphsError, draw
from pipeline.math.layout import Failure, Layout
from pipeline.math.linear import linearise
from pipeline.math.mathml import core_mathml
from pipeline.math.simple import as_html

FORMS_VERSION = "4"
"""Raised when the same layout gives other forms than before."""

DIGEST_LENGTH = 32
"""Hexadecimal digits that name an image: 128 bits of its sha256."""


@dataclass(frozen=True, slots=True)
class Drawing:
    """An image by the digest of its bytes; sizes in CSS pixels, half of its own.

    `depth` is how far it reaches below the baseline.
    """

    digest: str
    width: int
    height: int
    depth: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Forms:
    """A formula in every form.

    `mathml` is MathML Core, `text` one line of Unicode, `number` the equation's, to
    be set at the right. `html` is empty where text cannot show it; `drawing` is None
    where text can, and where no font has the `missing` characters.
    """

    mathml: str
    text: str
    html: str = ""
    number: str = ""
    drawing: Drawing | None = None
    missing: str = ""


def form(
    layout: Layout, *, display: bool, font: Font | None
) -> tuple[Forms | Failure, bytes]:
    """Return the forms of a layout, and the PNG of its drawing (empty without one).

    `font` has the characters that MathJax's own fonts lack. A formula on display is
    never text alone. What is too large to be drawn is a Failure.
    """
    text = linearise(layout.mathml)
    forms = Forms(
        mathml=core_mathml(layout.mathml, alttext=text),
        text=text,
        html="" if display else as_html(layout.mathml) or "",
        number=layout.number,
    )
    if forms.html:
        return forms, b""
    try:
        image = draw(layout.svg, font, display=display)
    except MissingGlyphsError as error:
        return replace(forms, missing=error.characters), b""
    except ValueError as error:
        return Failure(str(error)), b""
    digest = hashlib.sha256(image.png).hexdigest()[:DIGEST_LENGTH]
    drawing = Drawing(digest, image.width, image.height, image.depth)
    return replace(forms, drawing=drawing), image.png
