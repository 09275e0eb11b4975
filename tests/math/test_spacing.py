"""TeX's atoms: what class a sign has, when minus is a sign, what stands between."""

from __future__ import annotations

from xml.etree.ElementTree import fromstring

import pytest

from pipeline.math.spacing import Gap, Kind, atoms_of, gap_between, kind_of
from tests.math.samples import (
    CLOSE,
    COMMA,
    EQUALS,
    MINUS,
    OPEN,
    PLUS,
    X,
    Y,
    element,
    fenced,
    mi,
    mo,
    mrow,
)


@pytest.mark.parametrize(
    ("written", "kind"),
    [
        ("<mi>x</mi>", Kind.ORD),
        ("<mi>sin</mi>", Kind.OP),
        (mi("NaCl", auto_op="false"), Kind.ORD),
        ("<mtext>if</mtext>", Kind.ORD),
        (mo("∑"), Kind.OP),
        (mo("⨁"), Kind.OP),
        (mo("+"), Kind.BIN),
        (mo("⋅"), Kind.BIN),
        (mo("="), Kind.REL),
        (mo(":"), Kind.REL),
        (mo("⟹"), Kind.REL),
        (mo("⪯"), Kind.REL),
        (mo("∥"), Kind.REL),
        (mo("mod"), Kind.REL),
        (mo("("), Kind.OPEN),
        (mo("⟨"), Kind.OPEN),
        (mo("⌉"), Kind.CLOSE),
        (mo("!"), Kind.CLOSE),
        (mo(","), Kind.PUNCT),
        (mo("⋯"), Kind.INNER),
        (mo("|"), Kind.ORD),
        (mo("—"), Kind.ORD),
        (mo("...."), Kind.ORD),
        (mo(""), Kind.ORD),
        (mo("\u2061"), None),
        (mo(":", texclass="PUNCT"), Kind.PUNCT),
        (mo("x", texclass="NONE"), None),
        (mrow(X, texclass="VCENTER"), Kind.ORD),
        (element("mspace"), None),
        (element("munder", EQUALS, X), Kind.REL),
        (element("msub", element("mstyle"), X), Kind.ORD),
        (element("mphantom", EQUALS), Kind.REL),
        (fenced("(", X, ")"), Kind.INNER),
        (element("mfrac", X, Y), Kind.ORD),
    ],
)
def test_every_atom_has_a_class(written: str, kind: Kind | None) -> None:
    assert kind_of(fromstring(written)) is kind


@pytest.mark.parametrize(
    ("row", "kind"),
    [
        (X + MINUS + Y, Kind.BIN),
        (MINUS + Y, Kind.ORD),
        (X + EQUALS + MINUS + Y, Kind.ORD),
        (X + COMMA + MINUS + Y, Kind.ORD),
        (OPEN + MINUS + Y, Kind.ORD),
        (X + PLUS + MINUS + Y, Kind.ORD),
        (X + MINUS + EQUALS, Kind.ORD),
        (OPEN + X + MINUS + CLOSE, Kind.ORD),
        (X + MINUS, Kind.ORD),
        (X + element("mstyle", MINUS + Y), Kind.BIN),
        (X + element("mspace") + MINUS + Y, Kind.BIN),
    ],
)
def test_an_operator_without_an_operand_is_a_sign(row: str, kind: Kind) -> None:
    atoms = atoms_of(list(fromstring(f"<mrow>{row}</mrow>")))
    assert [atom.kind for atom in atoms if atom.element.text == "−"] == [kind]


@pytest.mark.parametrize(
    ("left", "right", "gap", "in_script"),
    [
        (Kind.ORD, Kind.ORD, Gap.NONE, Gap.NONE),
        (Kind.ORD, Kind.REL, Gap.THICK, Gap.NONE),
        (Kind.BIN, Kind.OPEN, Gap.MEDIUM, Gap.NONE),
        (Kind.OP, Kind.ORD, Gap.THIN, Gap.THIN),
        (Kind.OP, Kind.OPEN, Gap.NONE, Gap.NONE),
        (Kind.PUNCT, Kind.ORD, Gap.THIN, Gap.NONE),
        (Kind.INNER, Kind.OP, Gap.THIN, Gap.THIN),
        (Kind.REL, Kind.REL, Gap.NONE, Gap.NONE),
        (None, Kind.REL, Gap.NONE, Gap.NONE),
        (Kind.REL, None, Gap.NONE, Gap.NONE),
    ],
)
def test_gaps_are_those_of_the_texbook(
    left: Kind | None, right: Kind | None, gap: Gap, in_script: Gap
) -> None:
    assert gap_between(left, right) is gap
    assert gap_between(left, right, script=True) is in_script
