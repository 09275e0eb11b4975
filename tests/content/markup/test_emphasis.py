"""Emphasis beside CJK, after the CJK-friendly amendment of CommonMark."""

from __future__ import annotations

from collections.abc import Callable

import pytest

Outline = Callable[..., str]


@pytest.mark.parametrize(
    "text",
    [
        "**强调**，后面",
        "这是**“引用”**的话",
        "他说**（注意）**没有",
        "**结论。**因此",
        "代码**`x`**在此",
        "这是**私のやりたかったこと。**だから",
        "**한국어(괄호)**입니다",
        "ᅡ**(a)**",
        "a**〽**a",
        "葛\U000e0100**(字)**",
        "塚\ufe00**(字)**",
        "“\ufe01**(字)**",
    ],
)
def test_stars_beside_cjk_punctuation_are_strong(outline: Outline, text: str) -> None:
    shown = outline(text)

    assert "<strong>" in shown
    assert "**" not in shown


@pytest.mark.parametrize(
    "text",
    ["a**(b)**c", "a**⭕a**a", "a**a❌**a", "a**«b»**c", "a ** b ** c", "a**→b**c"],
)
def test_elsewhere_stars_are_as_commonmark_has_them(
    outline: Outline, text: str
) -> None:
    assert outline(text) == f"<p>{text}</p>"


def test_underscores_within_a_word_are_no_emphasis(outline: Outline) -> None:
    assert outline("snake_case_name 变量_名_字") == "<p>snake_case_name 变量_名_字</p>"
    assert outline("注意：__事项__。") == "<p>注意：<strong>事项</strong>。</p>"


def test_strikethrough_is_a_deletion(outline: Outline) -> None:
    assert outline("~~错误。~~正确") == "<p><del>错误。</del>正确</p>"
