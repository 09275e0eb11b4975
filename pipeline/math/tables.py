"""`<mtable>` as CSS: alignment, the space between cells and lines, which Core lacks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from xml.etree.ElementTree import Element

from pipeline.math.lengths import as_em, em_of

_LINES: Final = {"solid": "0.06em solid", "dashed": "0.06em dashed"}
# Chromium heeds the second alone, which for others is nothing.
_SIDES: Final = {
    "left": ("text-align:left", "justify-items:start"),
    "right": ("text-align:right", "justify-items:end"),
}
_STRUT: Final = {"height": "0.7em", "depth": "0.3em"}
_FRAME_PADDING = "0.25em 0.5em"


@dataclass(frozen=True, slots=True)
class _Axis:
    """The gaps (em) and lines after each of a table's columns, or of its rows.

    The last one written holds for all that follow (MathML 3, section 3.5.1).
    """

    gaps: Sequence[str]
    lines: Sequence[str]
    size: int

    def half_gaps(self, place: int) -> tuple[str, str]:
        """Return the padding before and after the cell at `place`."""
        before = self._half(place - 1) if place else "0"
        after = self._half(place) if place < self.size - 1 else "0"
        return before, after

    def line_after(self, place: int) -> str | None:
        """Return the CSS of the line after the cell at `place`."""
        is_last = place >= self.size - 1
        return None if is_last else _LINES.get(_at(self.lines, place))

    def _half(self, place: int) -> str:
        return as_em((em_of(_at(self.gaps, place)) or 0) / 2)


def style_table(table: Element) -> None:
    """Write what the attributes of `table` say into the styles of its cells."""
    _add_style(table, _table_rules(table))
    if "data-mjx-smallmatrix" in table.attrib:
        table.set("scriptlevel", "+1")
    size = max((len(row) for row in table), default=0)
    columns = _Axis(
        _listed(table, "columnspacing", "0.8em"),
        _listed(table, "columnlines", "none"),
        size,
    )
    rows = _Axis(
        _listed(table, "rowspacing", "1ex"),
        _listed(table, "rowlines", "none"),
        len(table),
    )
    for place, row in enumerate(table):
        for column, cell in enumerate(row):
            across, down = columns.half_gaps(column), rows.half_gaps(place)
            padding = f"{down[0]} {across[1]} {down[1]} {across[0]}"
            side = _at(_sides(table, row, cell), 0 if _is_own(cell) else column)
            rules = [f"padding:{padding}", *_SIDES.get(side, ())]
            rules += _line_rules(columns.line_after(column), rows.line_after(place))
            _add_style(cell, rules)
        if len(row):
            # Rows of low letters are as far apart as others: TeX's \\strut.
            row[0].append(Element("mspace", _STRUT))


def _table_rules(table: Element) -> list[str]:
    rules = []
    if table.get("width") == "100%":
        rules.append("width:100%")
    if line := _LINES.get(table.get("frame", "none")):
        rules += [f"border:{line}", f"padding:{_FRAME_PADDING}"]
    return rules


def _line_rules(right: str | None, bottom: str | None) -> list[str]:
    sides = (("right", right), ("bottom", bottom))
    return [f"border-{side}:{line}" for side, line in sides if line]


def _is_own(cell: Element) -> bool:
    return "columnalign" in cell.attrib


def _sides(table: Element, row: Element, cell: Element) -> Sequence[str]:
    for element in (cell, row):
        if "columnalign" in element.attrib:
            return _listed(element, "columnalign", "center")
    return _listed(table, "columnalign", "center")


def _listed(element: Element, name: str, otherwise: str) -> Sequence[str]:
    return element.get(name, "").split() or [otherwise]


def _at(listed: Sequence[str], place: int) -> str:
    return listed[min(place, len(listed) - 1)]


def _add_style(element: Element, rules: Sequence[str]) -> None:
    if rules:
        element.set("style", ";".join(rules))
