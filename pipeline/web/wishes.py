"""What a reader wants of one newsletter: as a page shows it, and as a form says it.

    Choice → Section → form → Section, and Choice where nothing in it is wrong

Knows no route and no store.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta

from pipeline.base.text import fold_line
from pipeline.config.settings import Configuration, NewsletterSettings
from pipeline.runs.readers.choosing import offered_cadences, pause_end
from pipeline.runs.readers.offering import Offer
from pipeline.subscribers.choice import OWN_CADENCE, Choice, Topics
from pipeline.web.forms import Fields
from pipeline.web.languages import own_names

LINES = ("tags", "series", "authors", "languages")
MOST_SHOWN = 24
"""Names of a line that are offered; more would hide what most readers look for."""

LONGEST_PAUSE = timedelta(days=2 * 366)
"""A year mistyped would end the mail for good."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """What a newsletter lets its readers choose: `now`, in its own time zone.

    `languages` are those of its mail, beside those of its posts.
    """

    configuration: Configuration
    newsletter: NewsletterSettings
    offer: Offer
    languages: tuple[str, ...]
    now: datetime

    @property
    def zone_now(self) -> datetime:
        """The time where the newsletter is."""
        until = pause_end(self.configuration, self.newsletter, self.now.date())
        return self.now.astimezone(until.tzinfo)


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """The part of a page, and of a form, about one newsletter, as texts.

    `wrong` says of `cadence`, `topics`, `language`, `pause` what cannot be taken.
    """

    terms: Terms
    before: Choice
    wanted: bool
    cadence: str
    topics: Mapping[str, tuple[str, ...]]
    language: str
    pause: str
    wrong: Mapping[str, str] = field(default_factory=dict)

    @property
    def newsletter(self) -> NewsletterSettings:
        """What it is about."""
        return self.terms.newsletter

    @property
    def cadences(self) -> tuple[str, ...]:
        """What may be chosen; nothing where there is but the newsletter's schedule."""
        offered = offered_cadences(self.newsletter)
        return offered if len(offered) > 1 else ()

    @property
    def lines(self) -> dict[str, list[tuple[str, str, bool]]]:
        """What posts may be chosen by: value, name and whether it is chosen.

        A line that all posts have in common is none to choose by.
        """
        lines = {line: self._names(line) for line in LINES}
        least = {"authors": 2, "languages": 2}
        return {
            line: [
                (name, shown, name.casefold() in _folded(self.topics[line]))
                for name, shown in names.items()
            ]
            for line, names in lines.items()
            if self.topics[line] or len(names) >= least.get(line, 1)
        }

    @property
    def chosen(self) -> bool:
        """Whether only some posts are wanted."""
        return any(self.topics.values())

    @property
    def languages(self) -> dict[str, str]:
        """What the mail may be in: what languages call themselves, by tag."""
        tags = (*self.terms.languages, *self.terms.offer["languages"])
        mine = (self.before.language,) if self.before.language else ()
        return own_names({tag.casefold(): tag for tag in (*tags, *mine)}.values())

    @property
    def first_day(self) -> date:
        """The first day that a pause may end."""
        return self.terms.zone_now.date() + timedelta(days=1)

    @property
    def last_day(self) -> date:
        """The last one."""
        return self.terms.zone_now.date() + LONGEST_PAUSE

    def choice(self) -> Choice:
        """Return what is chosen. Raises ValueError where something is wrong."""
        if self.wrong:
            raise ValueError("what is wrong cannot be chosen")
        return Choice(
            newsletter=self.newsletter.name,
            cadence=self.cadence,
            topics=Topics.of(**self.topics),
            language=self.language,
            paused_until=self._pause_end(),
        )

    def _names(self, line: str) -> dict[str, str]:
        chosen, offered = self.topics[line], self.terms.offer[line][:MOST_SHOWN]
        known = _folded(offered)
        names = (*offered, *(name for name in chosen if name.casefold() not in known))
        return (
            own_names(names) if line == "languages" else {name: name for name in names}
        )

    def _pause_end(self) -> datetime | None:
        if not self.pause:
            return None
        if self.pause == _pause_day(self.terms, self.before):
            return self.before.paused_until
        terms, day = self.terms, date.fromisoformat(self.pause)
        return pause_end(terms.configuration, terms.newsletter, day)


def show_choice(terms: Terms, choice: Choice | None) -> Section:
    """Return the section of what is chosen; None is one who does not subscribe."""
    before = choice or Choice(newsletter=terms.newsletter.name)
    offered = offered_cadences(terms.newsletter)
    return Section(
        terms=terms,
        before=before,
        wanted=choice is not None,
        cadence=before.cadence if before.cadence in offered else OWN_CADENCE,
        topics={line: getattr(before.topics, line) for line in LINES},
        language=before.language,
        pause=_pause_day(terms, before),
    )


def read_section(stands: Section, fields: Fields) -> Section:
    """Return the section as a form says it, beside how it stands.

    Nothing is wrong with a newsletter that is not wanted.
    """
    prefix = f"{stands.newsletter.name}."
    mine = [
        (n.removeprefix(prefix), text) for n, text in fields if n.startswith(prefix)
    ]
    last = {name: fold_line(text) for name, text in mine}
    if not last.get("get"):
        return replace(stands, wanted=False)
    said = replace(
        stands,
        wanted=True,
        cadence=last.get("cadence", stands.cadence),
        topics={line: _texts(mine, line) for line in LINES},
        language=last.get("language", ""),
        pause=last.get("pause", ""),
    )
    return replace(said, wrong=_faults(stands, said))


def _texts(fields: Sequence[tuple[str, str]], line: str) -> tuple[str, ...]:
    texts = [fold_line(text) for name, text in fields if name == line]
    return tuple(dict.fromkeys(text for text in texts if text))


def _faults(stands: Section, said: Section) -> dict[str, str]:
    found = {
        "cadence": "" if said.cadence in offered_cadences(said.newsletter) else "gone",
        "topics": _topics_fault(stands, said),
        "language": _language_fault(said),
        "pause": _pause_fault(stands, said),
    }
    return {name: fault for name, fault in found.items() if fault}


def _topics_fault(stands: Section, said: Section) -> str:
    """Tell of names that no post has, and the reader did not choose before."""
    for line, names in said.topics.items():
        known = _folded((*stands.terms.offer[line], *stands.topics[line]))
        if not _folded(names) <= known:
            return "gone"
    try:
        Topics.of(**said.topics)
    except ValueError:
        return "many"
    return ""


def _language_fault(said: Section) -> str:
    return "" if said.language in ("", *said.languages) else "gone"


def _pause_fault(stands: Section, said: Section) -> str:
    """Tell of a day that is none, past or too far; the one chosen before may stay."""
    if said.pause in ("", stands.pause):
        return ""
    try:
        day = date.fromisoformat(said.pause)
    except ValueError:
        return "unreadable"
    if day < said.first_day:
        return "past"
    return "far" if day > said.last_day else ""


def _pause_day(terms: Terms, choice: Choice) -> str:
    until = choice.paused_until
    if until is None or until <= terms.now:
        return ""
    return until.astimezone(terms.zone_now.tzinfo).date().isoformat()


def _folded(names: Sequence[str]) -> set[str]:
    return {name.casefold() for name in names}
