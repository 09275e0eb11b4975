"""Bytes become text without loss, or are refused with the place."""

from __future__ import annotations

import codecs

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.content.charset import Decoded, UndecodableError, decode

SIMPLIFIED = "机器学习的数学基础：从线性代数到概率论，这是一篇很长的文章。\n" * 5
TRADITIONAL = "機器學習的數學基礎：從線性代數到機率論，這是一篇很長的文章。\n" * 5


def test_utf_8_needs_no_guess() -> None:
    assert decode("题".encode()) == Decoded("题", "utf-8")


@pytest.mark.parametrize(
    ("bom", "charset"),
    [
        (codecs.BOM_UTF8, "utf-8"),
        (codecs.BOM_UTF16_LE, "utf-16-le"),
        (codecs.BOM_UTF16_BE, "utf-16-be"),
        (codecs.BOM_UTF32_LE, "utf-32-le"),
        (codecs.BOM_UTF32_BE, "utf-32-be"),
    ],
)
def test_a_byte_order_mark_decides_even_over_a_setting(
    bom: bytes, charset: str
) -> None:
    data = bom + "标题".encode(charset)
    assert decode(data, "gbk") == Decoded("标题", charset)


@pytest.mark.parametrize(
    ("text", "charset", "told"),
    [
        (SIMPLIFIED, "gb18030", "gb18030"),
        (SIMPLIFIED, "gbk", "gb18030"),
        (TRADITIONAL, "big5", "big5"),
        (SIMPLIFIED, "utf-16-le", "utf-16-le"),
    ],
)
def test_other_charsets_are_guessed_and_that_is_told(
    text: str, charset: str, told: str
) -> None:
    assert decode(text.encode(charset)) == Decoded(text, told, guessed=True)


def test_a_character_beyond_the_guessed_standard_is_read_by_its_superset() -> None:
    text = TRADITIONAL + "裏恒粧\n"
    assert decode(text.encode("cp950")).text == text


def test_a_setting_needs_no_guess() -> None:
    assert decode("标题".encode("gbk"), "GBK") == Decoded("标题", "GBK")


def test_a_setting_that_does_not_fit_is_told_with_the_line() -> None:
    with pytest.raises(UndecodableError, match="byte 0xff is not gbk") as caught:
        decode(b"a\nb\xff\xff", "gbk")
    assert caught.value.line == 2


def test_an_unknown_charset_is_told() -> None:
    with pytest.raises(UndecodableError, match="there is no charset 'klingon'"):
        decode(b"a", "klingon")


def test_one_damaged_character_is_told_and_not_guessed_away() -> None:
    data = SIMPLIFIED.encode() + b"\xe9\xa2\n"
    with pytest.raises(UndecodableError, match="byte 0xe9 is not UTF-8") as caught:
        decode(data)
    assert caught.value.line == 6


def test_a_stray_nul_does_not_make_utf_8_another_charset() -> None:
    data = b"abc\0 " + SIMPLIFIED.encode()
    assert decode(data) == Decoded(data.decode(), "utf-8")


def test_english_in_utf_16_is_no_utf_8_full_of_nuls() -> None:
    assert decode("Hello, world".encode("utf-16-le")) == Decoded(
        "Hello, world", "utf-16-le", guessed=True
    )


def test_two_byte_order_marks_are_both_taken_away() -> None:
    assert decode(codecs.BOM_UTF8 * 2 + b"---") == Decoded("---", "utf-8")


def test_what_is_no_text_is_refused() -> None:
    with pytest.raises(UndecodableError, match="no character set known"):
        decode(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + bytes(range(256)) * 8)


@settings(max_examples=50, deadline=None)
@given(st.text(alphabet=st.characters(codec="utf-8", exclude_characters="\0\ufeff")))
def test_any_utf_8_text_comes_back(text: str) -> None:
    assert decode(text.encode()).text == text
