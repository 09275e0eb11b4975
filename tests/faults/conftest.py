"""The site that is broken, who runs it, and the table of what came of it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from queue import SimpleQueue

import pytest

from tests.command import ROOT
from tests.faults.bench import AT_ONCE, Bench
from tests.faults.points import WHOLE
from tests.faults.scratch import scratch
from tests.faults.site import prepare_site
from tests.faults.tally import Tally, put_into, table
from tests.faults.trials import Trials

RELIABILITY = ROOT / "docs" / "reliability.md"

_tallies: dict[str, dict[str, int]] = {}


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a site with everything to do and nothing done."""
    return prepare_site(tmp_path_factory.mktemp("prepared") / "site")


@pytest.fixture
def tmp_path() -> Iterator[Path]:
    with scratch() as folder:
        yield folder


@pytest.fixture(scope="session")
def servers() -> Iterator[SimpleQueue[Trials]]:
    queue: SimpleQueue[Trials] = SimpleQueue()
    with ExitStack() as running:
        for _ in range(AT_ONCE):
            queue.put(running.enter_context(Trials()))
        yield queue


@pytest.fixture(scope="session")
def bench(site: Path, servers: SimpleQueue[Trials]) -> Iterator[Bench]:
    with scratch() as folder:
        yield Bench(site, servers, folder)


@pytest.fixture
def tally(request: pytest.FixtureRequest) -> Iterator[Tally]:
    """Give what counts the points that this test tries."""
    counted = Tally()
    yield counted
    request.node.user_properties.append(("tally", counted.record()))


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    found = dict(report.user_properties).get("tally")
    if report.when == "teardown" and isinstance(found, dict):
        name = report.nodeid.rpartition("::")[2].removeprefix("test_")
        _tallies[name.replace("_", " ")] = found


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    if _tallies:
        terminalreporter.section("faults")
        for line in table(_tallies):
            terminalreporter.write_line(line)
        if WHOLE:
            RELIABILITY.write_text(put_into(RELIABILITY.read_text(), _tallies))
