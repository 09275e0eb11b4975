"""The heading that a body opens with."""

from __future__ import annotations

import pytest

from pipeline.content.heading import Opening, cut_opening, find_opening


@pytest.mark.parametrize(
    ("body", "opening"),
    [
        ("# Title\nText", Opening("Title", 1)),
        ("\n\n# 标题\n\nText", Opening("标题", 3)),
        ("# Title ##\n", Opening("Title", 1)),
        ("# C#\n", Opening("C#", 1)),
        ("# Title {#id .class}\n", Opening("Title", 1)),
        ("   #\tTitle  \n", Opening("Title", 1)),
        ("Title\n=====\nText", Opening("Title", 2)),
        ("## Second\n", None),
        ("#tag and text\n", None),
        ("# {#id}\n", None),
        ("Text\n\n# Later\n", None),
        ("    code\n===\n", None),
        ("Text", None),
        (" \n", None),
    ],
)
def test_only_a_first_heading_of_the_first_level_opens(
    body: str, opening: Opening | None
) -> None:
    assert find_opening(body) == opening


def test_what_stands_below_is_left() -> None:
    body = "\n# Title\n\nText\n"
    opening = find_opening(body)
    assert opening is not None
    assert cut_opening(body, opening) == "\nText\n"
