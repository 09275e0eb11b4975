"""Opens an issue of a stream when one is due and there is news for it.

A newsletter has a stream for its own schedule, and one for each cadence that readers
may choose instead. Each has issues, boundaries and numbers of its own; how far a reader
has come is the reader's, whatever stream they are in. One issue however long the
machine was down; none that nobody would get a post from, and none while the stream's
last one could not be frozen. The first issue of a newsletter with a backfill waits for
the first reader.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from zoneinfo import ZoneInfo

from pipeline.config.settings import NewsletterSettings
from pipeline.digest.issue import Issue
from pipeline.digest.selection import concerns
from pipeline.runs.issues.listing import Posts
from pipeline.schedule.cadence import Cadence, Kind, clamp, due, next_boundary
from pipeline.store.database import Transaction
from pipeline.store.issues import (
    add_issue,
    is_put_off,
    is_waiting,
    newest_issue_id,
)
from pipeline.store.newsletters import (
    Stream,
    add_stream,
    count_issue,
    find_newsletter,
    find_stream,
    has_begun,
    move_boundary,
    numbered_posts,
)
from pipeline.store.subscriptions import (
    Reach,
    has_members,
    pass_posts,
    waiting_choices,
)
from pipeline.subscribers.choice import OWN_CADENCE, Topics


@dataclass(frozen=True, slots=True, kw_only=True)
class Calendar:
    """When streams are due: the schedule of each cadence, `own` first."""

    schedules: Mapping[str, Cadence]
    zone: ZoneInfo

    def next_boundaries(self, now: datetime) -> list[datetime]:
        """Return when each stream's period ends that is under way at `now`."""
        return [
            next_boundary(schedule, self.zone, now)
            for schedule in self.schedules.values()
            if schedule.kind is not Kind.INSTANT
        ]


def open_due_issues(
    tx: Transaction,
    newsletter: NewsletterSettings,
    calendar: Calendar,
    posts: Posts,
    now: datetime,
) -> list[Issue]:
    """Open the issues that are due at `now`, and return them.

    `posts` are those to be had, by id.
    """
    opened = []
    for cadence, schedule in calendar.schedules.items():
        begun = _begin_stream(tx, newsletter.name, cadence, now)
        believed = clamp(begun.last_boundary, schedule, calendar.zone, now)
        stream = _draw_back(tx, newsletter.name, cadence, begun, believed)
        opening = _Opening(tx, newsletter, cadence, stream, now)
        if not opening.is_blocked():
            opened += opening.run(calendar, posts)
    return opened


def waits_for_reader(tx: Transaction, newsletter: str) -> bool:
    """Tell whether the newsletter had no issue yet and has nobody to send one to."""
    return not has_begun(tx, newsletter) and not has_members(tx, newsletter)


def _begin_stream(tx: Transaction, name: str, cadence: str, now: datetime) -> Stream:
    """Return how far the stream came; one that is new begins now.

    A cadence that readers may choose begins where the newsletter is: who comes over
    brings what they wait for along.
    """
    stream = find_stream(tx, name, cadence)
    if stream is None:
        known = find_newsletter(tx, name)
        last = known.last_number if known and cadence != OWN_CADENCE else 0
        add_stream(tx, name, cadence, now, last)
        stream = Stream(now, last, 0)
    return stream


def _draw_back(
    tx: Transaction, name: str, cadence: str, stream: Stream, boundary: datetime
) -> Stream:
    """Return the stream with `boundary` as its last, kept where it was another.

    Were it only thought of, the next one would not be later than it either, and so on
    until the clock is where it once ran to.
    """
    if boundary == stream.last_boundary:
        return stream
    move_boundary(
        tx,
        name,
        cadence,
        expected=stream.last_boundary,
        boundary=boundary,
        last_number=stream.last_number,
    )
    return replace(stream, last_boundary=boundary)


@dataclass(frozen=True, slots=True)
class _Opening:
    """A look at one stream: is an issue due, and for which posts?"""

    tx: Transaction
    newsletter: NewsletterSettings
    cadence: str
    stream: Stream
    now: datetime

    def is_blocked(self) -> bool:
        """Tell whether an issue waits to be frozen: one catch-up will be enough."""
        return is_waiting(self.tx, self.newsletter.name, self.cadence)

    def run(self, calendar: Calendar, posts: Posts) -> list[Issue]:
        """Open the issue that is due, or let a period without one end."""
        schedule = calendar.schedules[self.cadence]
        last = self.stream.last_boundary
        boundary = due(schedule, calendar.zone, self.now, last)
        if boundary is None and not self._begins_at_once():
            return []
        wanted, upto = self._wanted(posts)
        is_periodic = schedule.kind is not Kind.INSTANT
        if wanted and self._waits_for_news(wanted):
            if boundary and is_periodic:
                self._move(boundary, self.stream.last_number)
        elif wanted:
            return self._open(boundary or self.now, upto)
        elif boundary and (upto > self.stream.last_number or is_periodic):
            self._pass(boundary, upto)
        return []

    def _waits_for_news(self, wanted: Sequence[int]) -> bool:
        """Tell whether all that is wanted was in an issue that the owner has stopped.

        It comes with the next news: else it would be back at once.
        """
        return wanted[-1] <= self.stream.last_number and is_put_off(
            self.tx, self.newsletter.name, self.cadence
        )

    def _begins_at_once(self) -> bool:
        """Tell whether this would be the issue with the newsletter's backfill."""
        return (
            bool(self.newsletter.backfill)
            and self.cadence == OWN_CADENCE
            and not has_begun(self.tx, self.newsletter.name)
        )

    def _wanted(self, posts: Posts) -> tuple[Sequence[int], int]:
        """Return the posts that anybody gets, and up to which number the issue goes.

        The most of an issue counts news that somebody in the stream has chosen. What
        a reader brought along who came over from another is on top of it.
        """
        name, last = self.newsletter.name, self.stream.last_number
        choices = waiting_choices(self.tx, name, self.cadence, self.now)
        lowest = min((coverage for _, coverage in choices), default=last)
        numbered = numbered_posts(self.tx, name, min(lowest, last))
        wanted = _wanted_numbers(choices, numbered, posts)
        news = [number for number in wanted if number > last]
        if len(news) > self.newsletter.max_posts:
            return wanted, news[self.newsletter.max_posts - 1]
        return wanted, max((last, *numbered))

    def _pass(self, boundary: datetime, upto: int) -> None:
        """Let a period end in which there was nothing for anybody."""
        if self._move(boundary, upto):
            issue = newest_issue_id(self.tx) + 1
            pass_posts(
                self.tx,
                Reach(
                    newsletter=self.newsletter.name,
                    cadence=self.cadence,
                    issue=issue,
                    from_number=0,
                    upto_number=upto,
                ),
            )

    def _open(self, boundary: datetime, upto: int) -> list[Issue]:
        if self._move(boundary, upto):
            issue = Issue(
                id=0,
                newsletter=self.newsletter.name,
                cadence=self.cadence,
                number=count_issue(self.tx, self.newsletter.name, self.cadence),
                boundary=boundary,
                from_number=self.stream.last_number,
                upto_number=upto,
            )
            return [replace(issue, id=add_issue(self.tx, issue, self.now))]
        return []

    def _move(self, boundary: datetime, upto: int) -> bool:
        """Let the period end at `boundary`, and the posts up to `upto` be past."""
        return move_boundary(
            self.tx,
            self.newsletter.name,
            self.cadence,
            expected=self.stream.last_boundary,
            boundary=boundary,
            last_number=upto,
        )


def _wanted_numbers(
    choices: Sequence[tuple[Topics, int]], numbered: Mapping[int, str], posts: Posts
) -> Sequence[int]:
    """Return the numbers of posts that somebody gets who has made one of `choices`."""

    def wants(number: int, post_id: str) -> bool:
        return any(
            coverage < number and concerns(topics, posts[post_id].post)
            for topics, coverage in choices
        )

    there: Iterable[tuple[int, str]] = (
        (number, post_id) for number, post_id in numbered.items() if post_id in posts
    )
    return [number for number, post_id in there if wants(number, post_id)]
