"""Transfer encodings: exact when decoded, safe on every line."""

from __future__ import annotations

import base64
import quopri
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.digest.encoding import (
    Base64,
    Body,
    QuotedPrintable,
    base64_length,
    canonical,
    encode_base64,
    encode_body,
    encode_quoted_printable,
)

# What encoders get wrong: long lines, trailing blanks, dots, `From `, `=`, CJK, emoji.
BREAKS = ("\n", "\r\n", "\n\n", "=\n", "\n.", "\nFrom ")
BLANKS = (" ", "\t", "\x00")
WORDS = ("a" * 74, "b" * 200, ".", "..", "From ", "From", "=", "=3D", "--x")
BEYOND_ASCII = ("中文", "测试。", "👩\u200d👩\u200d👧", "é")
awkward = st.sampled_from(BREAKS + BLANKS + WORDS + BEYOND_ASCII)
line_text = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\r\n"))
texts = st.lists(awkward | line_text, max_size=12).map("".join)
values = st.one_of(
    line_text, st.sampled_from(["", ".", " ", "From me", "a" * 76, "x=" * 50, "钱 "])
)
NAMES = ("one", "two")


@st.composite
def pages(draw: st.DrawFn) -> tuple[list[str], list[str], dict[str, str]]:
    """Fixed pieces, the names between them, and a value for every name."""
    names = draw(st.lists(st.sampled_from(NAMES), max_size=6))
    fixed = [draw(texts) for _ in range(len(names) + 1)]
    return fixed, names, {name: draw(values) for name in NAMES}


def joined(body: Body, given: dict[str, str]) -> bytes:
    out: list[bytes] = []
    body.append_to(out, {name: canonical(value) for name, value in given.items()})
    return b"".join(out)


def rendered(fixed: list[str], names: list[str], given: dict[str, str]) -> bytes:
    """The whole text with its values, encoded by nobody: what must come out."""
    pieces = [canonical(fixed[0])]
    for name, piece in zip(names, fixed[1:], strict=True):
        pieces += [canonical(given[name]), canonical(piece)]
    return b"".join(pieces)


def decoded(body: Body, encoded: bytes) -> bytes:
    if body.transfer_encoding == "base64":
        return base64.b64decode(encoded)
    return quopri.decodestring(encoded)


def assert_every_line_is_safe(encoded: bytes) -> None:
    assert encoded.isascii()
    assert b"\r" not in encoded.replace(b"\r\n", b"")
    assert b"\n" not in encoded.replace(b"\r\n", b"")
    for line in encoded.split(b"\r\n"):
        assert len(line) <= 76
        assert not line.startswith((b".", b"From "))
        assert not line.endswith((b" ", b"\t"))


@given(pages())
def test_either_encoding_decodes_to_the_text_with_its_values(
    page: tuple[list[str], list[str], dict[str, str]],
) -> None:
    fixed, names, given = page
    body = encode_body(fixed, names)
    encoded = joined(body, given)
    assert decoded(body, encoded) == rendered(fixed, names, given)
    assert_every_line_is_safe(encoded)


@given(pages())
def test_base64_is_exact_at_every_phase(
    page: tuple[list[str], list[str], dict[str, str]],
) -> None:
    fixed, names, given = page
    body = Base64.of([canonical(piece) for piece in fixed], [(name,) for name in names])
    encoded = joined(body, given)
    assert base64.b64decode(encoded, validate=False) == rendered(fixed, names, given)
    assert b"=" not in encoded.rstrip(b"=\r\n")
    assert_every_line_is_safe(encoded)


@pytest.mark.parametrize("left", ["", "x", "xy", "xyz"])
@pytest.mark.parametrize("middle", ["", "m", "mn", "mno", "m" * 60])
@pytest.mark.parametrize("value", ["", "v", "vw", "vwx"])
def test_base64_joins_pieces_shorter_than_a_group_of_three(
    left: str, middle: str, value: str
) -> None:
    pieces = [left.encode(), middle.encode(), b"end"]
    body = Base64.of(pieces, [("one",), ("two",)])
    encoded = joined(body, {"one": value, "two": value})
    assert base64.b64decode(encoded) == f"{left}{value}{middle}{value}end".encode()


@given(texts)
def test_quoted_printable_decodes_to_what_went_in(text: str) -> None:
    encoded = encode_quoted_printable(canonical(text))
    assert quopri.decodestring(encoded) == canonical(text)
    assert_every_line_is_safe(encoded)


@given(st.binary(max_size=300))
def test_base64_lines_decode_to_what_went_in(data: bytes) -> None:
    assert base64.b64decode(encode_base64(data)) == data
    assert_every_line_is_safe(encode_base64(data))


@pytest.mark.parametrize(
    ("text", "encoded"),
    [
        ("plain words", "plain words"),
        ("1 = 1", "1 =3D 1"),
        ("café", "caf=C3=A9"),
        (".", "=2E"),
        ("..", "=2E."),
        ("From here", "=46rom here"),
        ("Fromage", "Fromage"),
        (">From here", ">From here"),
        ("trailing \nand \t\n", "trailing=20\r\nand =09\r\n"),
        ("tab\tinside", "tab\tinside"),
        ("\n", "\r\n"),
        ("one\rtwo\r\nthree\n", "one\r\ntwo\r\nthree\r\n"),
        ("x" * 73, "x" * 73),
        ("x" * 74, "x" * 73 + "=\r\nx"),
        ("x" * 72 + "é", "x" * 72 + "=\r\n=C3=A9"),
        ("x" * 73 + ".y", "x" * 73 + "=\r\n=2Ey"),
        ("x" * 73 + "From y", "x" * 73 + "=\r\n=46rom y"),
        ("\x7f\x00", "=7F=00"),
    ],
)
def test_quoted_printable_is_written_as_rfc_2045_says(text: str, encoded: str) -> None:
    assert encode_quoted_printable(canonical(text)).decode() == encoded


@pytest.mark.parametrize(
    ("fixed", "value", "encoded"),
    [
        (["Hello ", ", you"], "Anna", "Hello=20=\r\nAnna=\r\n, you"),
        (["", ""], "Anna", "Anna"),
        (["a\n", "\nb"], "Anna", "a\r\nAnna\r\nb"),
        (["a\n", "\nb"], "", "a\r\n\r\nb"),
        (["a", "b"], "", "a=\r\nb"),
        (["a", "\nb"], "", "a\r\nb"),
        (["a\n", "b"], "", "a\r\nb"),
        (["a", ""], "", "a"),
        (["a", ""], ".b", "a=\r\n=2Eb"),
        (["a", ".b"], "v", "a=\r\nv=\r\n=2Eb"),
        (["a", ""], "v ", "a=\r\nv=20"),
        (["a", "b"], "x\ny", "a=\r\nx\r\ny=\r\nb"),
    ],
)
def test_a_value_stands_between_soft_line_breaks_unless_a_line_begins_or_ends_there(
    fixed: list[str], value: str, encoded: str
) -> None:
    body = encode_body(fixed, ["one"])
    assert joined(body, {"one": value}).decode() == encoded


def test_values_side_by_side_are_one_value() -> None:
    body = encode_body(["a", "", ""], ["one", "two"])
    assert joined(body, {"one": "x", "two": ""}) == b"a=\r\nx"
    assert joined(body, {"one": "", "two": "y"}) == b"a=\r\ny"


def test_values_side_by_side_at_the_start_are_one_value() -> None:
    body = encode_body(["", "", "z"], ["one", "two"])
    assert joined(body, {"one": "x", "two": "y"}) == b"xy=\r\nz"


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        ("", "quoted-printable"),
        ("plain English", "quoted-printable"),
        ("=" * 1000, "quoted-printable"),
        ("A café in the rue de l'Échelle.\n" * 20, "quoted-printable"),
        ("<p style='color:#333'>" * 20 + "中文" * 20, "quoted-printable"),
        ("一篇关于公式与中文排版的文章。\n" * 20, "base64"),
        ("👩‍👩‍👧" * 30, "base64"),
    ],
)
def test_base64_is_for_text_that_is_mostly_not_ascii(text: str, encoding: str) -> None:
    assert encode_body([text], []).transfer_encoding == encoding


def test_each_encoding_names_itself() -> None:
    assert QuotedPrintable.of([b"x"], []).transfer_encoding == "quoted-printable"
    assert Base64.of([b"x"], []).transfer_encoding == "base64"


def test_a_long_url_as_a_value_keeps_to_the_line_length() -> None:
    url = "https://example.org/leave?token=" + "a" * 200
    encoded = joined(encode_body(["<a href='", "'>"], ["one"]), {"one": url})
    assert max(map(len, re.split(rb"\r\n", encoded))) <= 76
    assert quopri.decodestring(encoded) == f"<a href='{url}'>".encode()


@given(st.integers(0, 500))
def test_the_length_of_base64_is_known_before_it_is_made(size: int) -> None:
    assert base64_length(size) == len(encode_base64(bytes(size)))
