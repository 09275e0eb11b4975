"""What is wrong is told once, and again only when it is mended."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from pipeline.base.errors import OutputError
from pipeline.base.faults import Fault
from pipeline.daemon.tidings import Tidings
from pipeline.runs.events import Events
from pipeline.runs.report import Report, SiteReport

FAULT = Fault(path="content/a.md", line=3, what="no date", remedy="give it one")


class Names:
    """A log that remembers which events it was told."""

    def __init__(self) -> None:
        self.told: list[str] = []

    def info(self, event: str, **fields: Any) -> None:
        self.told.append(event)

    warning = error = info

    def take(self) -> list[str]:
        told, self.told = self.told, []
        return told


def test_a_pass_that_did_nothing_is_not_told() -> None:
    names = Names()
    Tidings(Events(names)).tell(Report(), 0.1)
    assert names.take() == []


def test_a_pass_that_wrote_is() -> None:
    names, folder = Names(), Path("content")
    written = SiteReport(site="site", folder=folder, written=(folder / "rss.xml",))
    Tidings(Events(names)).tell(Report(sites=[written]), 0.1)
    assert names.take() == ["pass_done"]


def test_a_fault_is_told_once_and_when_it_is_mended() -> None:
    names = Names()
    tidings = Tidings(Events(names))
    for _ in range(3):
        tidings.tell(Report(faults=[FAULT]), 0.1)
    assert names.take() == ["fault_found", "pass_done"]
    tidings.tell(Report(), 0.1)
    assert names.take() == ["fault_mended", "pass_done"]


def test_so_is_an_error_and_a_note_is_told_once() -> None:
    names = Names()
    tidings = Tidings(Events(names))
    report = Report(errors=[OutputError("the disk is full")], notes=["nobody reads"])
    tidings.tell(report, 0.1)
    tidings.tell(report, 0.1)
    assert names.take() == ["error_found", "noted", "pass_done"]
    tidings.tell(Report(), 0.1)
    assert names.take() == ["error_mended", "pass_done"]
