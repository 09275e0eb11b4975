"""The space around operators, written out: browsers judge by the sign alone.

MathML Core takes it from a table of signs (section 3.2.4), so that `max(` has a gap,
`log x` none, `= −x` too much, and indices are as wide as lines. Here each operator
gets the space that TeX sets, and a space is put where no operator can carry it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from xml.etree.ElementTree import Element

from pipeline.math.lengths import as_em
from pipeline.math.spacing import Atom, Gap, atoms_of, gap_between
from pipeline.math.styles import styles_of
from pipeline.math.tree import CLASS, LAYERS, ROWS, core_of

# What Core's table gives no space either.
_UNSPACED = frozenset("()[]{}⌊⌋⌈⌉⟨⟩")


def space_operators(root: Element) -> None:
    """Write the space beside every operator of the tree into it."""
    parents = {child: element for element in root.iter() for child in element}
    styles = styles_of(root)
    for row in list(_rows(root, parents)):
        atoms = [atom for atom in atoms_of(row) if atom.kind is not None]
        _space_row(atoms, parents, is_script=styles[row[0]].level > 0)


def _rows(
    root: Element, parents: dict[Element, Element]
) -> Iterator[Sequence[Element]]:
    # What spacing.atoms_of sees through belongs to the row around it.
    for element in root.iter():
        parent = parents.get(element)
        if not len(element) or element.tag not in ROWS:
            continue
        is_layer = element.tag in LAYERS and not (
            element.tag == "mrow" and CLASS in element.attrib
        )
        if not is_layer or parent is None or parent.tag not in ROWS:
            yield list(element)


def _space_row(
    atoms: Sequence[Atom], parents: dict[Element, Element], *, is_script: bool
) -> None:
    before = [Gap.NONE for _ in atoms]
    after = list(before)
    for place, (left, right) in enumerate(pairwise(atoms), 1):
        gap = gap_between(left.kind, right.kind, script=is_script)
        if _operator_of(right) is not None:
            before[place] = gap
        elif _operator_of(left) is not None:
            after[place - 1] = gap
        elif gap:
            _insert_space(gap, right.element, parents)
    if len(atoms) > 1:
        for atom, lspace, rspace in zip(atoms, before, after, strict=True):
            _write(atom, lspace, rspace)


def _operator_of(atom: Atom) -> Element | None:
    core = core_of(atom.element)
    return core if core.tag == "mo" else None


def _write(atom: Atom, before: Gap, after: Gap) -> None:
    operator = _operator_of(atom)
    if operator is None or "lspace" in operator.attrib:
        return
    if (before, after) == (Gap.NONE, Gap.NONE) and operator.text in _UNSPACED:
        return
    operator.set("lspace", _width(before))
    operator.set("rspace", _width(after))


def _width(gap: Gap) -> str:
    return as_em((0, 3, 4, 5)[gap] / 18)


def _insert_space(gap: Gap, element: Element, parents: dict[Element, Element]) -> None:
    parent = parents[element]
    space = Element("mspace", {"width": _width(gap)})
    parent.insert(list(parent).index(element), space)
    parents[space] = parent
