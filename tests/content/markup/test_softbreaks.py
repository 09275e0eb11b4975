"""Line breaks in the source of a paragraph."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.content.tree import Body, Text, walk

Outline = Callable[..., str]
HAN = st.text(st.characters(min_codepoint=0x4E00, max_codepoint=0x9FFF), min_size=1)


@pytest.mark.parametrize("markup", ["markdown", "html"])
@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("中文\n文字", "中文文字"),
        ("中文，\n文字", "中文，文字"),
        ("中文\nword", "中文 word"),
        ("word\nword", "word word"),
        ("한국\n말", "한국 말"),
    ],
)
def test_a_line_break_between_cjk_characters_vanishes(
    outline: Outline, markup: str, text: str, shown: str
) -> None:
    assert outline(text, markup=markup) == f"<p>{shown}</p>"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("**中**\n文", "<strong>中</strong>文"),
        ("中\n**文**", "中<strong>文</strong>"),
        ("中\n`x`\n文", "中 <code>x</code> 文"),
        ("中\n$x$", "中 ⟨x⟩"),
        ("中\n*  \n文", "中 *<br></br>文"),
    ],
)
def test_emphasis_does_not_hide_the_characters(
    outline: Outline, text: str, shown: str
) -> None:
    assert outline(text) == f"<p>{shown}</p>"


def test_two_spaces_still_break_the_line(outline: Outline) -> None:
    assert outline("中文  \n文字") == "<p>中文<br></br>文字</p>"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("中文\n文字", "<p>中文<br></br>文字</p>"),
        ("a\nb\n\nc", "<p>a<br></br>b</p><p>c</p>"),
        ("a  \nb", "<p>a<br></br>b</p>"),
        ("- a\n  b", "<ul><li>a<br></br>b</li></ul>"),
        ("a\n$$x$$\nb", "<p>a</p>⟪x⟫<p>b</p>"),
        ("> [!note] a\n> b\n> c", None),
        ("![a](a.png)\n*b*", None),
    ],
)
def test_where_the_site_shows_line_breaks_they_show(
    parse: Callable[..., Body], draw: Outline, text: str, shown: str | None
) -> None:
    broken = draw(parse(text, hard_breaks=True).nodes)

    assert broken == shown if shown else "<br></br>b" not in broken


@settings(max_examples=40, deadline=None)
@given(st.lists(st.lists(HAN, min_size=1, max_size=3), min_size=1, max_size=4))
def test_no_character_of_plain_chinese_paragraphs_is_lost(
    parse: Callable[..., Body], paragraphs: list[list[str]]
) -> None:
    text = "\n\n".join("\n".join(lines) for lines in paragraphs)

    shown = "".join(n.text for n in walk(parse(text).nodes) if isinstance(n, Text))

    assert shown == "".join("".join(lines) for lines in paragraphs)
