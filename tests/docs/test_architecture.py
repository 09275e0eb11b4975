"""ARCHITECTURE.md describes the house that stands: packages, states, files."""

from __future__ import annotations

import re

import pytest

from pipeline.digest.issue import ISSUE_TRANSITIONS, IssueState
from pipeline.outbox.batch import BATCH_STATES, BatchState
from tests.docs.documents import ROOT, document, spans

PAGE = document("ARCHITECTURE.md")
LONGEST = 180
PACKAGES = [init.parent.name for init in (ROOT / "pipeline").glob("*/__init__.py")]
FILES = [
    span
    for span in spans(PAGE)
    if re.match(
        r"(pipeline|tests|docs|templates)/|outbox/README|\w+\.(toml|yaml)$", span
    )
]


def rows(heading: str) -> list[list[str]]:
    """Return the cells of the table that follows a text, without its header."""
    table = PAGE.partition(heading)[2].partition("\n\n")[2].partition("\n\n")[0]
    lines = table.splitlines()[2:]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]


@pytest.mark.parametrize("package", PACKAGES)
def test_every_package_is_described(package: str) -> None:
    assert f"\n| `{package}` | " in PAGE


def test_every_pipe_has_its_folder_told() -> None:
    (told,) = (cells[1] for cells in rows("## The packages") if cells[0] == "`runs`")
    folders = (ROOT / "pipeline" / "runs").glob("*/__init__.py")
    assert {folder.parent.name for folder in folders} <= set(spans(told))


def test_packages_stand_in_the_order_of_their_layers() -> None:
    contract = document("pyproject.toml").partition("\nlayers = [")[2].partition("]")[0]
    layers = [re.findall(r"\w+", line) for line in contract.splitlines()]
    rank = {name: -n for n, layer in enumerate(layers) for name in layer}
    described = [cells[0].strip("`") for cells in rows("## The packages")]
    assert [rank[name] for name in described] == sorted(
        rank[name] for name in described
    )


@pytest.mark.parametrize("path", sorted(set(FILES)))
def test_every_file_that_is_named_exists(path: str) -> None:
    assert (ROOT / path).exists()


def test_files_are_named() -> None:
    assert len(FILES) > 30


@pytest.mark.parametrize("state", IssueState)
def test_every_state_of_an_issue_is_told_with_what_it_may_become(
    state: IssueState,
) -> None:
    told = {cells[0]: cells[2] for cells in rows("An **issue**")}
    may_become = {row.to for row in ISSUE_TRANSITIONS if row.state is state}
    assert set(re.findall(r"`(\w+)`", told[f"`{state}`"])) == may_become


@pytest.mark.parametrize("state", BatchState)
def test_every_state_of_a_batch_is_told_with_what_it_may_become(
    state: BatchState,
) -> None:
    told = {cells[0]: cells[3] for cells in rows("A **batch**")}
    may_become = {row.to for row in BATCH_STATES if row.state is state and row.to}
    assert set(re.findall(r"`(\w+)`", told[f"`{state}`"])) == may_become


def test_it_stays_short() -> None:
    assert len(PAGE.splitlines()) < LONGEST
