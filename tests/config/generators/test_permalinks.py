"""Patterns of other generators, in our fields."""

from __future__ import annotations

import pytest

from pipeline.config.generators.permalinks import (
    DATE_FIELDS,
    UntranslatableError,
    translate_braces,
    translate_colons,
)

FIELDS = {**DATE_FIELDS, "title": "{slug}", "output_ext": ".html"}


@pytest.mark.parametrize(
    ("pattern", "ours"),
    [
        ("/:year/:month/:day/:title/", "/{year}/{month}/{day}/{slug}/"),
        (":year-:i_month-:i_day/:title.html", "/{year}-{i_month}-{i_day}/{slug}.html"),
        ("/blog/:title:output_ext", "/blog/{slug}.html"),
    ],
)
def test_names_behind_colons_become_fields(pattern: str, ours: str) -> None:
    assert translate_colons(pattern, FIELDS) == ours


@pytest.mark.parametrize("pattern", ["/:hash/", "/:sections[1:]/:title/"])
def test_a_name_we_have_not_is_told(pattern: str) -> None:
    with pytest.raises(UntranslatableError, match=r"^:(hash|sections\[1:\])$"):
        translate_colons(pattern, FIELDS)


@pytest.mark.parametrize(
    ("pattern", "ours"),
    [
        ("{slug}.html", "/{slug}.html"),
        ("posts/{date:%Y}/{date:%m}/{slug}/", "/posts/{year}/{month}/{slug}/"),
        ("{date:%Y/%-m/%-d}/{slug}", "/{year}/{i_month}/{i_day}/{slug}"),
    ],
)
def test_names_in_braces_become_fields(pattern: str, ours: str) -> None:
    assert translate_braces(pattern, {"slug": "{slug}"}) == ours


@pytest.mark.parametrize(
    "pattern", ["{category}/{slug}", "{date:%b}/{slug}", "{slug:x}"]
)
def test_a_field_of_pelicans_that_we_have_not_is_told(pattern: str) -> None:
    with pytest.raises(UntranslatableError):
        translate_braces(pattern, {"slug": "{slug}"})
