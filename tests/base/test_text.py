"""Plain text in any script: what is kept, what counts, and where lines break."""

from __future__ import annotations

import unicodedata
from time import perf_counter

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from pipeline.base.text import (
    count_cells,
    count_words,
    first_control,
    fold_line,
    graphemes,
    is_cjk,
    slugify,
    strip_controls,
    wrap,
)

FAMILY = "👨‍👩‍👧‍👦"
MIXED = st.text(
    alphabet=st.sampled_from("ab c中文字，。「」（）“”…— \t.!é한1")
    | st.characters(codec="utf-8"),
    max_size=120,
)


def test_characters_that_xml_cannot_hold_are_stripped_and_nothing_else() -> None:
    assert strip_controls("a\x00b\x0bc\x1fd\ufffee\ud800f") == "abcdef"
    assert strip_controls("tab\t line\r\n é中😀") == "tab\t line\r\n é中😀"
    assert first_control("ab\x00\x01") == 2
    assert first_control("tab\t\n é中😀") is None


@pytest.mark.parametrize("char", "汉あアｱ한ㄅ。「，Ａ𠮷")
def test_cjk_is_han_kana_hangul_and_their_punctuation(char: str) -> None:
    assert is_cjk(char)


@pytest.mark.parametrize("char", ["a", "é", "1", ".", "“", "…", "α", "😀", " ", ""])
def test_cjk_is_not_what_other_scripts_use_too(char: str) -> None:
    assert not is_cjk(char)


def test_a_family_of_emoji_and_an_accented_letter_are_one_grapheme_each() -> None:
    assert list(graphemes(f"a{FAMILY}e\u0301")) == ["a", FAMILY, "e\u0301"]


@pytest.mark.parametrize(
    ("text", "cells"),
    [("ab", 2), ("中文", 4), (FAMILY, 2), ("e\u0301", 1), ("\x00", 0)],
)
def test_cells_are_what_a_monospaced_screen_shows(text: str, cells: int) -> None:
    assert count_cells(text) == cells


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", 0),
        ("two words", 2),
        ("don't re-count state-of-the-art 3.14", 4),
        ("深度学习。", 4),
        ("用Python写BERT模型", 6),
        ("한국", 2),
        ("हिन्दी भाषा", 2),
        ("שָׁלוֹם עולם", 2),
        ("ภาษาไทย", 2),
        ("😀 👨‍👩‍👧👍🏽❤️🇫🇷", 5),
        ("— … ！？ → × ×", 0),
    ],
)
def test_a_cjk_character_or_emoji_counts_one_and_so_does_a_word(
    text: str, words: int
) -> None:
    assert count_words(text) == words


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("  a \t b\r\nc ", "a b c"),
        ("Hi\r\nBcc: x@y.z", "Hi Bcc: x@y.z"),
        ("深度\n学习", "深度学习"),
        ("深度\u2028，学习", "深度，学习"),
        ("深度 学习", "深度 学习"),
        ("用\nPython", "用 Python"),
        ("한국\n말", "한국 말"),
        ("a\x00b\x1b[0m\x7f", "ab[0m"),
        ("a\x0cb", "a b"),
        ("a\n \nb\nc\nd", "a b c d"),
    ],
)
def test_a_title_is_folded_into_one_line(text: str, line: str) -> None:
    assert fold_line(text) == line


@given(MIXED)
@settings(max_examples=60, deadline=None)
def test_a_folded_line_stays_as_it_is_and_has_no_control(text: str) -> None:
    line = fold_line(text)
    assert fold_line(line) == line
    assert not any(unicodedata.category(char) in ("Cc", "Cs") for char in line)


@pytest.mark.parametrize(
    ("text", "slug"),
    [
        ("Hello, World!", "hello-world"),
        ("深度学习 与 BERT", "深度学习-与-bert"),
        ("ＡＢＣ　①", "abc-1"),
        ("--C++ / C#--", "c-c"),
        ("Straße", "strasse"),
        ("हिन्दी", "हिन्दी"),
        ("../../etc", "etc"),
        ("！？", ""),
    ],
)
def test_a_slug_keeps_letters_and_digits_of_every_script(text: str, slug: str) -> None:
    assert slugify(text) == slug


@given(MIXED)
@settings(max_examples=60, deadline=None)
def test_a_slug_has_no_dash_at_its_ends_and_nothing_a_path_minds(text: str) -> None:
    slug = slugify(text)
    assert slug == slug.strip("-")
    assert "--" not in slug
    assert not set(slug) & set("/\\.:?*<>|\"' \0")


@pytest.mark.parametrize(
    ("text", "width", "wrapped"),
    [
        ("one two three", 8, "one two\nthree"),
        ("one   two", 20, "one two"),
        ("one\ntwo", 20, "one\ntwo"),
        ("one\n\ntwo", 20, "one\n\ntwo"),
        ("  ", 20, ""),
        ("深度学习很好", 8, "深度学习\n很好"),
        ("supercalifragilistic", 8, "supercalifragilistic"),
        ("用Python写", 8, "用Python\n写"),
        ("10\u00a0kg is heavy", 5, "10\u00a0kg\nis\nheavy"),
        (f"{FAMILY}{FAMILY}{FAMILY}", 4, f"{FAMILY}{FAMILY}\n{FAMILY}"),
    ],
)
def test_words_break_at_spaces_and_cjk_anywhere(
    text: str, width: int, wrapped: str
) -> None:
    assert wrap(text, width) == wrapped


@pytest.mark.parametrize(
    ("text", "wrapped"),
    [
        ("深度学习，很好", "深度学习，\n很好"),
        ("他说深度。”好", "他说深\n度。”好"),
        ("深度学（习）", "深度学\n（习）"),
        ("深度学“习惯”", "深度学\n“习惯”"),
        ("深度学——习", "深度学——\n习"),
        ("深度学习……好", "深度学\n习……好"),
        ("あいうきゃく", "あいう\nきゃく"),
        ("abcdefg，中", "abcdefg，\n中"),
    ],
)
def test_no_line_begins_with_closing_or_ends_with_opening_punctuation(
    text: str, wrapped: str
) -> None:
    assert wrap(text, 8) == wrapped


def test_a_latin_stop_does_not_hang_past_the_edge() -> None:
    assert wrap("one two.", 7) == "one\ntwo."


@pytest.mark.parametrize(
    "url",
    ["https://例子.cn/数学/微积分?a=b-c#顶", "www.example.org/数学", "ftp://a/中文"],
)
def test_a_url_is_never_split_and_ends_before_cjk_punctuation(url: str) -> None:
    assert wrap(f"详见{url}，谢谢", 10) == f"详见\n{url}，\n谢谢"


def test_a_word_of_a_hundred_thousand_letters_is_wrapped_in_a_moment() -> None:
    word = "a" * 100_000
    began = perf_counter()
    assert wrap(f"{word} b", 72) == f"{word}\nb"
    assert perf_counter() - began < 3


def test_the_first_line_has_its_own_indent_and_both_count_as_width() -> None:
    assert wrap("aa bb cc dd", 8, indent="   ", first=" - ") == " - aa bb\n   cc dd"
    assert wrap("", 8, indent="   ", first=" - ") == " -"
    assert wrap("aa\nbb", 8, indent="> ", first="> ") == "> aa\n> bb"


@given(MIXED, st.integers(4, 40))
@settings(max_examples=150, deadline=None)
@example(f"中{FAMILY}，“”", 4)
def test_wrapping_loses_nothing_but_white_space(text: str, width: int) -> None:
    wrapped = wrap(text, width)
    assert "".join(wrapped.split()) == "".join(text.split())


@given(
    st.text(alphabet="深度学习ab， 。”「（", max_size=80),
    st.integers(6, 40),
)
@settings(max_examples=150, deadline=None)
def test_a_line_is_too_wide_only_by_one_piece_or_one_hanging_mark(
    text: str, width: int
) -> None:
    for line in wrap(text, width).split("\n"):
        if count_cells(line) > width:
            shorter = line[:-1]
            hangs = line[-1] in "，。”" and count_cells(shorter) <= width
            assert hangs or wrap(line, 1) == line


@given(st.text(alphabet="深度学习，。”）「（", min_size=1, max_size=60))
@settings(max_examples=100, deadline=None)
def test_kinsoku_holds_at_every_break(text: str) -> None:
    lines = wrap(text, 10).split("\n")
    assert not any(line[0] in "，。”）" for line in lines[1:])
    assert not any(line[-1] in "「（" for line in lines[:-1])
