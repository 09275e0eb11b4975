"""Which stretches of a text are code or raw, so that no tag in them is one.

Fences, code spans, HTML comments and raw elements, formulas. The text is read once
from left to right: whatever opens first wins. Indented code is in `indented_code`.
"""

from __future__ import annotations

import re
import sys
from bisect import bisect_left
from collections import defaultdict

_ELEMENT = r"(?P<element><!--|<(?i:pre|code|script|style|textarea|kbd|samp)\b)"

OPENING = rf"""
    (?P<fence>^(?:[ \t>]|[-*+][ \t]|\d{{1,9}}[.)][ \t])*+(?:`{{3,}}[^`\n]*|~{{3,}}.*)$)
  | (?P<ticks>`+)
  | (?P<escape>\\[\\`$])
  | (?P<formula>\$\$?|\\[\[(]|\\begin\{{[A-Za-z]+\*?\}})
  | {_ELEMENT}
"""
"""What opens a stretch of code in Markdown, for a verbose, multi-line pattern."""

OPENING_IN_HTML = _ELEMENT
"""The same in HTML."""

_BLANK_LINE = re.compile(r"\n[ \t>]*(?=\n)")
_TICKS = re.compile(r"`+")
_FENCE = re.compile(r"([^`~]*)([`~]{3,})")
_CJK = re.compile(r"[\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff\uff00-\uffef]")
_WORDS = re.compile(r"\\(?:text\w*|mbox|hbox)\{[^{}]*\}")
_TEX = re.compile(r"[\\^_{]")
_TAG_IN_FORMULA = re.compile(r"\{\{[<%]|\{%-?\s*[a-z_]+\s|\[\[")
_CLOSING = {"$$": "$$", "\\[": "\\]", "\\(": "\\)", "<!--": "-->"}
_NOWHERE = sys.maxsize // 2


class CodeSpans:
    """Where the code of one text ends, told as its openings are met in order.

    Asked from left to right, all of its answers together take time in proportion
    to the text, however hostile: what is sought once is not sought again.
    """

    def __init__(self, text: str) -> None:
        self._text = text
        self._next: dict[str, int] = {}
        self._lowered = ""
        self._blank_lines: list[int] | None = None
        self._ticks: dict[int, list[int]] | None = None

    def end(self, opening: re.Match[str]) -> int | None:
        """Return where the code that begins with `opening` ends.

        None where it turns out to be no code, because nothing closes it, say.
        """
        match opening.lastgroup:
            case "fence":
                return self._end_of_fence(opening)
            case "ticks":
                return self._end_of_span(opening)
            case "element":
                return self._end_of_element(opening)
            case "formula":
                return self._end_of_formula(opening)
            case _:
                return opening.end()

    def after(self, closing: str, start: int, limit: int) -> int | None:
        """Return the end of the first `closing` in `start`..`limit`."""
        found = self._next.get(closing, -1)
        if found < start:
            found = self._find(closing, start)
            self._next[closing] = found
        end = found + len(closing)
        return end if end <= limit else None

    def end_of_paragraph(self, start: int) -> int:
        """Return where the paragraph around `start` ends."""
        if self._blank_lines is None:
            blank = _BLANK_LINE.finditer(self._text)
            self._blank_lines = [line.start() for line in blank]
        index = bisect_left(self._blank_lines, start)
        if index == len(self._blank_lines):
            return len(self._text)
        return self._blank_lines[index]

    def _end_of_fence(self, opening: re.Match[str]) -> int:
        """Find the closing fence, the end of the quote around it, or the end."""
        found = _FENCE.match(opening[0])
        prefix, marks = found.groups() if found else ("", "")
        closing = rf"^[ \t>]*+{re.escape(marks)}{re.escape(marks[:1])}*+[ \t]*$"
        depth = prefix.count(">")
        if depth:
            closing += rf"|^(?!(?:[ \t]*>){{{depth}}})"
        end = re.compile(closing, re.MULTILINE).search(self._text, opening.end() + 1)
        return end.end() if end else len(self._text)

    def _end_of_span(self, opening: re.Match[str]) -> int:
        """Find the run of as many backticks in the same paragraph."""
        if self._ticks is None:
            self._ticks = defaultdict(list)
            for run in _TICKS.finditer(self._text):
                self._ticks[len(run[0])].append(run.start())
        runs = self._ticks.get(len(opening[0]), [])
        index = bisect_left(runs, opening.end())
        if index == len(runs) or runs[index] > self.end_of_paragraph(opening.end()):
            return opening.end()
        return runs[index] + len(opening[0])

    def _end_of_element(self, opening: re.Match[str]) -> int | None:
        closing = _CLOSING.get(opening[0]) or f"</{opening[0][1:].lower()}"
        return self.after(closing, opening.end(), len(self._text))

    def _end_of_formula(self, opening: re.Match[str]) -> int | None:
        mark, start = opening[0], opening.end()
        if mark == "$":
            return self._end_of_dollars(start)
        closing = _CLOSING.get(mark) or mark.replace("begin", "end", 1)
        limit = len(self._text)
        if mark == "\\(":
            limit = self.end_of_paragraph(start)
        end = self.after(closing, start, limit)
        return end and self._unless_tagged(start, end)

    def _end_of_dollars(self, start: int) -> int | None:
        """Find the `$` that closes an inline formula, if it is one and no price."""
        end = self.after("$", start, self.end_of_paragraph(start))
        if end is None or end - start < 2:
            return None
        tex, after = self._text[start : end - 1], self._text[end : end + 1]
        if tex[0].isspace() or tex[-1].isspace() or _CJK.search(_WORDS.sub("", tex)):
            return None
        if after.isdigit() and not _TEX.search(tex):
            return None
        return self._unless_tagged(start, end)

    def _unless_tagged(self, start: int, end: int) -> int | None:
        """Return `end`, or None where what lies between holds a generator's tag."""
        return None if _TAG_IN_FORMULA.search(self._text, start, end) else end

    def _find(self, closing: str, start: int) -> int:
        text = self._text
        if closing.startswith("</"):
            self._lowered = text = self._lowered or _lower_ascii(self._text)
        found = text.find(closing, start)
        return _NOWHERE if found < 0 else found


def _lower_ascii(text: str) -> str:
    """Lower A–Z only: `str.lower` may change the length, and so every offset."""
    return text.translate({code: code + 32 for code in range(65, 91)})
