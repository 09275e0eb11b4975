"""A formula in one line: each construction, and that no letter or digit is lost."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter

import pytest
from hypothesis import given, settings

from pipeline.math.linear import linearise
from tests.math.rows import rows
from tests.math.samples import (
    CLOSE,
    COMMA,
    EQUALS,
    MINUS,
    OPEN,
    PLUS,
    TWO,
    N,
    X,
    Y,
    atom,
    element,
    fenced,
    math,
    mi,
    mn,
    mo,
    mrow,
    table,
)

SUM = mo("∑", texclass="OP")
INFINITY = mi("∞", mathvariant="normal")
APPLY = mo("\u2061", texclass="NONE")


def frac(above: str, below: str) -> str:
    return element("mfrac", above, below)


def sup(base: str, script: str) -> str:
    return element("msup", base, script)


def sub(base: str, script: str) -> str:
    return element("msub", base, script)


def text(written: str) -> str:
    return element("mtext", written)


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        (X + EQUALS + TWO, "x = 2"),
        (X + PLUS + Y, "x + y"),
        (MINUS + X, "−x"),
        (X + EQUALS + MINUS + Y, "x = −y"),
        (OPEN + MINUS + X + CLOSE, "(−x)"),
        (X + mo("×") + Y, "x × y"),
        (X + mo("∈") + mi("R", mathvariant="double-struck"), "x ∈ ℝ"),
        (mi("max") + OPEN + mn("0") + COMMA + X + CLOSE, "max(0, x)"),
        (TWO + mi("log") + APPLY + X, "2 log x"),
        (N + mo("!"), "n!"),
        (X + mo("∣") + Y, "x | y"),
        (mi("p") + OPEN + X + mo("|", texclass="ORD") + Y + CLOSE, "p(x|y)"),
        (X + COMMA + mo("…") + COMMA + Y, "x, …, y"),
        (X + mo("⋯") + Y, "x ⋯ y"),
        (X + mo("⟶") + Y, "x → y"),
        (mi("a") + mo("mod") + mi("b"), "a mod b"),
        (mi("f") + mo(":", texclass="PUNCT") + X, "f: x"),
        (PLUS + atom() + X, "+x"),
        (X + PLUS + atom() + Y, "x + y"),
    ],
)
def test_operators_are_spaced_as_tex_spaces_them(row: str, expected: str) -> None:
    assert linearise(math(row)) == expected


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        (sup(X, TWO), "x²"),
        (sub(X, mi("i")), "xᵢ"),
        (element("msubsup", X, mi("i"), TWO), "xᵢ²"),
        (element("msubsup", mi("f"), N, mo("′")), "f′ₙ"),
        (sup(mi("f"), mrow(mo("′"), TWO)), "f′²"),
        (sup(mi("e"), atom(MINUS, sup(X, TWO))), "e^(−x²)"),
        (sub(X, mrow(mi("t"), MINUS, mn("1"))), "xₜ₋₁"),
        (sub(mi("T"), mrow(mi("μ"), mi("ν"))), "T_(μν)"),
        (sub(mi("p"), text("data")) + OPEN + X + CLOSE, "p_data(x)"),
        (sub(X, text("最大")), "x_最大"),
        (sub(mi("p"), text("a b")), "p_(a b)"),
        (sup(X, atom()), "x"),
        (sup(X, mi("k")) + Y, "x^k y"),
        (sup(mi("A"), mi("⊤")) + mi("B"), "AᵀB"),
        (sup(mn("90"), mo("∘")), "90°"),
        (sup(mi("A"), mo("†")), "A†"),
        (sup(X, mrow(OPEN, mi("k"), CLOSE)), "x^(k)"),
        (sup(element("menclose", X, notation="updiagonalarrow"), mn("0")), "x→0"),
        (sub(mi("log"), TWO) + APPLY + X, "log₂ x"),
        (sub(mi("log"), mi("a")) + APPLY + OPEN + X + CLOSE, "log_a (x)"),
        (element("msubsup", atom(), mn("6"), mn("14")) + mi("C"), "₆¹⁴C"),
        (
            element("mmultiscripts", X, TWO, N, "<mprescripts/>", mi("i"), "<none/>"),
            "ᵢx₂ⁿ",
        ),
        (element("mmultiscripts", X, TWO, "<none/>"), "x₂"),
    ],
)
def test_scripts_are_small_characters_or_marked(row: str, expected: str) -> None:
    assert linearise(math(row)) == expected


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        (frac(mn("1"), TWO) + mi("m"), "1/2 m"),
        (X + frac(mn("1"), TWO), "x 1/2"),
        (MINUS + frac(mn("1"), TWO), "−1/2"),
        (X + frac(mrow(mi("∂"), Y), mrow(mi("∂"), N)), "x ∂y/∂n"),
        (mo("|") + frac(mn("1"), TWO) + mo("|"), "|1/2|"),
        (frac(mrow(X, PLUS, Y), TWO), "(x + y)/2"),
        (frac(mrow(MINUS, X), mrow(TWO, mi("a"))), "−x/(2a)"),
        (frac(mrow(mi("d"), mi("F")), mrow(mi("d"), X)), "dF/dx"),
        (frac(X, frac(Y, TWO)), "x/(y/2)"),
        (frac(frac(X, Y), TWO), "(x/y)/2"),
        (frac(X, mrow(N, mo("!"))), "x/n!"),
        (frac(X, mrow(mi("f"), OPEN, Y, CLOSE)), "x/f(y)"),
        (frac(X, sub(mi("N"), text("max"))), "x/N_max"),
        (frac(mrow(), TWO), "()/2"),
        (sup(X, frac(mrow(N, PLUS, TWO), Y)), "x^((n+2)/y)"),
        (element("msqrt", X), "√x"),
        (element("msqrt", mrow(X, PLUS, Y)), "√(x + y)"),
        (element("msqrt", mrow(OPEN, X, CLOSE)), "√(x)"),
        (element("msqrt", sub(X, mi("k"))), "√xₖ"),
        (element("mroot", X, mn("3")), "∛x"),
        (element("mroot", mrow(X, Y), N), "ⁿ√(xy)"),
        (element("mroot", X, mi("q")), "^q√x"),
        (
            fenced("(", element("mfrac", N, mi("k"), linethickness="0"), ")"),
            "C(n, k)",
        ),
        (
            fenced("{", element("mfrac", N, mi("k"), linethickness="0"), "}"),
            "{n; k}",
        ),
    ],
)
def test_fractions_and_roots_have_parentheses_only_where_needed(
    row: str, expected: str
) -> None:
    assert linearise(math(row)) == expected


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        (
            element("munderover", SUM, mrow(N, EQUALS, mn("0")), INFINITY) + sup(X, N),
            "∑_(n=0)^∞ xⁿ",
        ),
        (
            element("munder", mo("lim", texclass="OP"), mrow(X, mo("→"), INFINITY))
            + fenced("(", X, ")"),
            "lim_(x→∞) (x)",
        ),
        (element("munder", mi("argmin"), mi("θ")) + mi("f"), "argmin_θ f"),
        (element("munder", SUM, mi("j")) + OPEN + X + CLOSE, "∑_j (x)"),
        (element("munder", SUM, table((X,), (Y,))) + N, "∑_(x, y) n"),
        (X + element("mover", EQUALS, text("def")) + Y, "x =^def y"),
        (
            X + element("munderover", mo("→"), text("a b"), mi("f")) + Y,
            "x →_(a b)^f y",
        ),
        (element("mover", X, mo("^")), "x̂"),
        (element("mover", mi("e"), mo("´")), "é"),
        (element("mover", mrow(X, Y), mo("^")), "hat(xy)"),
        (element("mover", mrow(X, Y), mo("―")), "overline(xy)"),
        (element("munder", mrow(X, Y), mo("―")), "xy"),
        (
            element("munder", element("munder", mrow(X, PLUS, Y), mo("⏟")), N),
            "(x + y)_n",
        ),
        (element("munder", X, atom()), "x"),
    ],
)
def test_limits_and_accents(row: str, expected: str) -> None:
    assert linearise(math(row)) == expected


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        (
            fenced("[", table((X, Y), (mn("1"), TWO)), "]"),
            "[x, y; 1, 2]",
        ),
        (
            mi("f") + EQUALS + fenced("{", table((X + COMMA, Y), (TWO, N)), ""),
            "f = {x, y; 2, n}",
        ),
        (
            table(
                (X, mi("") + EQUALS + Y),
                ("", mi("") + PLUS + N + COMMA),
                ("", EQUALS + TWO),
                columnalign="right left",
                columnspacing="0em",
            ),
            "x = y; + n, = 2",
        ),
        (
            table(
                (X, EQUALS + Y, N, EQUALS + TWO),
                columnalign="right left right left",
                columnspacing="0em 2em 0em",
            ),
            "x = y, n = 2",
        ),
        (table((X, mo("→"), Y), (mo("↓"), "", mo("↓"))), "x → y; ↓ ↓"),
        (
            element("mtable", element("mtr", element("mtd", X, Y))),
            "xy",
        ),
        (table((X, text("(1)")), (X, mrow(text("(2’)"))), ("",)), "x (1); x (2’)"),
        (table((X, OPEN + TWO + CLOSE), (X, text("if"))), "x, (2); x, if"),
        (X + element("mspace", linebreak="newline") + Y, "x; y"),
    ],
)
def test_tables_are_rows_and_cells(row: str, expected: str) -> None:
    assert linearise(math(row)) == expected


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        (X + element("mspace", width="1em") + Y, "x y"),
        (X + element("mspace", width="-0.167em") + Y, "xy"),
        (X + element("mspace", width="odd") + Y, "xy"),
        (X + element("mspace", width="2em") + element("mspace", width="10pt"), "x"),
        (mo("∫", texclass="OP") + mi("L") + mi("d") + X, "∫ L dx"),
        (mi("L") + mi("d") + X, "Ldx"),
        (X + element("mphantom", Y) + N, "xn"),
        (text("若\u00a0") + X + mo(">") + TWO + text(",则"), "若 x > 2,则"),
        (text("if") + X, "if x"),
        (N + text("th"), "nth"),
        (mi("NaCl", auto_op="false") + X, "NaClx"),
        (element("menclose", X, notation="box") + Y, "xy"),
        (atom(element("menclose", X, notation="box")), "x"),
        (sup(element("menclose", X, notation="box"), TWO), "x²"),
        (mi("E", mathvariant="double-struck"), "E"),
        (mi("L", mathvariant="script"), "ℒ"),
        (mrow(atom(mo("→")), atom(mo("⧸")), texclass="REL"), "↛"),
        (X + element("mspace", width="1em") + COMMA + Y, "x, y"),
    ],
)
def test_what_is_not_seen_is_not_told_and_words_stand_apart(
    row: str, expected: str
) -> None:
    assert linearise(math(row)) == expected


@settings(max_examples=100)
@given(rows())
def test_no_letter_or_digit_is_lost_and_spaces_are_single(row: str) -> None:
    line = linearise(math(row))
    assert "  " not in line
    assert line == line.strip()
    # NFKD takes small letters and accents apart again.
    shown = Counter(unicodedata.normalize("NFKD", line))
    for sign, count in Counter(re.sub(r"<[^>]*>|[^a-z0-9]", "", row)).items():
        assert shown[sign] >= count


def test_a_formula_too_deep_to_walk_is_its_tokens() -> None:
    deep = "<msqrt>" * 5_000 + "<mi>x</mi>" + "</msqrt>" * 5_000
    assert linearise(math(element("mphantom", N) + deep + Y)) == "x y"
