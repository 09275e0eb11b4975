"""docs/monitoring.md tells every event of the log, and none that is gone."""

from __future__ import annotations

import inspect
import re

from pipeline.runs.events import Events
from tests.docs.documents import ROOT, document

PAGE = document("docs/monitoring.md")


def rows(heading: str) -> list[str]:
    """Return the names that begin the rows of the table below a heading."""
    part = PAGE.split(f"\n## {heading}\n")[1].split("\n## ")[0]
    return re.findall(r"^\| `([^`]+)` \|", part, re.MULTILINE)


def test_every_event_is_told() -> None:
    methods = inspect.getmembers(Events, inspect.isfunction)
    events = {name for name, _ in methods if not name.startswith("_")}
    assert set(rows("The log")) == events
    assert len(rows("The log")) == len(events)


def test_the_lines_shown_are_lines_of_the_log() -> None:
    golden = ROOT / "tests" / "runs" / "golden"
    text, told = PAGE.split("```")[1].strip().splitlines()
    assert text in (golden / "events.text").read_text("utf-8").splitlines()
    assert told in (golden / "events.json").read_text("utf-8").splitlines()
