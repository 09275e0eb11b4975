"""Real formulas: those of 39 posts, and the 73 that engines were compared with."""

from __future__ import annotations

import json
import re

import pytest

from pipeline.math.engine import Engine, Result
from pipeline.math.layout import Failure, Layout, Options, Tex
from tests.acceptance.corpus import written_formulas
from tests.capability import CORPUS, lack, require_corpus

COMPARED = CORPUS.parents[1] / "prototypes" / "math" / "formulas.json"
"""70 good formulas, the first 20 from real posts, and three bad ones."""

BAD = {
    "M51": "Misplaced &",
    "M52": r"Undefined control sequence \undefinedmacro",
    "M53": "Missing close brace",
}
# Refers to a formula of the post that S02 is from.
REFERENCE, REFERRED = "M46", "S02"
PHYSICS = "M44"

_DISPLAY = re.compile(r"\\begin\{(?:equation|align)\}")


@pytest.fixture(scope="module")
def compared() -> dict[str, Tex]:
    if not COMPARED.is_file():
        lack(f"{COMPARED} is not there: formulas to compare engines with")
    rows = json.loads(COMPARED.read_text(encoding="utf-8"))
    return {row["id"]: Tex(row["tex"], row["display"]) for row in rows}


def test_the_good_are_typeset_and_the_bad_are_told(compared: dict[str, Tex]) -> None:
    plain, physics = Engine(), Engine(Options(physics=True))
    results: dict[str, Result] = {}
    for name, formula in compared.items():
        engine = physics if name == PHYSICS else plain
        before = [compared[REFERRED]] if name == REFERENCE else []
        results[name] = engine.typeset([*before, formula])[-1]
    failures = {n: r.message for n, r in results.items() if isinstance(r, Failure)}
    assert len(results) == 73
    assert failures == BAD


def test_every_formula_of_the_posts_is_typeset() -> None:
    require_corpus()
    formulas = [Tex(tex, bool(_DISPLAY.match(tex))) for tex in written_formulas()]
    results = Engine().typeset(formulas)
    assert len(results) >= 20
    assert [result for result in results if not isinstance(result, Layout)] == []
