"""docs/pictures.md has the formats, bounds, folders and words that the code has."""

from __future__ import annotations

import re
from io import BytesIO

import pytest

from pipeline.base.faults import Severity
from pipeline.config.settings import MailSettings
from pipeline.pictures import effort, vector
from pipeline.pictures.animation import MOST_FRAMES
from pipeline.pictures.copies import MOST_MAIL_BYTES, MOST_WEBP_PIXELS, MOST_WIDTH_PX
from pipeline.pictures.measure import measure
from pipeline.pictures.raster import FORMATS
from pipeline.pictures.size import MOST_BYTES, MOST_PIXELS, PictureError
from pipeline.runs.issues.mailimages import PICTURES_FOLDER
from pipeline.runs.sites.composing import picture_fault
from tests.docs.documents import document
from tests.docs.posts import URL, parse

PAGE = document("docs/pictures.md")
ONE_LINE = " ".join(PAGE.split())
TOLD = re.findall(r"^(?:advice|warning): (.+)$", PAGE, re.MULTILINE)


@pytest.mark.parametrize("name", [*FORMATS, "SVG"])
def test_every_format_is_named(name: str) -> None:
    known = ONE_LINE.partition(" are known.")[0].rpartition("| ")[2]
    assert name in {word.upper() for word in re.findall(r"\w+", known)}


def test_the_bounds_are_right() -> None:
    assert MOST_MAIL_BYTES == 1_000_000
    for words in (
        f"at most {MOST_WIDTH_PX:,} pixels wide",
        f"up to {MOST_FRAMES} frames",
        f"a file | {MOST_BYTES >> 20} MiB",
        f"pixels | {MOST_PIXELS // 1_000_000} million",
        f"in memory | {MOST_WEBP_PIXELS // 1_000_000} million",
        f"{vector.MOST_SVG_BYTES:,} bytes, {effort.MOST_ELEMENTS:,} elements",
        f"{MailSettings().embedded_bytes:,} a message",
        f"`public/{PICTURES_FOLDER}/`",
    ):
        assert words in ONE_LINE, words


def test_a_picture_without_words_is_told_as_shown() -> None:
    faults = parse("![](fox.webp)").faults
    (advice,) = [fault for fault in faults if fault.severity is Severity.ADVICE]
    assert f"{advice.what} ({advice.remedy})" in PAGE


def test_what_is_no_picture_is_told_as_shown() -> None:
    with pytest.raises(PictureError) as caught:
        measure(BytesIO(b"no picture"))
    fault = picture_fault("content/trip.md", f"{URL}fox.png", caught.value, 40)
    assert str(fault) in TOLD
