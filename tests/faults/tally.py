"""How many points a test tried, and what was lost or doubled there.

`make faults` prints the tallies of its run, and puts them into the table of
docs/reliability.md, in place of those of an earlier run.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict, dataclass

from tests.faults.site import EVERY_POST_ONCE, Sent

KEYS = ("tried", "there_are", "lost", "double")
BEGIN, END = "<!-- what make faults has counted -->", "<!-- up to here -->"
HEAD = "| What the test says | points tried | of | lost | double |"
RULE = "|---|--:|--:|--:|--:|"


@dataclass(slots=True)
class Tally:
    """Of one test: points tried, those there are, and messages lost and doubled."""

    tried: int = 0
    there_are: int = 0
    lost: int = 0
    double: int = 0

    def count(self, sent: Sent, expected: Sent = EVERY_POST_ONCE) -> None:
        """Count a point at which `sent` is what every reader was sent in the end."""
        self.tried += 1
        self.lost += (expected - sent).total()
        self.double += (sent - expected).total()

    def among(self, points: int) -> None:
        """Say that there are so many points more, of which some may be tried."""
        self.there_are += points

    def record(self) -> dict[str, int]:
        """Return it as what travels between processes."""
        return asdict(self)


def table(tallies: Mapping[str, Mapping[str, int]]) -> list[str]:
    """Return the lines of a table: a test, and what it tried and found."""
    lines = [f"{'points':>8}{'of':>8}{'lost':>8}{'double':>8}"]
    for name, tally in tallies.items():
        figures = "".join(f"{tally[key]:>8,}" for key in KEYS)
        lines.append(f"{figures}  {name}")
    whole: Counter[str] = Counter()
    for name, tally in tallies.items():
        if "control" not in name:
            whole.update(tally)
    lines.append(
        f"{whole['tried']:,} points tried beside the controls: {whole['lost']:,} lost, "
        f"{whole['double']:,} double"
    )
    return lines


def put_into(page: str, tallies: Mapping[str, Mapping[str, int]]) -> str:
    """Return the page with these tallies in its table, and the others as they were."""
    lines = page.splitlines()
    begin, end = lines.index(BEGIN) + 1, lines.index(END)
    rows = {name: row for row in lines[begin:end] if (name := name_of(row))}
    for name, tally in tallies.items():
        figures = " | ".join(f"{tally[key]:,}" for key in KEYS)
        rows[name] = f"| {name} | {figures} |"
    # The controls last.
    names = sorted(rows, key=lambda name: ("control" in name, name))
    lines[begin:end] = [HEAD, RULE, *(rows[name] for name in names)]
    return "\n".join(lines) + "\n"


def name_of(row: str) -> str:
    """Return the name of the test that a row of the table tells of; none: its head."""
    name = row.split("|")[1].strip() if row.startswith("| ") else ""
    return "" if row == HEAD else name
