"""House rules that a formatter cannot check."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "pipeline"
MODULES = [p for p in sorted(PACKAGE.rglob("*.py")) if p.stat().st_size]
LINES_IN_A_MODULE = 400
LINES_IN_A_FUNCTION = 40  # without its docstring
FORBIDDEN_NAMES = {"utils", "helpers", "common", "core", "manager", "misc"}
MARKS = re.compile(r"\b(TODO|FIXME|XXX)\b|pragma: no cover|pytest\.mark\.(skip|xfail)")

Function = ast.FunctionDef | ast.AsyncFunctionDef


def functions(tree: ast.Module) -> list[Function]:
    return [node for node in ast.walk(tree) if isinstance(node, Function)]


def body_lines(node: Function) -> int:
    first = node.body[1] if ast.get_docstring(node) and node.body[1:] else node.body[0]
    return (node.end_lineno or 0) - first.lineno + 1


@pytest.mark.parametrize("path", MODULES, ids=lambda p: str(p.relative_to(PACKAGE)))
def test_a_module_is_short_and_says_what_it_is(path: Path) -> None:
    source = path.read_text(encoding="utf-8")
    tree = ast.parse(source)
    assert len(source.splitlines()) <= LINES_IN_A_MODULE
    first = (ast.get_docstring(tree) or "").splitlines()[:1]
    assert first, "its first line says what lives here"
    long = [f.name for f in functions(tree) if body_lines(f) > LINES_IN_A_FUNCTION]
    assert not long, f"split these: {long}"


def test_no_module_has_a_name_that_says_nothing() -> None:
    assert [p for p in MODULES if p.stem in FORBIDDEN_NAMES] == []


def test_no_code_waits_to_be_finished() -> None:
    marked = [
        f"{path.relative_to(ROOT)}:{n}"
        for folder in ("pipeline", "tests", "benchmarks")
        for path in sorted((ROOT / folder).rglob("*.py"))
        if path != Path(__file__)
        for n, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if MARKS.search(line)
    ]
    assert marked == []
