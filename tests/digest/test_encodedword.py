"""Encoded words: exact for every reader, and never too long."""

from __future__ import annotations

import re
from email.header import decode_header, make_header

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.digest.encodedword import LINE, phrase_words, text_words

lines = st.lists(
    st.text(
        st.characters(exclude_categories=["Cs", "Cc", "Zs", "Zl", "Zp"]), min_size=1
    ),
    min_size=1,
).map(" ".join)


def shown(words: list[str]) -> str:
    """The words as the standard library reads them."""
    return str(make_header(decode_header(" ".join(words))))


@given(lines, st.integers(6, 12))
def test_any_line_comes_back_from_its_words(line: str, column: int) -> None:
    words = text_words(line, column)
    assert shown(words) == line


@given(lines.filter(lambda line: not line.isascii()), st.integers(6, 12))
def test_no_encoded_word_is_too_long_or_splits_a_character(
    line: str, column: int
) -> None:
    words = text_words(line, column)
    assert column + len(words[0]) <= LINE
    assert all(len(word) <= 75 for word in words)
    assert "".join(shown([word]) for word in words) == line


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", []),
        ("Plain words", ["Plain", "words"]),
        ("数学周刊", ["=?utf-8?b?5pWw5a2m5ZGo5YiK?="]),
        ("Café news", ["=?utf-8?q?Caf=C3=A9_news?="]),
        ("=?utf-8?q?x?=", ["=?utf-8?q?=3D=3Futf-8=3Fq=3Fx=3F=3D?="]),
        ("a\x00b\nc", ["=?utf-8?q?a=00b=0Ac?="]),
        ("two  spaces", ["=?utf-8?q?two__spaces?="]),
    ],
)
def test_text_is_encoded_only_where_it_must_be(text: str, words: list[str]) -> None:
    assert text_words(text, 9) == words


def test_a_word_too_long_for_any_line_is_encoded() -> None:
    long = "x" * 1200
    assert text_words("x" * 900, 9) == ["x" * 900]
    assert len(text_words(long, 9)) > 1
    assert shown(text_words(long, 9)) == long


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", []),
        ("Example Weekly", ["Example", "Weekly"]),
        ("Smith, Anna", ['"Smith,', 'Anna"']),
        ("A. B. <x@example.org>", ['"A.', "B.", '<x@example.org>"']),
        (r'The "\" weekly', ['"The', r"\"\\\"", 'weekly"']),
        ("a@b", ['"a@b"']),
        ("数学周刊", ["=?utf-8?b?5pWw5a2m5ZGo5YiK?="]),
        ("Café, (news)", ["=?utf-8?q?Caf=C3=A9=2C_=28news=29?="]),
    ],
)
def test_a_phrase_is_quoted_or_encoded(text: str, words: list[str]) -> None:
    assert phrase_words(text, 6) == words


def test_a_quoted_printable_word_in_a_phrase_has_no_special() -> None:
    [word] = phrase_words('é ()<>@,;:\\".[]?=_', 6)
    assert re.fullmatch(r"=\?utf-8\?q\?[A-Za-z0-9!*+/=_-]+\?=", word)
