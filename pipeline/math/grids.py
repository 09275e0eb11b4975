"""A table of a formula as one line: matrices, cases, aligned equations, diagrams."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from xml.etree.ElementTree import Element

from pipeline.math.lengths import em_of
from pipeline.math.spacing import Kind, atoms_of
from pipeline.math.tree import tokens

Writer = Callable[[Iterable[Element]], str]

# After these a row or a column goes on without a mark of its own.
_POINTS = (",", ";", "，", "；", "、")
_SIGNS = ("+", "−", "=", "±", "×")


def grid_line(table: Element, write: Writer, *, script: bool = False) -> str:
    """Return the rows of an `<mtable>`, joined by `; `, or by `, ` within a script.

    `write` makes the line of one cell, or of two that are aligned at a sign.
    """
    aligned = is_aligned(table)
    lines = (_row_line(row, write, aligned=aligned) for row in table)
    return _joined(lines, ", " if script else "; ")


def is_aligned(table: Element) -> bool:
    """Tell whether columns are the two sides of a sign, with no space between them."""
    sides = table.get("columnalign", "").split()[:2]
    gaps = table.get("columnspacing", "1em").split()
    return sides == ["right", "left"] and em_of(gaps[0]) == 0


def _row_line(row: Element, write: Writer, *, aligned: bool) -> str:
    cells, number = _parted(row)
    if aligned:
        pairs = (cells[i : i + 2] for i in range(0, len(cells), 2))
        line = _joined((write(pair) for pair in pairs), ", ")
    else:
        line = _cells_line(cells, write)
    return f"{line} {write(number)}".strip()


def _parted(row: Element) -> tuple[Sequence[Element], Sequence[Element]]:
    cells = list(row)
    if len(cells) > 1 and _is_number(cells[-1]):
        return cells[:-1], cells[-1:]
    return cells, ()


def _is_number(cell: Element) -> bool:
    # `(1)` in a matrix is an operator and a number; an equation's is text.
    text = "".join(tokens(cell))
    kinds = [element.tag for element in cell.iter() if element.text]
    return kinds[:1] == ["mtext"] and text.startswith("(") and text.endswith(")")


def _cells_line(cells: Sequence[Element], write: Writer) -> str:
    # Arrows of a diagram stand between what they join, without a comma.
    line = ""
    joint = ""
    for cell in cells:
        text = write((cell,)).strip()
        if not text:
            continue
        if _is_relation(cell):
            joint = " "
        line = f"{line}{_joint_after(line, joint)}{text}"
        joint = " " if _is_relation(cell) else ", "
    return line


def _is_relation(cell: Element) -> bool:
    # amsmath and eqnarray set nothing beside it, for the sake of its spaces.
    kinds = {atom.kind for atom in atoms_of(cell) if any(tokens(atom.element))}
    return Kind.REL in kinds and kinds <= {Kind.REL, None}


def _joined(lines: Iterable[str], joint: str) -> str:
    joined = ""
    for line in filter(None, map(str.strip, lines)):
        joined += _joint_after(joined, joint) + line
    return joined


def _joint_after(line: str, joint: str) -> str:
    if not line:
        return ""
    return " " if line.endswith(_POINTS + _SIGNS) else joint
