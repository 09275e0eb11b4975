"""docs/errors.md knows every error, its status, and the words it is told in."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

import pytest

from pipeline.base import errors
from pipeline.base.errors import FaultyError, PressroomError
from pipeline.cli.main import EPILOG
from tests.docs.documents import ROOT, document

PAGE = document("docs/errors.md")
TABLED = re.findall(r"^\| (\d+) \| (?:`(\w+)`)? ?\|", PAGE, re.MULTILINE)


def family(error: type[PressroomError]) -> Iterator[type[PressroomError]]:
    yield error
    for child in error.__subclasses__():
        if child.__module__ == errors.__name__:
            yield from family(child)


# FaultyError is what ConfigError and ContentError share; nobody raises it.
FAMILY = [error for error in family(PressroomError) if error is not FaultyError]


@pytest.mark.parametrize("error", FAMILY, ids=lambda error: error.__name__)
def test_every_error_stands_in_the_table_with_its_status(
    error: type[PressroomError],
) -> None:
    assert (str(error.exit_status), error.__name__) in TABLED


def test_the_table_names_no_error_that_is_gone() -> None:
    named = {name for _, name in TABLED if name}
    assert named == {error.__name__ for error in FAMILY}


@pytest.mark.parametrize("error", FAMILY, ids=lambda error: error.__name__)
def test_the_tree_drawn_in_the_code_has_the_right_numbers(
    error: type[PressroomError],
) -> None:
    drawn = re.search(rf"\b{error.__name__} +(\d+)", errors.__doc__ or "")
    assert drawn is not None
    assert int(drawn[1]) == error.exit_status


def test_help_names_every_status_an_owner_can_meet() -> None:
    told = set(map(int, re.findall(r"\b\d+\b", EPILOG)))
    # 1 is the root's, which nothing raises; 130 is the shell's word for Ctrl-C.
    assert told == {int(status) for status, _ in TABLED} - {1, 130}


def texts_of_the_code() -> str:
    """Return every text in the code; the values put into one stand as line feeds."""
    nodes = (
        node
        for path in (ROOT / "pipeline").rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
    )
    return "\n".join(
        node.value
        for node in nodes
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    )


def test_what_is_quoted_is_what_pressroom_says() -> None:
    said = texts_of_the_code()
    quoted = re.findall(r"^- \*(.+?)\*:", PAGE, re.MULTILINE)
    assert len(quoted) >= 6
    pieces = [piece.strip() for quote in quoted for piece in quote.split("…")]
    assert [piece for piece in pieces if piece not in said] == []
