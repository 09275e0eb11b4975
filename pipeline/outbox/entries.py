"""What a line of the outbox's ledger can tell, as records and as JSON.

A batch that was decided to go out, letters, who left or came back, who is kept out or
was erased; and, in a ledger that was folded, how far readers had come. Times are
microseconds since 1970 UTC, members a manifest (store/manifest.py) in Base64: about a
byte a member. No address is in it: a reader is their id and the digest of their address
that the list of who must never get mail has (subscribers/suppression.py).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from typing import Annotated, Literal

from pydantic import Field, TypeAdapter, ValidationError


@dataclass(frozen=True, slots=True)
class Told:
    """A post and its number in the newsletter; `text` is the digest of its text."""

    id: str
    number: int
    text: str = ""


@dataclass(frozen=True, slots=True)
class Part:
    """The members of a batch who get one variant, and the numbers of its posts."""

    variant: int
    numbers: tuple[int, ...]
    members: str


@dataclass(frozen=True, slots=True, kw_only=True)
class IssueFacts:
    """An issue, as much of it as a store must know that has forgotten it."""

    id: int
    cadence: str
    number: int
    kind: str
    boundary: int
    from_number: int
    upto_number: int
    opened: int


@dataclass(frozen=True, slots=True)
class Course:
    """A newsletter: since when there is one, and what it takes, as a digest."""

    name: str
    started: int
    selection: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Begun:
    """The first line: whose ledger this is."""

    store: str
    format: int = 1
    kind: Literal["begun"] = "begun"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sealed:
    """A batch of an issue goes out: the decision, before the batch is public.

    `ids` are the highest ids given so far, by table.
    """

    name: str
    attempt: str
    at: int
    course: Course
    issue: IssueFacts
    posts: tuple[Told, ...]
    parts: tuple[Part, ...]
    ids: dict[str, int] = field(default_factory=dict)
    kind: Literal["batch"] = "batch"


@dataclass(frozen=True, slots=True, kw_only=True)
class Letters:
    """A batch of letters goes out; `letters` are their ids."""

    name: str
    attempt: str
    letters: tuple[int, ...]
    ids: dict[str, int] = field(default_factory=dict)
    kind: Literal["letters"] = "letters"


@dataclass(frozen=True, slots=True, kw_only=True)
class Left:
    """A reader gets a newsletter no more."""

    member: int
    rule: str
    newsletter: str
    at: int
    kind: Literal["left"] = "left"


@dataclass(frozen=True, slots=True, kw_only=True)
class Back:
    """A reader who had left a newsletter gets it again."""

    member: int
    rule: str
    newsletter: str
    at: int
    kind: Literal["back"] = "back"


@dataclass(frozen=True, slots=True, kw_only=True)
class Moved:
    """A reader came into another state."""

    member: int
    state: str
    at: int | None
    kind: Literal["moved"] = "moved"


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """An address, as its digest, or a domain must get no mail."""

    rule: str
    reason: str
    at: int
    kind: Literal["kept"] = "kept"


@dataclass(frozen=True, slots=True, kw_only=True)
class Lifted:
    """An address or a domain may get mail again; `but_blocked`: not what is blocked."""

    rule: str
    but_blocked: bool = False
    kind: Literal["lifted"] = "lifted"


@dataclass(frozen=True, slots=True, kw_only=True)
class Erased:
    """A reader was erased: no line is left that says more of them."""

    member: int
    kind: Literal["erased"] = "erased"


@dataclass(frozen=True, slots=True, kw_only=True)
class Passed:
    """An owner left a post out: it is news to a newsletter no more, or `back` again."""

    newsletter: str
    post: str
    text: str = ""
    back: bool = False
    kind: Literal["passed"] = "passed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Covered:
    """Of a folded ledger: who had come to which number of a newsletter."""

    newsletter: str
    upto: int
    members: str
    kind: Literal["covered"] = "covered"


@dataclass(frozen=True, slots=True, kw_only=True)
class Summed:
    """Of a folded ledger: how far a stream of a newsletter had come, with its posts."""

    course: Course
    issue: IssueFacts
    posts: tuple[Told, ...]
    ids: dict[str, int] = field(default_factory=dict)
    kind: Literal["summed"] = "summed"


Entry = (
    Begun
    | Sealed
    | Letters
    | Left
    | Back
    | Moved
    | Kept
    | Lifted
    | Erased
    | Passed
    | Covered
    | Summed
)


@dataclass(frozen=True, slots=True)
class Position:
    """A place in a ledger: the number of a line, and the mark that no other has."""

    seq: int
    mark: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line: numbers grow, and of two that contradict each other the later holds."""

    seq: int
    mark: str
    entry: Annotated[Entry, Field(discriminator="kind")]

    @property
    def position(self) -> Position:
        """Its place."""
        return Position(self.seq, self.mark)


@cache
def _lines() -> TypeAdapter[Line]:
    """Return what reads and writes a line; it is made for who asks: it takes 0.05 s."""
    return TypeAdapter(Line)


@cache
def _entries() -> TypeAdapter[Entry]:
    return TypeAdapter(Annotated[Entry, Field(discriminator="kind")])


def dump_line(line: Line) -> bytes:
    """Return the line as it stands in the file, with its end."""
    return _lines().dump_json(line) + b"\n"


def load_line(data: bytes) -> Line:
    """Return what `dump_line` wrote; raises ValueError for all else."""
    try:
        return _lines().validate_json(data)
    except ValidationError as error:
        raise ValueError(error.errors()[0]["msg"]) from error


def dump_entry(entry: Entry) -> str:
    """Return an entry as JSON."""
    return _entries().dump_json(entry).decode()


def load_entry(text: str) -> Entry:
    """Return the entry that `dump_entry` wrote."""
    return _entries().validate_json(text)
