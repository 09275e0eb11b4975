"""What a dialect is: how one program names, words and orders what it writes.

Files are told apart by their headings alone. Every dialect turns its own cells into
the plain words that `subscribers.columns` reads, and a subscriber into its own cells.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from pipeline.base.text import is_cjk
from pipeline.subscribers.subscriber import State, Subscriber

Said = Mapping[str, str]
"""What a row says, by what it means: `email`, `status`, `created` and others."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Dialect:
    """One program's way to write a list of subscribers.

    `headings` are the names its columns have, by meaning, the likeliest first; `signs`
    are sets of headings, each of which gives a file away. `interpret` returns what a
    row says in plain words; `columns` and `write` are for files in this dialect.
    """

    name: str
    title: str
    headings: Mapping[str, tuple[str, ...]]
    signs: tuple[frozenset[str], ...]
    columns: tuple[str, ...]
    interpret: Callable[[Said], Said]
    write: Callable[[Subscriber], Sequence[str]]

    def wrote(self, headings: frozenset[str]) -> bool:
        """Tell whether a file with these headings, casefolded, is in this dialect."""
        return any(sign <= headings for sign in self.signs)


def sign(*headings: str) -> frozenset[str]:
    """Return headings that together give a program away."""
    return frozenset(headings)


def write_time(time: datetime | None) -> str:
    """Return a time as most programs have it, `2024-01-15T10:00:00Z`."""
    return f"{time.astimezone(UTC).replace(tzinfo=None).isoformat()}Z" if time else ""


def write_flag(value: bool) -> str:
    """Return `true` or `false`."""
    return "true" if value else "false"


def is_yes(text: str) -> bool:
    """Tell whether a cell means yes."""
    return text.casefold() in ("true", "yes", "1", "t", "y")


def is_no(text: str) -> bool:
    """Tell whether a cell means no; an empty one says nothing."""
    return text.casefold() in ("false", "no", "0", "f", "n")


def word_of(words: Mapping[State, str], state: State) -> str:
    """Return a program's word for a state.

    One that it has no word for becomes `unsubscribed`: whoever gets no mail here must
    get none there.
    """
    return words.get(state) or words[State.UNSUBSCRIBED]


def split_name(name: str) -> tuple[str, str]:
    """Cut a name at its last space into what comes before and after.

    One in Han stays whole: read again, its parts would change places.
    """
    if any(map(is_cjk, name)):
        return name, ""
    before, _, after = name.rpartition(" ")
    return (before, after) if before else (after, "")
