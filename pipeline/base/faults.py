"""A fault: what is wrong, where, and what to do. A value, not an exception."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Severity(StrEnum):
    """How much a fault costs: a FAULT leaves its thing out, a WARNING does not.

    An ADVICE costs nothing: `check` alone tells it.
    """

    FAULT = "fault"
    WARNING = "warning"
    ADVICE = "advice"


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One thing wrong in a file that the owner wrote.

    `path` is as the owner would write it; `line` and `column` count from 1 and are
    None where they mean nothing. `what` says what is wrong, `remedy` what to do.
    """

    path: str
    what: str
    remedy: str = ""
    line: int | None = None
    column: int | None = None
    severity: Severity = Severity.FAULT

    def __str__(self) -> str:
        place = ":".join(
            str(part) for part in (self.path, self.line, self.column) if part
        )
        return f"{place}: {self.what}" + (f" ({self.remedy})" if self.remedy else "")
