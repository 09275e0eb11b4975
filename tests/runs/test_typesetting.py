"""Formulas typeset once: what the cache keeps, and when a font is looked for."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from pipeline.cache.disk import Cache
from pipeline.config.settings import MathSettings, SiteSettings
from pipeline.content.links import SiteIndex
from pipeline.math.bounds import Bounds
from pipeline.math.forms import Forms
from pipeline.math.image import Font
from pipeline.math.layout import Failure, Tex
from pipeline.runs.sites.composing import FONT, Compositor
from pipeline.runs.sites.pictures import SitePictures
from pipeline.runs.sites.typesetting import Typesetter

FRACTION = Tex(r"\frac{a}{b}", display=True)
CHINESE = Tex(r"\frac{\text{中}}{2}")


class Library:
    """Finds no font, and counts how often it was asked."""

    def __init__(self) -> None:
        self.asked = 0

    def find(self, _setting: Path | None) -> Font | None:
        self.asked += 1


@pytest.fixture
def library() -> Library:
    return Library()


def typesetter(
    folder: Path, library: Library, settings: MathSettings | None = None
) -> Typesetter:
    cache = Cache(folder / "cache", 10_000_000)
    return Typesetter(settings or MathSettings(), cache, library.find)


def test_a_second_typesetter_gets_the_same_from_the_cache(
    tmp_path: Path, library: Library
) -> None:
    first = typesetter(tmp_path, library).typeset([FRACTION, Tex("x"), Tex(r"\no")])
    again = typesetter(tmp_path, library)
    assert again.typeset([FRACTION, Tex("x"), Tex(r"\no")]) == first
    assert "_engine" not in vars(again)
    drawn, text, failed = first.forms
    assert isinstance(drawn, Forms)
    assert drawn.drawing is not None
    assert list(first.images) == [drawn.drawing.digest]
    assert isinstance(text, Forms)
    assert text.drawing is None
    assert isinstance(failed, Failure)


def test_a_torn_entry_of_the_cache_is_made_again(
    tmp_path: Path, library: Library
) -> None:
    first = typesetter(tmp_path, library).typeset([FRACTION])
    for path in (tmp_path / "cache").rglob("*"):
        if path.is_file():
            path.write_bytes(b"torn")
    assert typesetter(tmp_path, library).typeset([FRACTION]) == first


def test_an_entry_of_another_shape_is_made_again(
    tmp_path: Path, library: Library
) -> None:
    class Foreign(Cache):
        def get(self, key: str) -> bytes | None:
            return b'{"other": 1}'

    cache = Foreign(tmp_path / "cache", 10_000_000)
    done = Typesetter(MathSettings(), cache, library.find).typeset([FRACTION])
    assert len(done.images) == 1


def test_no_font_is_looked_for_until_text_asks_for_one(
    tmp_path: Path, library: Library
) -> None:
    setter = typesetter(tmp_path, library)
    assert setter.typeset([FRACTION]).font is None
    assert library.asked == 0
    done = setter.typeset([CHINESE])
    assert (done.font, library.asked) == ("", 1)
    (form,) = done.forms
    assert isinstance(form, Forms)
    assert form.missing == "中"
    setter.typeset([CHINESE])
    assert library.asked == 1


def test_a_macro_with_chinese_asks_for_a_font_too(
    tmp_path: Path, library: Library
) -> None:
    settings = MathSettings(macros={"when": r"\text{当}"})
    setter = typesetter(tmp_path, library, settings)
    assert setter.typeset([Tex(r"x \when y")]).font == ""


def test_other_settings_are_another_style(tmp_path: Path, library: Library) -> None:
    plain, physics, macro = (
        typesetter(tmp_path, library, settings).style
        for settings in (
            MathSettings(),
            MathSettings(physics=True),
            MathSettings(macros={"R": "x"}),
        )
    )
    assert len({plain, physics, macro}) == 3


def test_a_macros_backslash_may_be_written(tmp_path: Path, library: Library) -> None:
    settings = MathSettings(macros={r"\RR": r"\mathbb{R}"})
    (form,) = typesetter(tmp_path, library, settings).typeset([Tex(r"\RR")]).forms
    assert isinstance(form, Forms)
    assert form.text == "ℝ"


def test_what_only_found_no_time_is_tried_again(
    tmp_path: Path, library: Library
) -> None:
    cache = Cache(tmp_path / "cache", 10_000_000)
    hurried = Bounds(post_seconds=-1.0)
    setter = Typesetter(MathSettings(), cache, library.find, hurried)
    (failed,) = setter.typeset([FRACTION]).forms
    assert isinstance(failed, Failure)
    assert failed.for_now
    (form,) = typesetter(tmp_path, library).typeset([FRACTION]).forms
    assert isinstance(form, Forms)


def test_a_font_that_was_found_is_not_looked_for_again(
    tmp_path: Path, library: Library
) -> None:
    setter = typesetter(tmp_path, library)
    cache = Cache(tmp_path / "cache", 10_000_000)
    compositor = Compositor(cache, setter, "image", date(2026, 11, 20))
    index = SiteIndex.build("https://example.org/", [], [])
    site = SiteSettings(folder=tmp_path, url="https://example.org/", title="Site")
    pictures = SitePictures(site, index)
    font = tmp_path / "font.ttf"
    font.write_bytes(b"font")
    stamp = compositor.resolve(f"{FONT}{font}", pictures)
    assert stamp
    assert library.asked == 0
    font.write_bytes(b"another font")
    assert compositor.resolve(f"{FONT}{font}", pictures) != stamp
    font.unlink()
    assert compositor.resolve(f"{FONT}{font}", pictures) == ""
    assert compositor.resolve(FONT, pictures) == ""
    assert library.asked == 1
