"""MathML Core: what browsers read of MathJax's MathML, construction by construction."""

from __future__ import annotations

import re
from xml.etree.ElementTree import Element, fromstring

import pytest
from hypothesis import given, settings

from pipeline.math.mathml import NAMESPACE, core_mathml
from pipeline.math.tree import read
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
    math,
    mi,
    mo,
    mrow,
    table,
)

SUM = mo("∑", texclass="OP")


def core(row: str, *, display: bool = False) -> str:
    """What stands within the `<math>`."""
    written = core_mathml(math(row, display=display))
    return written[written.index(">") + 1 : written.rindex("<")]


def root_of(row: str) -> Element:
    return read(core_mathml(math(row)))


def spaces(row: str) -> list[tuple[str | None, str | None, str | None]]:
    """Each operator with the space written before and after it."""
    found = root_of(row).iter("mo")
    return [(mo.text, mo.get("lspace"), mo.get("rspace")) for mo in found]


def test_a_formula_is_one_element_with_namespace_display_and_words() -> None:
    mathml = core_mathml(math(X, display=True), alttext='a < "b"')
    root = fromstring(mathml)
    assert root.tag == f"{{{NAMESPACE}}}math"
    assert (root.get("display"), root.get("alttext")) == ("block", 'a < "b"')
    assert "\n" not in mathml
    inline = read(core_mathml(math(X)))
    assert "display" not in inline.attrib
    assert "alttext" not in inline.attrib


@pytest.mark.parametrize(
    ("token", "expected"),
    [
        (X, "<mi>x</mi>"),
        (mi("Γ", mathvariant="normal"), '<mi mathvariant="normal">Γ</mi>'),
        (mi("x", mathvariant="italic"), "<mi>x</mi>"),
        (mi("R", mathvariant="double-struck"), "<mi>ℝ</mi>"),
        (mi("diff", mathvariant="italic"), "<mi>𝑑𝑖𝑓𝑓</mi>"),
        (element("mn", "10", mathvariant="bold"), "<mn>𝟏𝟎</mn>"),
        (mo("+", mathvariant="bold"), '<mo style="font-weight:bold">+</mo>'),
        (
            element("mtext", "粗 b", mathvariant="bold"),
            '<mtext style="font-weight:bold">粗 b</mtext>',
        ),
        (element("ms", "a &amp; &lt;"), "<ms>a &amp; &lt;</ms>"),
    ],
)
def test_letters_carry_their_style_themselves(token: str, expected: str) -> None:
    assert core(token) == expected


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        (X + EQUALS + MINUS + Y, [("=", "0.278em", "0"), ("−", "0.278em", "0")]),
        (X + PLUS + Y, [("+", "0.222em", "0.222em")]),
        (X + COMMA + Y, [(",", "0", "0.167em")]),
        (
            mo("max", texclass="OP") + OPEN + X + CLOSE,
            [("max", "0", "0"), ("(", None, None), (")", None, None)],
        ),
        (
            mi("p") + OPEN + X + mo("|", texclass="ORD") + Y + CLOSE,
            [("(", None, None), ("|", "0", "0"), (")", None, None)],
        ),
        (element("msub", X, mrow(N, EQUALS, TWO)), [("=", "0", "0")]),
        (element("mfrac", mrow(N, EQUALS, TWO), X), [("=", "0", "0")]),
        (
            element(
                "mstyle", element("mfrac", mrow(N, PLUS, TWO), X), displaystyle="true"
            ),
            [("+", "0.222em", "0.222em")],
        ),
        (
            element("mstyle", X, PLUS, Y, scriptlevel="odd"),
            [("+", "0.222em", "0.222em")],
        ),
        (
            element("mstyle", X, PLUS, Y, scriptlevel="+1"),
            [("+", "0", "0")],
        ),
        (element("mroot", X, mrow(N, PLUS, TWO)), [("+", "0", "0")]),
        (
            X + element("munder", EQUALS, TWO) + Y,
            [("=", "0.278em", "0.278em")],
        ),
        (
            X + mo("mod", lspace="thickmathspace", rspace="thickmathspace") + Y,
            [("mod", "0.278em", "0.278em")],
        ),
        (EQUALS, [("=", None, None)]),
        (X + mo("\u2062") + Y, []),
    ],
)
def test_operators_have_the_space_of_tex(
    row: str, expected: list[tuple[str, str | None, str | None]]
) -> None:
    assert spaces(row) == expected


def test_where_no_operator_stands_between_a_space_is_put() -> None:
    apply = mo("\u2061", texclass="NONE")
    assert core(mi("log") + apply + X) == (
        '<mi>log</mi><mspace width="0.167em"></mspace><mi>x</mi>'
    )
    assert core(mi("log") + apply + OPEN + X + CLOSE) == (
        "<mi>log</mi><mo>(</mo><mi>x</mi><mo>)</mo>"
    ).replace("<mo>", '<mo stretchy="false">')


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        (atom(atom(X)), X),
        (atom(), ""),
        (mi("") + X, X),
        (element("msup", atom(X), atom(TWO)), element("msup", X, TWO)),
        (element("msup", atom(), TWO), element("msup", mrow(), TWO)),
        (
            element("mmultiscripts", X, "<none></none>", TWO),
            element("mmultiscripts", X, mrow(), TWO),
        ),
        (mrow(mo("/"), texclass="ORD"), mrow(mo("/"))),
        (
            element("mstyle", element("mspace", width="1em"), scriptlevel="0"),
            element("mspace", width="1em"),
        ),
        (element("mstyle", X, **{"data-cramped": "false"}), X),
        (
            element("mstyle", X, displaystyle="true"),
            element("mstyle", X, displaystyle="true"),
        ),
    ],
)
def test_groups_that_have_no_part_any_more_are_left_out(
    row: str, expected: str
) -> None:
    assert core(row) == expected


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        (
            element("mover", X, mo("˙")),
            element("mover", X, mo("˙"), accent="true"),
        ),
        (
            element("mover", X, mo("^", stretchy="false")),
            element("mover", X, mo("^", stretchy="false"), accent="true"),
        ),
        (
            element("mover", mrow(X, Y), mo("^")),
            element("mover", mrow(X, Y), mo("\u0302"), accent="true"),
        ),
        (
            element("mover", X, mo("→", stretchy="false")),
            element("mover", X, mo("→", stretchy="false")),
        ),
        (
            element("munder", mrow(X, Y), mo("⏟")),
            element("munder", mrow(X, Y), mo("⏟"), accentunder="true"),
        ),
        (
            element("mover", mrow(X, Y), mo("―", accent="true")),
            mrow(mrow(X, Y), style="border-top:0.06em solid"),
        ),
        (
            element("munder", mrow(X, Y), mo("―")),
            mrow(mrow(X, Y), style="border-bottom:0.06em solid"),
        ),
        (
            element("mover", X, mo("\u20db")),
            element("mover", X, mo("..."), accent="true"),
        ),
        (element("munder", SUM, N), element("munder", mo("∑"), N)),
        (element("mover", EQUALS, Y), element("mover", EQUALS, Y)),
    ],
)
def test_accents_are_named_as_such(row: str, expected: str) -> None:
    assert core(row) == expected


def test_fences_stretch_and_arrows_are_as_long_as_what_stands_below() -> None:
    assert core(mo("|")) == '<mo stretchy="true">|</mo>'
    assert core(mo("∣")) == '<mo stretchy="false">∣</mo>'
    assert core(mo("⧸")) == "<mo>/</mo>"
    arrow = '<mo stretchy="true">→</mo><mspace width="3.873em"></mspace>'
    labelled = element("mover", mo("→", minsize="2.75em"), N)
    assert core(labelled) == f"<munderover>{arrow}<mi>n</mi></munderover>"
    assert core(mo("→", minsize="2.75em")) == f"<munder>{arrow}</munder>"


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        (
            element("mpadded", X, width="+1em", lspace="0.25em", voffset=".1em"),
            mrow(
                element("mspace", width="0.25em"), X, element("mspace", width="0.75em")
            ),
        ),
        (
            element("mpadded", X, width="0", lspace="-1width"),
            element(
                "mpadded",
                mrow(X, style="transform:translateX(-100%)"),
                width="0",
            ),
        ),
        (
            element("mpadded", X, height="+3pt", depth="-3pt", voffset="+3pt"),
            element("mpadded", X, style="padding-top:0.25em", voffset="0.25em"),
        ),
        (
            element("mpadded", X, height="0.5height", depth="odd"),
            X,
        ),
        (
            element("mpadded", X, lspace="2mu", height="0"),
            element("mpadded", X, height="0", lspace="0.111em"),
        ),
        (
            element("mspace", width="-0.167em"),
            element("mspace", style="margin-left:-0.167em"),
        ),
        (
            element("mspace", width="1em", height="1ex", mathbackground="black"),
            element(
                "mspace",
                style="background:currentColor",
                width="1em",
                height="0.442em",
            ),
        ),
        (element("mspace", linebreak="newline", depth="-1em"), element("mspace")),
    ],
)
def test_padding_is_absolute(row: str, expected: str) -> None:
    assert attributes_sorted(core(row)) == attributes_sorted(expected)


def attributes_sorted(fragment: str) -> list[tuple[str, dict[str, str]]]:
    return [(e.tag, dict(e.attrib)) for e in fromstring(f"<r>{fragment}</r>").iter()]


def styles(row: str, tag: str = "mtd") -> list[str]:
    return [element.get("style", "") for element in root_of(row).iter(tag)]


def test_cells_are_padded_by_half_of_each_gap_and_aligned() -> None:
    cells = styles(
        table(
            (X, Y, N),
            (X, Y, N),
            columnalign="right left",
            columnspacing="0em 2em",
            rowspacing="4pt",
        )
    )
    assert cells == [
        "padding:0 0 0.167em 0;text-align:right;justify-items:end",
        "padding:0 1em 0.167em 0;text-align:left;justify-items:start",
        "padding:0 0 0.167em 1em;text-align:left;justify-items:start",
        "padding:0.167em 0 0 0;text-align:right;justify-items:end",
        "padding:0.167em 1em 0 0;text-align:left;justify-items:start",
        "padding:0.167em 0 0 1em;text-align:left;justify-items:start",
    ]


def test_rows_and_cells_may_be_aligned_by_themselves() -> None:
    cell = element("mtd", X, columnalign="left")
    row = element("mtr", element("mtd", X), element("mtd", X), columnalign="right left")
    sides = [
        re.findall(r"text-align:(\w+)", style)
        for style in styles(
            element(
                "mtable", element("mtr", cell, element("mtd", X)), row, element("mtr")
            )
        )
    ]
    assert sides == [["left"], [], ["right"], ["left"]]


def test_lines_and_frames_are_borders() -> None:
    framed = table(
        (X, Y),
        (X, Y),
        columnlines="dashed",
        rowlines="solid",
        frame="solid",
        width="100%",
    )
    assert styles(framed, "mtable") == [
        "width:100%;border:0.06em solid;padding:0.25em 0.5em"
    ]
    first, second, third, fourth = styles(framed)
    assert "border-right:0.06em dashed;border-bottom:0.06em solid" in first
    assert "border-right" not in second
    assert "border-bottom" not in third
    assert "border" not in fourth
    assert not any("border" in style for style in styles(table((X, Y), columnlines="")))


def test_a_row_is_at_least_as_high_as_a_line() -> None:
    written = core(table((X, N)))
    assert re.sub(r' style="[^"]*"', "", written) == (
        '<mtable><mtr><mtd><mi>x</mi><mspace height="0.7em" depth="0.3em"></mspace>'
        "</mtd><mtd><mi>n</mi></mtd></mtr></mtable>"
    )


def test_a_small_matrix_is_set_as_a_script() -> None:
    small = element("mtable", **{"data-mjx-smallmatrix": "true"})
    assert core(small) == '<mtable scriptlevel="+1"></mtable>'


@pytest.mark.parametrize(
    ("notation", "expected"),
    [
        ("box", ["border:0.06em solid", "padding:0.2em"]),
        ("roundedbox", ["border-radius:0.3em"]),
        ("circle", ["border-radius:50%"]),
        ("left right", ["border-left:0.06em solid", "border-right:0.06em solid"]),
        ("actuarial", ["border-top:0.06em solid", "border-right:0.06em solid"]),
        ("", ["border-top-left-radius", "border-left"]),
        ("updiagonalstrike", ["background:linear-gradient(to bottom right"]),
        ("downdiagonalstrike", ["background:linear-gradient(to bottom left"]),
        ("horizontalstrike", ["0 50%/100% 0.06em no-repeat"]),
        ("updiagonalarrow northeastarrow", ["100% 0/0.3em 0.06em no-repeat"]),
        ("phasorangle", ["border-bottom", "padding-left:0.6em", "0.5em 100%"]),
    ],
)
def test_enclosures_are_drawn_by_styles(notation: str, expected: list[str]) -> None:
    (style,) = styles(element("menclose", X, Y, notation=notation), "mrow")
    assert [part for part in expected if part not in style] == []


def test_an_unknown_enclosure_draws_nothing() -> None:
    assert core(element("menclose", X, notation="cloud")) == X


@pytest.mark.parametrize(
    ("attribute", "value", "kept"),
    [
        ("href", "https://example.org/a?b", True),
        ("href", "mailto:me@example.org", True),
        ("href", "javascript:alert(1)", False),
        ("href", "#mjx-eqn%3A1", False),
        ("href", " data:text/html,x", False),
        ("id", "mjx-eqn:1", False),
        ("class", "MathJax_ref", False),
        ("data-latex", "x", False),
        ("onclick", "alert(1)", False),
        ("mathcolor", "#0a0", True),
        ("mathcolor", "red", True),
        ("mathcolor", "url(https://example.org)", False),
        ("mathsize", "1.2em", True),
        ("style", "color:green", True),
        ("style", "opacity:0.5;transform:rotate(45deg)", True),
        ("style", "border:2px solid rgb(1, 2, 3)", True),
        ("style", "position:fixed;top:0", False),
        ("style", "background:url(https://example.org/x.png)", False),
        ("style", "color:expression(alert(1))", False),
    ],
)
def test_attributes_are_those_that_harm_nobody(
    attribute: str, value: str, kept: bool
) -> None:
    root = root_of(element("mi", "x", **{attribute: value}))
    (token,) = root.iter("mi")
    assert token.attrib == ({attribute: value} if kept else {})


def test_any_depth_is_taken() -> None:
    deep = "<msqrt>" * 5_000 + "<mi>x</mi>" + "</msqrt>" * 5_000
    assert core(deep) == deep


@settings(max_examples=100)
@given(rows())
def test_every_result_is_the_same_twice_and_loses_no_letter(row: str) -> None:
    mathml = core_mathml(math(row))
    assert mathml == core_mathml(math(row))
    for token in ("mi", "mn", "mtext"):
        told = "".join(e.text or "" for e in read(mathml).iter(token))
        assert told == "".join(e.text or "" for e in read(math(row)).iter(token))


@settings(max_examples=50)
@given(rows())
def test_no_element_has_more_or_fewer_parts_than_it_may(row: str) -> None:
    parts = {"msub": 2, "msup": 2, "mfrac": 2, "mroot": 2, "munder": 2, "mover": 2}
    for found in root_of(row).iter():
        assert len(found) == parts.get(found.tag, len(found))
