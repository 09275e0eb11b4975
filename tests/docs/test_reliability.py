"""docs/reliability.md counts what tests there are, and none of it is bad."""

from __future__ import annotations

import re
from pathlib import Path

from tests.faults.tally import BEGIN, END, HEAD, name_of, put_into

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "reliability.md"
ROW = re.compile(r"\| (?P<name>.+?) \| (?P<figures>[\d,]+(?: \| [\d,]+){3}) \|")


def rows() -> list[re.Match[str]]:
    counted = PAGE.read_text(encoding="utf-8").partition(BEGIN)[2].partition(END)[0]
    return list(ROW.finditer(counted))


def figures(row: re.Match[str]) -> list[int]:
    return [int(figure.replace(",", "")) for figure in row["figures"].split(" | ")]


def test_every_row_is_of_a_test_there_is() -> None:
    source = "".join(
        path.read_text(encoding="utf-8")
        for path in (ROOT / "tests" / "faults").glob("test_*.py")
    )
    assert rows()
    for row in rows():
        name = row["name"].partition("[")[0].replace(" ", "_")
        assert f"def test_{name}(" in source


def test_nothing_is_lost_or_double_but_with_the_controls() -> None:
    for row in rows():
        _, _, lost, double = figures(row)
        is_control = "control" in row["name"]
        assert (lost + double > 0) == is_control, row["name"]


def test_a_new_run_takes_the_place_of_an_old_one() -> None:
    page = f"Words.\n{BEGIN}\n{END}\nMore.\n"
    kill = {"tried": 1_200, "there_are": 1_300, "lost": 0, "double": 0}
    control = {"tried": 3, "there_are": 4, "lost": 2, "double": 0}
    page = put_into(page, {"the control": control, "a kill": kill})
    page = put_into(page, {"a kill": kill | {"tried": 1_300}})
    lines = page.splitlines()
    assert lines[2] == HEAD
    assert lines[4:6] == [
        "| a kill | 1,300 | 1,300 | 0 | 0 |",
        "| the control | 3 | 4 | 2 | 0 |",
    ]
    assert [name_of(line) for line in lines[2:6]] == [
        "",
        "",
        "a kill",
        "the control",
    ]
