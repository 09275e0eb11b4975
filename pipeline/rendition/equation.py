"""A formula's forms as the HTML of a feed and of a mail: text, an image, or MathML.

Nothing here may need a style to be read: many feed readers drop every style.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from html import escape
from typing import Literal

from pipeline.math.forms import Drawing, Forms
from pipeline.pictures.size import MAIL_COLUMN_PX
from pipeline.rendition.typeset import Typeset

IMAGES_FOLDER = "math"
"""Where a site has the images of formulas, below its address."""

MathForm = Literal["image", "mathml"]

# A wide formula shrinks on a narrow screen down to 60 %, where its letters are 11
# pixels high, and what fills a card of the digest fits a phone 375 pixels wide; from
# there on it scrolls. One of 240 pixels fits everywhere, and must
# not shrink, or a column of a table would squeeze it to nothing.
_LEAST_SCALE = 0.6
_FITS_EVERYWHERE = 240
_NOTHING = re.compile(r"<math\b[^>]*></math>")


def image_url(site_url: str, digest: str) -> str:
    """Return where the image of a formula is published; `site_url` ends in `/`."""
    return f"{site_url}{IMAGES_FOLDER}/{digest}.png"


def compose(
    forms: Forms, *, display: bool, site_url: str, feeds_show: MathForm
) -> Typeset:
    """Return what a formula looks like in the site's feeds, in mail and in text.

    One that only defines commands looks like nothing.
    """
    if _NOTHING.fullmatch(forms.mathml) and not forms.number:
        return Typeset(feed="", mail="", text="")
    feed = mail = f'<span class="math">{_text(forms)}</span>'
    if forms.drawing:
        look = _Look(forms.drawing, forms.text, display, site_url)
        feed, mail = look.image(), look.image(most_px=MAIL_COLUMN_PX)
    return Typeset(
        feed=forms.mathml if feeds_show == "mathml" else feed,
        mail=mail,
        text=forms.text,
        number=forms.number,
        is_small_image=bool(
            forms.drawing and forms.drawing.width <= _FITS_EVERYWHERE and not display
        ),
    )


def _text(forms: Forms) -> str:
    return forms.html or escape(forms.text, quote=False)


@dataclass(frozen=True, slots=True)
class _Look:
    """An image of a formula and where it stands."""

    drawing: Drawing
    alt: str
    display: bool
    site_url: str

    def image(self, most_px: int | None = None) -> str:
        """Return the image; its attributes say no width over `most_px`.

        Attributes are what Outlook for Windows goes by, which knows no max-width and
        would let a wide one widen the whole mail.
        """
        width, height = self.drawing.width, self.drawing.height
        style = self._style()
        if most_px and width > most_px:
            style = f"width:{width}px;{style}"
            width, height = most_px, max(1, round(height * most_px / width))
        source = escape(image_url(self.site_url, self.drawing.digest))
        return (
            f'<img class="math" src="{source}" alt="{escape(self.alt)}" '
            f'width="{width}" height="{height}" style="{style}"/>'
        )

    def _style(self) -> str:
        """Return the style: short, for formulas are many and Gmail clips a long mail.

        On display the middle of the image lies on the middle of the line, and so on
        that of the number beside it.
        """
        width = self.drawing.width
        align = "middle" if self.display else f"-{self.drawing.depth}px"
        if width <= _FITS_EVERYWHERE:
            return f"vertical-align:{align};min-width:{width}px"
        least = max(round(width * _LEAST_SCALE), _FITS_EVERYWHERE)
        return f"vertical-align:{align};max-width:100%;height:auto;min-width:{least}px"
