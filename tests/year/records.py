"""What the oracle keeps books of: posts, newsletters, what readers chose, issues."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import Enum
from functools import cached_property

from tests.year.almanac import Rhythm

OWN = "own"
SETTLE = timedelta(hours=2)
FLOOD = 6
"""So many posts may become news to a newsletter at once."""

Mail = tuple[frozenset[str], str]
"""The posts of a mail, and the language it speaks."""


@dataclass
class Post:
    """A post as its file says it is; `there` while there is a file that can be read.

    `published` is in the zone it was written in. `first_seen` is when a run first found
    it public, `first_turn` which run that was. It is `steady` as long as nothing is
    changed since that decides who is to get it. `written` is when its file was, if no
    run has looked at it since; it rests since `changed`, unless it was there before
    its site was first read.
    """

    name: str
    site: str
    work: str
    language: str
    published: datetime
    tags: frozenset[str]
    draft: bool = False
    there: bool = True
    first_seen: datetime | None = None
    first_turn: int = 0
    written: datetime | None = None
    changed: datetime | None = None
    steady: bool = True

    def is_public(self, now: datetime) -> bool:
        return self.there and not self.draft and self.published <= now

    def rests(self, now: datetime) -> bool:
        """It waits unchanged for `mail.settle` (docs/holding.md)."""
        return self.changed is not None and self.changed <= now < self.changed + SETTLE

    def look(self, looked: datetime | None, now: datetime) -> None:
        """Find the file as it is now; it rests since it was written, if that can be."""
        if self.written:
            seen = self.written if looked and looked < self.written <= now else now
            self.changed, self.written = seen if looked else None, None


@dataclass(frozen=True)
class Plan:
    """A newsletter as config.yaml has it."""

    name: str
    zone: str
    rhythm: Rhythm
    cadences: tuple[str, ...]
    sites: tuple[str, ...]
    tags: frozenset[str] = frozenset()
    language: str = "en"
    most: int = 20
    backfill: int = 0
    hold: timedelta = timedelta()

    @property
    def selection(self) -> object:
        """Return what decides which posts it takes."""
        return self.tags, self.sites

    @cached_property
    def rhythms(self) -> dict[str, Rhythm]:
        """Return the rhythm of every cadence there is."""
        return {c: self.rhythm.chosen(c) for c in (OWN, *self.cadences)}


@dataclass
class Subscription:
    """What a reader chose of a newsletter, waits for, passed by and had.

    `steady_turn` is the last run before they changed what they are to get.
    """

    cadence: str = OWN
    tags: frozenset[str] = frozenset()
    languages: frozenset[str] = frozenset()
    language: str = ""
    paused_until: datetime | None = None
    subscribed: bool = False
    waits: set[str] = field(default_factory=set)
    passed: set[str] = field(default_factory=set)
    had: set[str] = field(default_factory=set)
    steady_turn: int = 0

    def is_paused(self, now: datetime) -> bool:
        return self.paused_until is not None and now < self.paused_until

    def wants(self, post: Post) -> bool:
        """A post comes when it passes every line of topics (docs/choices.md)."""
        return (not self.tags or bool(self.tags & post.tags)) and (
            not self.languages or post.language in self.languages
        )


@dataclass
class Stream:
    """A cadence: up to when its periods are past, and what is news since.

    `last` is its last issue.
    """

    past: datetime
    news: set[str]
    last: Issue | None = None

    def is_put_off(self) -> bool:
        return self.last is not None and self.last.state is Held.STOPPED


class Held(Enum):
    """Where an issue stands that may have to wait for its owner."""

    MADE = 0
    WAITING = 1
    KEPT = 2
    RELEASED = 3
    STOPPED = 4


BEFORE_MADE = (Held.WAITING, Held.KEPT, Held.RELEASED)


@dataclass
class Issue:
    """An issue that is due: the posts it goes over, and who gets which of them.

    While it waits it has posts and no mails; it is made at `until`, its `hold` after
    the preview came, or when its owner says so. Who has `left` meanwhile is not in it,
    also if they are back. `number` is what the outbox calls it.
    """

    newsletter: str
    cadence: str
    boundary: datetime
    covers: set[str]
    mails: dict[str, Mail] = field(default_factory=dict)
    state: Held = Held.MADE
    since: datetime | None = None
    hold: timedelta = timedelta()
    until: datetime | None = None
    left: set[str] = field(default_factory=set)
    number: int = 0
