"""What the command line says and how: results on stdout, all else on stderr."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any, TypeVar

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TextColumn,
    TimeRemainingColumn,
)
from rich.table import Table
from rich.text import Text

from pipeline.base.errors import FaultyError, PressroomError
from pipeline.base.faults import Fault, Severity
from pipeline.base.text import count_cells, visible, wrap

T = TypeVar("T")

PIPE_WIDTH = 1_000
_LONGEST_NAME = 32

_UNITS = ((86_400, "day", 2), (3_600, "hour", 2), (60, "minute", 2))
"""What to tell a length of time in, from how many on."""

_STYLES = {
    Severity.FAULT: "red",
    Severity.WARNING: "yellow",
    Severity.ADVICE: "cyan",
}


@dataclass(frozen=True, slots=True)
class Voice:
    """Where a command speaks: `out` for what was asked for, `err` for the rest."""

    out: Console
    err: Console

    @classmethod
    def of_process(cls) -> Voice:
        """Return the process's own stdout and stderr."""
        return cls(Console(soft_wrap=True), Console(stderr=True, soft_wrap=True))

    def say(self, text: str, style: str = "") -> None:
        """Print a line that the owner asked for."""
        self.out.print(_plain(text), highlight=False, style=style)

    def tell(self, text: str, style: str = "") -> None:
        """Print a line beside what was asked for."""
        self.err.print(_plain(text), highlight=False, style=style)

    def data(self, value: Any) -> None:
        """Print a value as JSON, its texts as they are."""
        self.out.out(json.dumps(value, ensure_ascii=False, indent=2, default=str))

    def fault(self, fault: Fault) -> None:
        """Print a fault, its path as seen from where the owner stands."""
        text = _one_line(relative(str(fault)))
        self.tell(f"{fault.severity}: {text}", _STYLES[fault.severity])

    def error(self, error: PressroomError) -> None:
        """Print an error, each of its faults on a line."""
        if isinstance(error, FaultyError):
            lines = [str(fault) for fault in error.faults]
        else:
            lines = str(error).split("\n")
        for line in lines:
            text = _one_line(relative(line or type(error).__name__))
            self.tell(f"error: {text}", "bold red")

    def table(self, columns: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
        """Print rows below their columns."""
        table = Table(box=None, pad_edge=False, header_style="bold")
        for column in columns:
            table.add_column(_plain(column), overflow="fold")
        for row in rows:
            table.add_row(*(_plain(_one_line(str(cell))) for cell in row))
        # A pipe has no width to fit: cells folded there would mislead grep.
        width = None if self.out.is_terminal else PIPE_WIDTH
        self.out.print(table, highlight=False, width=width)

    def sheet(self, parts: Mapping[str, Sequence[tuple[str, str]]]) -> None:
        """Print parts below each other, each a heading over rows of name and words.

        Names stand below each other in all of them, in whatever script; a part without
        rows is left out.
        """
        rows = [row for part in parts.values() for row in part]
        widest = max((count_cells(_one_line(name)) for name, _ in rows), default=0)
        names = min(widest, _LONGEST_NAME)
        for heading, part in parts.items():
            if part:
                self.say(f"\n{heading}", "bold")
            for name, words in part:
                shown = _one_line(name)
                self.item(words, f"  {shown}{' ' * (names - count_cells(shown))}  ")

    def item(self, words: str, first: str, style: str = "") -> None:
        """Print `words` after `first`; on a terminal, in lines that stand below it."""
        width = self.out.width if self.out.is_terminal else PIPE_WIDTH
        indent = " " * count_cells(first)
        self.say(wrap(_one_line(words), width, first=first, indent=indent), style)


def _one_line(text: str) -> str:
    return visible(text).replace("\n", "\\n")


def _plain(text: str) -> Text:
    """Return text in which rich finds no markup, no emoji names and no controls."""
    return Text(visible(text))


def relative(text: str) -> str:
    """Return the text with this folder's path shortened to nothing."""
    here = os.getcwd().rstrip("/") + "/"
    return text.replace(here, "") if here != "/" else text


def count(number: int, one: str, many: str = "") -> str:
    """Return `1 post`, `2 posts`, `1,000 posts`."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def span(length: timedelta) -> str:
    """Return `12 seconds`, `5 minutes`, `3 hours`, `2 days`: as one says it."""
    seconds = max(0, round(length.total_seconds()))
    for size, unit, fewest in _UNITS:
        if seconds >= size * fewest:
            return count(round(seconds / size), unit)
    return count(seconds, "second")


def shown_path(path: Path) -> str:
    """Return the path as seen from where the owner stands."""
    return relative(str(path))


class Bars:
    """Progress bars on a terminal, for what takes over a second; else nothing."""

    def __init__(
        self, console: Console, get_time: Callable[[], float] | None = None
    ) -> None:
        self._console = console
        self._get_time = get_time or console.get_time

    def track(self, label: str, items: Sequence[T]) -> Iterable[T]:
        """Yield the items; show a bar once a second has gone."""
        if not self._console.is_terminal or not items:
            yield from items
            return
        yield from self._shown(label, items)

    def _shown(self, label: str, items: Sequence[T]) -> Iterable[T]:
        with self.meter(label, len(items)) as advance:
            for item in items:
                yield item
                advance(1)

    @contextmanager
    def meter(self, label: str, total: int) -> Iterator[Callable[[int], None]]:
        """Give what moves a bar on by so many of `total`; it shows after a second."""
        if not self._console.is_terminal:
            yield lambda steps: None
            return
        columns = (
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeRemainingColumn(),
        )
        progress = Progress(
            *columns, console=self._console, transient=True, get_time=self._get_time
        )
        task = progress.add_task(label, total=total)
        begun, running = self._get_time(), False

        def advance(steps: int) -> None:
            nonlocal running
            progress.advance(task, steps)
            if not running and self._get_time() - begun > 1:
                progress.start()
                running = True

        try:
            yield advance
        finally:
            if running:
                progress.stop()
