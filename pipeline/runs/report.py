"""What a run did, as records: the command line prints them, tests read them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Protocol, TypeVar

from pipeline.base.errors import PressroomError
from pipeline.base.faults import Fault, Severity
from pipeline.store.holds import Hold

T = TypeVar("T")

MOST_ERRORS = 5
"""Told of one site or newsletter."""


class Progress(Protocol):
    """Whoever shows that work goes on.

    It may end the pass between two items by raising Halted (runs/pace.py): what is not
    yet kept is made again by the next.
    """

    def track(self, label: str, items: Sequence[T]) -> Iterable[T]:
        """Yield the items; show how far they are."""
        ...


class Silent:
    """Shows nothing: for pipes, cron and tests."""

    def track(self, label: str, items: Sequence[T]) -> Iterable[T]:
        """Yield the items."""
        return items


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteReport:
    """What became of one site: counts of posts, and the files of its feeds.

    `opened` counts the files that were read in this run, `rendered` the posts whose
    HTML was made anew; `written` and `kept` are the paths of changed and unchanged
    feeds. `faults` and `warnings` count what is wrong with posts; `seconds` is what
    all of it took.
    """

    site: str
    folder: Path
    found: int = 0
    opened: int = 0
    live: int = 0
    rendered: int = 0
    written: tuple[Path, ...] = ()
    kept: tuple[Path, ...] = ()
    faults: int = 0
    warnings: int = 0
    seconds: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class IssueReport:
    """An issue opened or carried on: counts, and the folders of published batches.

    `label` is what its owner reads: `weekly #12`. Of batches that are `waiting`,
    `yielded` tells that the next pass goes on with them, whatever the relay does.
    """

    newsletter: str
    cadence: str
    number: int
    label: str
    subject: str
    posts: int
    messages: int = 0
    batches: tuple[Path, ...] = ()
    waiting: int = 0
    yielded: bool = False


@dataclass(slots=True)
class Report:
    """Everything one run did; filled as it goes on, read when it is over.

    `notes` are sentences the owner should read; `errors` stopped one site or one
    newsletter while the rest went on. `recovered` names batches of a run cut short;
    `archived` are files of archives that were written, `removed` files of feeds and
    archives that nothing asks for any more. `due` are times at which there will be
    something to do, as far as is known. `troubles` has what the errors stopped
    (`site:blog`, `newsletter:weekly`, or `work`), with the first one's sentence;
    `holds` are those that stand. `letters_wait` tells that letters to the owner are to
    be made once a relay has taken those before, `mail_moved` that an issue was opened
    or a letter sent.
    """

    sites: list[SiteReport] = field(default_factory=list)
    issues: list[IssueReport] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    errors: list[PressroomError] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    recovered: tuple[str, ...] = ()
    archived: list[Path] = field(default_factory=list)
    removed: tuple[Path, ...] = ()
    due: list[datetime] = field(default_factory=list)
    troubles: dict[str, str] = field(default_factory=dict)
    holds: tuple[Hold, ...] = ()
    mail_moved: bool = False
    letters_wait: bool = False

    def add_faults(self, faults: Iterable[Fault], *, advice: bool = False) -> None:
        """Note faults, each once; those that are mere advice only where asked."""
        self.faults += [
            fault
            for fault in dict.fromkeys(faults)
            if fault not in self.faults
            and (advice or fault.severity is not Severity.ADVICE)
        ]

    def add_errors(self, errors: Sequence[PressroomError], of: str = "work") -> None:
        """Note errors `of` something that they stopped, each sentence once.

        One place may refuse several things. Of many at the same time, as from a disk
        that is read-only, some will do.
        """
        if errors:
            self.troubles.setdefault(of, str(errors[0]))
        known = {str(error) for error in self.errors}
        new = {str(error): error for error in errors if str(error) not in known}
        self.errors += list(new.values())[:MOST_ERRORS]
        if len(new) > MOST_ERRORS:
            self.notes.append(f"{len(new) - MOST_ERRORS:,} more errors of that kind")

    def changed(self) -> bool:
        """Tell whether the run wrote a feed or a page, or published a message."""
        return (
            bool(self.recovered or self.archived or self.removed)
            or any(site.written for site in self.sites)
            or any(issue.batches for issue in self.issues)
        )

    def exit_status(self) -> int:
        """Return the status of the worst that happened, 0 when all is well."""
        if self.errors:
            return max(error.exit_status for error in self.errors)
        faulty = any(fault.severity is Severity.FAULT for fault in self.faults)
        return 65 if faulty else 0
