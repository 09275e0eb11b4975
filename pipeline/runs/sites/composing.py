"""What rendering needs of the machine: formulas typeset, pictures measured.

    body → formulas → typesets and images
         → pictures → sizes

What it looked up is told as references, so that a rendition is made again when a
picture or the font has changed.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from urllib.parse import unquote

from pipeline.base.faults import Fault, Severity
from pipeline.base.text import fold_line
from pipeline.cache.disk import Cache
from pipeline.config.settings import Configuration, SiteSettings
from pipeline.content.post import Post
from pipeline.content.tree import Body, Element, Formula, walk
from pipeline.math.forms import Forms
from pipeline.math.layout import Failure, Tex
from pipeline.pictures.size import PictureError, Size
from pipeline.rendition.equation import MathForm, compose
from pipeline.rendition.post import image_of
from pipeline.rendition.typeset import Typeset
from pipeline.runs.sites.fonts import NO_FONT, NO_FONT_REMEDY
from pipeline.runs.sites.pictures import PICTURE, SitePictures, file_stamp
from pipeline.runs.sites.typesetting import Typesetter
from pipeline.store.images import KeptImage

FONT = "font:"
"""The reference of a post whose formulas hold text that MathJax has no letters for.

The font's path stands behind it, and is all that is looked at again: to find a font
takes half a second. Without one, each run looks whether there is one now.
"""

TODAY = "today:"
"""The reference of a post whose formulas found no time: another day they may."""

_LONGEST_SHOWN = 60
_DRAWING = re.compile(r"\\begin\{(?:tikz|pspicture)|\\xymatrix\b")


@dataclass(frozen=True, slots=True, kw_only=True)
class Composed:
    """What a post's rendition is made with, and what was wrong."""

    typesets: dict[Formula, Typeset]
    sizes: dict[str, Size]
    images: tuple[KeptImage, ...]
    references: tuple[tuple[str, str], ...]
    faults: tuple[Fault, ...]


@dataclass(slots=True)
class Compositor:
    """Composes post after post of one run, on the day `today`.

    `unset` are characters no font had.
    """

    cache: Cache
    typesetter: Typesetter
    feeds_show: MathForm
    today: date
    unset: set[str] = field(default_factory=set)

    @classmethod
    def of(cls, configuration: Configuration, now: datetime) -> Compositor:
        """Return the compositor that the settings ask for, for a run at `now`."""
        cache = Cache(configuration.cache.folder, configuration.cache.max_bytes)
        typesetter = Typesetter(configuration.math, cache)
        return cls(cache, typesetter, configuration.feeds.math, now.date())

    @property
    def style(self) -> str:
        """A digest of the settings and versions that decide how a post looks."""
        whole = f"{self.typesetter.style} {self.feeds_show}"
        return hashlib.sha256(whole.encode()).hexdigest()

    def notes(self) -> list[str]:
        """Return what the owner should read of all that was composed."""
        if not self.unset:
            return []
        shown = "".join(sorted(self.unset)[:20])
        return [f"formulas show {shown} as plain text: {NO_FONT}; {NO_FONT_REMEDY}"]

    def trim_cache(self) -> None:
        """Bring the cache back below its bound."""
        self.cache.trim()

    def resolve(self, reference: str, pictures: SitePictures) -> str | None:
        """Return what a reference of ours gives now, None for one that is not ours."""
        if reference == FONT:
            return self.typesetter.font_path
        if reference.startswith(FONT):
            return file_stamp(Path(reference.removeprefix(FONT)))
        if reference == TODAY:
            return self.today.isoformat()
        if reference.startswith(PICTURE):
            return pictures.stamp(reference)
        return None

    def compose(
        self, post: Post, body: Body, site: SiteSettings, pictures: SitePictures
    ) -> Composed:
        """Return what the rendition of `post` is made with.

        Raises ConfigError where the font of the settings is none.
        """
        formulas = body.formulas()
        done = self.typesetter.typeset([Tex(f.tex, f.display) for f in formulas])
        set_forms = list(zip(formulas, done.forms, strict=True))
        self.unset |= {
            char
            for form in done.forms
            if isinstance(form, Forms)
            for char in form.missing
        }
        sizes, references, faults = _measure(post, body, pictures)
        if done.font is not None:
            references.append(_font_reference(done.font))
        if any(isinstance(one, Failure) and one.for_now for one in done.forms):
            references.append((TODAY, self.today.isoformat()))
        return Composed(
            typesets={
                formula: compose(
                    form,
                    display=formula.display,
                    site_url=site.url,
                    feeds_show=self.feeds_show,
                )
                for formula, form in set_forms
                if isinstance(form, Forms)
            },
            sizes=sizes,
            images=tuple(
                KeptImage(digest, "image/png", png)
                for digest, png in sorted(done.images.items())
            ),
            references=tuple(references),
            faults=(*_formula_faults(post, set_forms), *faults),
        )


def _formula_faults(
    post: Post, formulas: Sequence[tuple[Formula, Forms | Failure]]
) -> Iterator[Fault]:
    """Yield a fault for each formula that failed, one for those beyond a bound."""
    told = set[tuple[Formula | None, str]]()
    for formula, failure in formulas:
        if not isinstance(failure, Failure):
            continue
        about = None if failure.of_post else formula
        if (about, failure.message) not in told:
            told.add((about, failure.message))
            yield _formula_fault(post, formula, failure)


def _formula_fault(post: Post, formula: Formula, failure: Failure) -> Fault:
    tex = fold_line(formula.tex)
    if len(tex) > _LONGEST_SHOWN:
        tex = tex[: _LONGEST_SHOWN - 1] + "…"
    remedy = "correct it; until then its TeX is shown"
    if _DRAWING.search(formula.tex):
        remedy = "only LaTeX draws this: put it in as a picture, such as an SVG"
    if failure.of_post:
        tex += " and what comes after it"
        remedy = "make several posts of it; until then their TeX is shown"
    return Fault(
        path=post.path,
        line=formula.line or None,
        what=f"the formula {tex} cannot be typeset: {failure.message}",
        remedy=remedy,
        severity=Severity.WARNING,
    )


def _font_reference(path: str) -> tuple[str, str]:
    return f"{FONT}{path}", file_stamp(Path(path)) if path else ""


def _measure(
    post: Post, body: Body, pictures: SitePictures
) -> tuple[dict[str, Size], list[tuple[str, str]], list[Fault]]:
    """Return the sizes of the site's own pictures, references to them, and faults."""
    lines = dict(body.picture_lines)
    sizes: dict[str, Size] = {}
    references: list[tuple[str, str]] = []
    faults: list[Fault] = []
    for url in dict.fromkeys(_picture_urls(post, body)):
        reference = pictures.reference(url)
        if reference is None:
            continue
        references.append((reference, pictures.stamp(reference)))
        try:
            size = pictures.size(reference)
        except PictureError as error:
            faults.append(picture_fault(post.path, url, error, lines.get(url)))
        else:
            if size:
                sizes[url] = size
    return sizes, references, faults


def _picture_urls(post: Post, body: Body) -> Iterator[str]:
    if own := image_of(post):
        yield own
    for node in walk(body.nodes):
        if isinstance(node, Element) and node.tag == "img":
            yield node.attribute("src") or ""


def picture_fault(
    path: str, url: str, error: PictureError, line: int | None = None
) -> Fault:
    """Return the warning that a picture of the post at `path` cannot be used."""
    name = fold_line(unquote(url.rpartition("/")[2]))
    return Fault(
        path=path,
        line=line or None,
        what=f"the picture {name}: {error.what}",
        remedy=error.remedy,
        severity=Severity.WARNING,
    )
