"""One tag of a generator, and the ledger in which its expansion is recorded.

Knows no tag by name: those are in the modules of the generators.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Literal

from pipeline.base.faults import Fault, Severity
from pipeline.content.links import (
    SiteIndex,
    asset_reference,
    post_reference,
    title_reference,
)

Markup = Literal["markdown", "html"]

MOST_FAULTS = 100
"""Faults told of one post: beyond it one more line helps nobody."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TagContext:
    """Where a text comes from: its file, the file's line it begins at, the site."""

    path: str
    text_line: int
    index: SiteIndex
    markup: Markup = "markdown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Expanded:
    """A text without tags, what was wrong with them, and what they looked up."""

    text: str
    faults: tuple[Fault, ...] = ()
    references: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where in its text a tag stands.

    `at` is its offset. `prefix` is what a further line of the same block has to
    begin with: white space and `>`. `leads` tells that nothing else is before the
    tag on its line, `linked` that it stands where the destination of a link does.
    """

    at: int
    prefix: str = ""
    leads: bool = True
    linked: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Tag:
    """One tag: `{{< name words named=… >}}inner{{< /name >}}`.

    `source` is its opening, abridged, as warnings show it; `inner` is None where
    nothing closes it.
    """

    name: str
    source: str
    place: Place
    words: tuple[str, ...] = ()
    named: Mapping[str, str] = field(default_factory=dict)
    inner: str | None = None

    def word(self, position: int) -> str:
        """Return the argument at `position`, empty where there are fewer."""
        return self.words[position] if position < len(self.words) else ""

    def argument(self, *names: str) -> str:
        """Return the first argument that has one of `names` and says something."""
        return next((self.named[name] for name in names if self.named.get(name)), "")


class Ledger:
    """What the expansion of one text looked up and found wrong, in order."""

    def __init__(self, text: str, context: TagContext) -> None:
        self._text = text
        self._context = context
        self._line_starts: list[int] = []
        self._references: dict[str, str] = {}
        self._faults: list[Fault] = []

    @property
    def markup(self) -> Markup:
        """The markup that the expansion is to be written in."""
        return self._context.markup

    @property
    def site_url(self) -> str:
        """The root of the site, with `/` at its end."""
        return self._context.index.site_url

    @property
    def page_url(self) -> str:
        """The URL of the post itself."""
        return self._context.index.post_url("", near=self._context.path) or ""

    @property
    def references(self) -> tuple[tuple[str, str], ...]:
        """Each reference that was looked up, beside what it gave."""
        return tuple(self._references.items())

    @property
    def faults(self) -> tuple[Fault, ...]:
        """What was wrong, in reading order, at most `MOST_FAULTS`."""
        return tuple(
            sorted(self._faults, key=lambda fault: (fault.line or 0, fault.column or 0))
        )

    def post_url(self, name: str) -> str:
        """Return the URL of the post called `name`, empty for none."""
        return self._look_up(post_reference(name))

    def post_title(self, name: str = "") -> str:
        """Return the title of the post called `name`; without one, of this post."""
        return self._look_up(title_reference(name))

    def file_url(self, name: str) -> str:
        """Return the URL of the file called `name`, empty for none."""
        return self._look_up(asset_reference(name))

    def warn(self, at: int, what: str, remedy: str) -> None:
        """Record that something is wrong at offset `at`; the post goes on."""
        if len(self._faults) >= MOST_FAULTS:
            return
        if not self._line_starts:
            self._line_starts = _line_starts(self._text)
        line = bisect_right(self._line_starts, at)
        self._faults.append(
            Fault(
                path=self._context.path,
                line=self._context.text_line + line - 1,
                column=at - self._line_starts[line - 1] + 1,
                what=what,
                remedy=remedy,
                severity=Severity.WARNING,
            )
        )

    def _look_up(self, reference: str) -> str:
        if reference not in self._references:
            self._references[reference] = self._context.index.resolve(
                reference, near=self._context.path
            )
        return self._references[reference]


Handler = Callable[[Tag, Ledger], str]
"""Turns one tag into text; a `pieces.Block` gets lines of its own."""


def abridged(source: str) -> str:
    """Return a tag as a warning shows it: on one line, and not all of a long one."""
    source = " ".join(source[:200].split())
    return source if len(source) <= 60 else source[:59] + "…"


def _line_starts(text: str) -> list[int]:
    starts, at = [0], text.find("\n")
    while at >= 0:
        starts.append(at + 1)
        at = text.find("\n", at + 1)
    return starts
