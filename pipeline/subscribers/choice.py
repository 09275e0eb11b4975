"""What a reader chose of one newsletter: how often, about what, in which language.

Stores nothing; what the owner allows is the newsletter's to say.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, field, fields
from datetime import datetime

from pipeline.base.text import fold_line

OWN_CADENCE = "own"
"""The cadence of the newsletter's own schedule, not one a reader chose instead."""

CADENCES = (OWN_CADENCE, "instant", "daily", "weekly", "monthly")
"""Every cadence there is; the owner of a newsletter allows some."""

LONGEST_LINE = 100
"""Names in a line of topics; a form that sends more is no form of ours."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Topics:
    """Names a post must have one of, line by line; a line without names lets all in.

    `of` puts names in order, so that readers who chose the same are equal.
    """

    tags: tuple[str, ...] = ()
    series: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    authors: tuple[str, ...] = ()

    @classmethod
    def of(
        cls,
        *,
        tags: Iterable[str] = (),
        series: Iterable[str] = (),
        languages: Iterable[str] = (),
        authors: Iterable[str] = (),
    ) -> Topics:
        """Return the topics of these names: each once, whatever its case and order.

        Raises ValueError for a line of more than LONGEST_LINE names.
        """
        return cls(
            tags=_line(tags),
            series=_line(series),
            languages=_line(languages),
            authors=_line(authors),
        )

    @classmethod
    def load(cls, text: str) -> Topics:
        """Return what `dump` wrote."""
        return cls(**{line: tuple(names) for line, names in json.loads(text).items()})

    def dump(self) -> str:
        """Return the topics as JSON, the same for equal ones; empty for everything."""
        lines = self.lines()
        return json.dumps(lines, ensure_ascii=False) if lines else ""

    def lines(self) -> dict[str, tuple[str, ...]]:
        """Return the lines that name something."""
        lines = {line.name: getattr(self, line.name) for line in fields(self)}
        return {name: names for name, names in lines.items() if names}


EVERYTHING = Topics()


def _line(names: Iterable[str]) -> tuple[str, ...]:
    """Return the names in one order; of spellings, one that does not depend on it."""
    lines = sorted((line for name in names if (line := fold_line(name))), reverse=True)
    folded = {line.casefold(): line for line in lines}
    if len(folded) > LONGEST_LINE:
        raise ValueError(f"a line of topics has at most {LONGEST_LINE} names")
    return tuple(folded[key] for key in sorted(folded))


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """What a reader gets of `newsletter`.

    `cadence` is `own`, `instant`, `daily`, `weekly` or `monthly`; an empty `language`
    is the one the reader has everywhere. Nothing is sent before `paused_until`.
    """

    newsletter: str
    cadence: str = OWN_CADENCE
    topics: Topics = field(default=EVERYTHING)
    language: str = ""
    paused_until: datetime | None = None

    def __post_init__(self) -> None:
        if self.paused_until is not None and self.paused_until.tzinfo is None:
            raise ValueError("paused_until must have a time zone")
