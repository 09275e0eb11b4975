"""The 39 real posts that lie beside the project, and what is written in them."""

from __future__ import annotations

import re

from tests.capability import CORPUS

POSTS = 39

# As their authors write them: display, environment, inline. TeX has no dollar inside.
_FORMULA = re.compile(
    r"\$\$(?P<display>.+?)\$\$"
    r"|(?P<environment>\\begin\{(?P<name>equation|align)\}.+?\\end\{(?P=name)\})"
    r"|\$(?P<inline>[^$\n]+?)\$",
    re.DOTALL,
)


def written_formulas() -> list[str]:
    """Return the TeX of every formula in the corpus, white space folded."""
    texts = (path.read_text(encoding="utf-8") for path in sorted(CORPUS.rglob("*.md")))
    found = (match for text in texts for match in _FORMULA.finditer(text))
    return [folded(next(filter(None, match.groups()))) for match in found]


def folded(text: str) -> str:
    return " ".join(text.split())
