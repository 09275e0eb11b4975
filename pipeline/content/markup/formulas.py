r"""Where formulas stand in a text, by every delimiter that blogs use.

    $…$   $`…`$   \(…\)   \\(…\\)                           within a line
    \eqref{…}   \ref{…}
    $$…$$   \[…\]   \\[…\\]   \begin{align}…\end{align}     on its own

Knows neither Markdown nor HTML: whoever asks has code and tags out of the way.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from pipeline.content.markup.currency import (
    is_bracketed_formula,
    is_display_formula,
    is_inline_formula,
    is_quotation,
)
from pipeline.content.tree import Formula

# amsmath's display environments, their parts that MathJax takes bare too, eqnarray.
_ENVIRONMENTS = (
    r"(?:equation|multline|gather|align|alignat|xalignat|flalign|eqnarray|math"
    r"|displaymath|subequations|split|gathered|aligned|alignedat|cases|array|dcases"
    r"|CD|[pbBvV]?matrix|smallmatrix)\*?"
)
# What MathJax cannot draw: taken for a formula, so that its writer is told.
_DRAWINGS = "tikzcd|tikzpicture"
_ENVIRONMENT_EDGE = re.compile(rf"\\(begin|end)\{{({_ENVIRONMENTS}|{_DRAWINGS})\}}")
# What may begin a formula, or hide one, where a text is searched for formulas.
CANDIDATE = re.compile(r"\\{1,2}[\[(]|\\begin\{|\\.|\$\$|\$|`+", re.DOTALL)

_DOLLAR = re.compile(r"\\.|\$|\n[ \t]*(?=\n)", re.DOTALL)
_CODED = re.compile(r"\$`([^`\n]+)`\$")
_REFERENCE = re.compile(r"\\(?:eq)?ref\{[^{}\n]+\}")
_ESCAPED = re.compile(r"\\.", re.DOTALL)

# The longest seen on a blog is 5 kB; past these a delimiter is a stray one.
_MAX_INLINE = 2_000
_MAX_DISPLAY = 32_000
# `$a \text{if $b$}$`: so many closing dollars are tried until the braces balance.
_MAX_CLOSERS = 4


@dataclass(frozen=True, slots=True)
class Found:
    """A formula in a text: its place with delimiters, its TeX without."""

    start: int
    end: int
    tex: str
    display: bool

    def as_node(self, line: int) -> Formula:
        """Return the node for it, which stands on `line`."""
        return Formula(self.tex.strip(), self.display, line)


@dataclass(frozen=True, slots=True)
class _Delimiters:
    """A pair of delimiters, and the test that tells a formula from a stray pair."""

    opener: str
    closer: str
    display: bool
    accept: Callable[[str], bool]


def _is_parenthesised_formula(tex: str) -> bool:
    return len(tex) <= _MAX_INLINE and is_inline_formula(tex, "", "")


# The doubled backslash is for generators whose Markdown eats one.
_PAIRS = (
    _Delimiters("$$", "$$", True, is_display_formula),
    _Delimiters("\\\\(", "\\\\)", False, _is_parenthesised_formula),
    _Delimiters("\\\\[", "\\\\]", True, is_bracketed_formula),
    _Delimiters("\\(", "\\)", False, _is_parenthesised_formula),
    _Delimiters("\\[", "\\]", True, is_bracketed_formula),
)


class FormulaFinder:
    """Looks for formulas in one text, and remembers what it saw.

    The memory keeps hostile texts cheap: thousands of openers without an end are
    looked up, not searched for, again.
    """

    def __init__(self, text: str) -> None:
        self._text = text
        self._environments: dict[int, int] | None = None
        self._places: dict[str, tuple[int, int]] = {}
        self._closers: set[int] = set()

    def at(self, position: int) -> Found | None:
        """Return the formula that begins at `position`, where `$` or `\\` stands."""
        for pair in _PAIRS:
            if self._text.startswith(pair.opener, position):
                return self._between(pair, position)
        if self._text[position] == "$":
            return self._coded(position) or self._between_dollars(position)
        return self._environment(position) or self._reference(position)

    def _between(self, pair: _Delimiters, start: int) -> Found | None:
        inside = start + len(pair.opener)
        end = self._next(pair.closer, inside)
        if end < 0 or end - start > _MAX_DISPLAY:
            return None
        tex = self._text[inside:end]
        if self._opens_again(pair, inside, end) or not pair.accept(tex):
            return None
        return Found(start, end + len(pair.closer), tex, pair.display)

    def _opens_again(self, pair: _Delimiters, inside: int, end: int) -> bool:
        """Tell whether the closer belongs to a later opener; `\\\\[2pt]` is none."""
        if pair.opener == pair.closer or len(pair.opener) > 2:
            return False
        return 0 <= self._next(pair.opener, inside) < end

    def _coded(self, start: int) -> Found | None:
        match = _CODED.match(self._text, start)
        return Found(start, match.end(), match[1], False) if match else None

    def _between_dollars(self, start: int) -> Found | None:
        ends = list(self._closing_dollars(start))
        if not ends or start in self._closers:
            return None
        end = next((end for end in ends if self._is_balanced(start, end)), ends[0])
        tex = self._text[start + 1 : end]
        before = self._text[max(start - 1, 0) : start]
        after = self._text[end + 1 : end + 2]
        if is_inline_formula(tex, before, after):
            return Found(start, end + 1, tex, False)
        if is_quotation(tex, after):
            self._closers.add(end)
        return None

    def _closing_dollars(self, start: int) -> Iterator[int]:
        """Yield the first dollars of the paragraph after the one at `start`."""
        closers = 0
        for match in _DOLLAR.finditer(self._text, start + 1, start + _MAX_INLINE):
            if match[0].startswith("\n") or closers == _MAX_CLOSERS:
                return
            if match[0] == "$":
                closers += 1
                yield match.start()

    def _is_balanced(self, start: int, end: int) -> bool:
        braces = _ESCAPED.sub("", self._text[start:end])
        return braces.count("{") == braces.count("}")

    def _reference(self, start: int) -> Found | None:
        match = _REFERENCE.match(self._text, start)
        return Found(start, match.end(), match[0], False) if match else None

    def _environment(self, start: int) -> Found | None:
        if self._environments is None:
            self._environments = _match_environments(self._text)
        end = self._environments.get(start)
        if end is None or end - start > _MAX_DISPLAY:
            return None
        return Found(start, end, self._text[start:end], True)

    def _next(self, mark: str, position: int) -> int:
        """Return where `mark` stands next, from `position` on, or -1."""
        known = self._places.get(mark)
        if known and known[0] <= position and (known[1] < 0 or position <= known[1]):
            return known[1]
        at = self._text.find(mark, position)
        while at > 0 and self._is_escaped(at):
            at = self._text.find(mark, at + 1)
        self._places[mark] = position, at
        return at

    def _is_escaped(self, position: int) -> bool:
        run = position
        while run > 0 and self._text[run - 1] == "\\":
            run -= 1
        return (position - run) % 2 == 1


def _match_environments(text: str) -> dict[int, int]:
    """Map the start of every environment to its end, nested ones of one name too."""
    ends: dict[int, int] = {}
    open_starts: dict[str, list[int]] = {}
    for edge in _ENVIRONMENT_EDGE.finditer(text):
        starts = open_starts.setdefault(edge[2], [])
        if edge[1] == "begin":
            starts.append(edge.start())
        elif starts:
            ends[starts.pop()] = edge.end()
    return ends
