"""A formula's forms as the HTML of a feed and of a mail: text, an image, or MathML.

Nothing here may need a style to be read: many feed readers drop every style.
"""

from __future__ import annotations

from html import escape
from typing import Literal

from pipeline.math.forms import Drawing, Forms
from pipeline.rendition.typeset import Typeset

IMAGES_FOLDER = "math"
"""Where a site has the images of formulas, below its address."""

MathForm = Literal["image", "mathml"]

# A wide formula shrinks on a narrow screen down to 65 %, where its letters are 11
# pixels high; from there on it scrolls. One of 240 pixels fits everywhere, and must
# not shrink, or a column of a table would squeeze it to nothing.
_LEAST_SCALE = 0.65
_FITS_EVERYWHERE = 240


def image_url(site_url: str, digest: str) -> str:
    """Return where the image of a formula is published; `site_url` ends in `/`."""
    return f"{site_url}{IMAGES_FOLDER}/{digest}.png"


def compose(
    forms: Forms, *, display: bool, site_url: str, feeds_show: MathForm
) -> Typeset:
    """Return what a formula looks like in the site's feeds, in mail and in text."""
    shown = _html(forms, display, site_url)
    return Typeset(
        feed=forms.mathml if feeds_show == "mathml" else shown,
        mail=shown,
        text=forms.text,
        number=forms.number,
    )


def _html(forms: Forms, display: bool, site_url: str) -> str:
    if forms.drawing:
        return _image(forms.drawing, forms.text, display, site_url)
    html = forms.html or escape(forms.text, quote=False)
    return f'<span class="math">{html}</span>'


def _image(drawing: Drawing, alt: str, display: bool, site_url: str) -> str:
    least = max(round(drawing.width * _LEAST_SCALE), _FITS_EVERYWHERE)
    style = (
        f"max-width:100%;height:auto;min-width:{min(least, drawing.width)}px;border:0"
    )
    if not display:
        style = f"vertical-align:-{drawing.depth}px;{style}"
    return (
        f'<img class="math" src="{escape(image_url(site_url, drawing.digest))}" '
        f'alt="{escape(alt)}" width="{drawing.width}" height="{drawing.height}" '
        f'style="{style}"/>'
    )
