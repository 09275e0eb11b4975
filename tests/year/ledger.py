"""The books of one newsletter: who waits for what, and which issue brings it.

Pressroom numbers posts and asks SQL; this keeps a set for every subscription, and walks
over readers one after another. Whatever rule a method stands for is told in it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from tests.year.almanac import DAY, Rhythm
from tests.year.records import OWN, Issue, Plan, Post, Stream, Subscription

SPOKEN = ("en", "zh-CN")
"""The languages that mail can speak, the one for whoever reads none of them first."""


@dataclass
class Ledger:
    """A newsletter's books; `posts`, and `tongues` by reader, are everybody's.

    Everything before `steady_turn` may have been passed over when it began.
    """

    plan: Plan
    posts: Mapping[str, Post]
    tongues: Mapping[str, str]
    subscriptions: dict[str, Subscription] = field(default_factory=dict)
    streams: dict[str, Stream] = field(default_factory=dict)
    known: list[str] = field(default_factory=list)
    passed_over: set[str] = field(default_factory=set)
    started: datetime | None = None
    listed: datetime | None = None
    selection: object = None
    begun: bool = False
    steady_turn: int = 0
    shown: dict[str, Post] = field(default_factory=dict)
    resting: set[str] = field(default_factory=set)
    waiting: list[Post] = field(default_factory=list)
    edited: set[str] = field(default_factory=set)
    works: dict[tuple[str, str], list[Post]] = field(default_factory=dict)

    def join(self, reader: str, turn: int) -> None:
        """Who joins gets what is news since the last issue of the schedule.

        But nothing that they have had or passed by, if they were here before.
        """
        one = self.subscriptions.setdefault(reader, Subscription())
        if one.subscribed:
            return
        news = self.streams[OWN].news if OWN in self.streams else set()
        self.subscriptions[reader] = Subscription(
            subscribed=True,
            waits=news - one.passed,
            passed=one.passed,
            had=one.had,
            steady_turn=turn,
        )

    def leave(self, reader: str) -> None:
        """Who leaves has passed by whatever they do not wait for."""
        one = self.subscriptions[reader]
        one.passed = set(self.known) - one.waits
        one.subscribed, one.waits = False, set()

    def promises(self, post: Post, now: datetime) -> bool:
        """Tell whether the post was news here, without doubt, and has stayed."""
        return (
            self.started is not None
            and self._takes(post, now)
            and post.steady
            and post.first_turn > self.steady_turn
            and post.published > self.started + DAY
        )

    def run(
        self, now: datetime, begun: Mapping[str, datetime], turn: int
    ) -> list[Issue]:
        """Return the issues of a run that could read every site of the newsletter."""
        if self.started is None or self._is_to_begin():
            self.steady_turn = turn
        self.shown = {p.name: p for p in self.posts.values() if self._takes(p, now)}
        self.resting = {name for name, post in self.shown.items() if post.rests(now)}
        self.works = {}
        for post in self.shown.values():
            self.works.setdefault((post.site, post.work), []).append(post)
        for one in self.present.values():
            # A cadence that is taken away leaves its readers on the schedule.
            if one.cadence not in self.plan.rhythms:
                one.cadence = OWN
        chooses = self.started is None or self._is_to_begin()
        self._list(now, begun)
        if chooses and self.waiting:
            # A first issue waits until all its posts have rested.
            return []
        issues = [i for c in self.plan.rhythms if (i := self._open(c, now))]
        for issue in issues:
            self._write(issue, now)
        return issues

    @property
    def present(self) -> dict[str, Subscription]:
        return {r: one for r, one in self.subscriptions.items() if one.subscribed}

    def _takes(self, post: Post, now: datetime) -> bool:
        return (
            post.site in self.plan.sites
            and post.is_public(now)
            and (not self.plan.tags or bool(self.plan.tags & post.tags))
        )

    def _list(self, now: datetime, begun: Mapping[str, datetime]) -> None:
        """What is news gets a place in the line (docs/decisions/0011).

        A post that is away, or rests again, loses its place as long as somebody waits
        for it; until the first issue a backfill is chosen anew.
        """
        first, self.started = self.started is None, self.started or now
        chooses = first or self._is_to_begin()
        if self._is_to_begin():
            self.passed_over.clear()
        for name in [n for n in self.known if self._loses_place(n)]:
            self._forget(name)
            if name in self.resting and not chooses:
                self.edited.add(name)
        listed = self.passed_over.union(self.known)
        new = [p for p in self.shown.values() if p.name not in listed]
        new.sort(key=lambda post: (post.published, post.name))
        oldest = len(new) - self.plan.backfill
        for place, post in enumerate(new):
            if post.name in self.edited:
                continue
            if not (place >= oldest if chooses else self._is_news(post, begun)):
                self.passed_over.add(post.name)
        news = [post for post in new if post.name not in self.passed_over]
        for post in news:
            if post.name not in self.resting:
                self._remember(post.name)
        self.edited.difference_update(self.known)
        self.waiting = [post for post in news if post.name in self.resting]
        self.listed, self.selection = self._dealt_with(now), self.plan.selection

    def _dealt_with(self, now: datetime) -> datetime:
        """News that still rests is no news to another filter only."""
        since = [post.first_seen or now for post in self.waiting]
        return min(now, *since) - timedelta.resolution if since else now

    def _is_to_begin(self) -> bool:
        return self.plan.backfill > 0 and not self.begun

    def _loses_place(self, name: str) -> bool:
        if self._is_to_begin():
            return True
        if not self.present:
            waited_for = OWN in self.streams and name in self.streams[OWN].news
        else:
            waited_for = any(name in one.waits for one in self.present.values())
        return waited_for and (name not in self.shown or name in self.resting)

    def _is_news(self, post: Post, begun: Mapping[str, datetime]) -> bool:
        """News is dated since the newsletter and its site began, or on that day.

        And no other filter was needed for it, if it was public before.
        """
        assert self.started
        assert self.listed
        since = max(self.started, begun[post.site])
        if post.published.date() < since.astimezone(post.published.tzinfo).date():
            return False
        if self.selection == self.plan.selection or post.first_seen is None:
            return True
        return post.first_seen > self.listed

    def _remember(self, name: str) -> None:
        self.known.append(name)
        for one in self.present.values():
            one.waits.add(name)
        for stream in self.streams.values():
            stream.news.add(name)

    def _forget(self, name: str) -> None:
        self.known.remove(name)
        for one in self.subscriptions.values():
            one.waits.discard(name)
            one.passed.discard(name)
        for stream in self.streams.values():
            stream.news.discard(name)

    def _open(self, cadence: str, now: datetime) -> Issue | None:
        """One issue of a cadence is due once a boundary has passed, however many did.

        None that nobody would get a post from: that period ends without one.
        """
        if cadence not in self.streams:
            news = set(self.known) if cadence == OWN else set()
            self.streams[cadence] = Stream(now, news)
        stream, boundary = self.streams[cadence], self._boundary(cadence, now)
        if boundary is None and not (cadence == OWN and self._is_to_begin()):
            return None
        members = [one for one in self.present.values() if one.cadence == cadence]
        wanted = self._wanted(members, now)
        if wanted:
            covers = self._covered([name for name in wanted if name in stream.news])
            stream.past, stream.news = boundary or now, stream.news - covers
            self.begun = True
            return Issue(self.plan.name, cadence, stream.past, covers)
        if boundary and (self._rhythm(cadence).kind != "instant" or stream.news):
            stream.past, stream.news = boundary, set()
            for one in members:
                one.waits.clear()
        return None

    def _boundary(self, cadence: str, now: datetime) -> datetime | None:
        """A period that a clock far ahead has ended is not believed."""
        rhythm, past = self._rhythm(cadence), self.streams[cadence].past
        newest = rhythm.newest(self.plan.zone, now)
        if rhythm.kind == "instant":
            return newest
        if past > now + rhythm.period(self.plan.zone, now):
            past = self.streams[cadence].past = newest
        return newest if newest > past else None

    def _rhythm(self, cadence: str) -> Rhythm:
        return self.plan.rhythms[cadence]

    def _wanted(self, members: list[Subscription], now: datetime) -> list[str]:
        awake = [one for one in members if not one.is_paused(now)]
        return [
            name
            for name in self.known
            if name in self.shown.keys() - self.resting
            and any(name in one.waits and one.wants(self.shown[name]) for one in awake)
        ]

    def _covered(self, news: list[str]) -> set[str]:
        """An issue goes as far as `max_posts` that are news to its stream."""
        if len(news) <= self.plan.most:
            return set(self.known)
        last = self.known.index(news[self.plan.most - 1])
        return set(self.known[: last + 1])

    def _write(self, issue: Issue, now: datetime) -> None:
        """Everybody in the stream gets what they wait for, or, paused, passes it by."""
        for reader, one in self.present.items():
            if one.cadence != issue.cadence:
                continue
            tongue = one.language or self.tongues[reader]
            if not one.is_paused(now):
                given = self._given(one, one.waits & issue.covers, tongue)
                if given:
                    issue.mails[reader] = given, self._spoken(tongue)
                    one.had |= given
            one.waits -= issue.covers

    def _given(self, one: Subscription, names: set[str], tongue: str) -> frozenset[str]:
        """Of a work's translations one, and none to who has another of them already.

        In their language, else the newsletter's, else the one that came first.
        """
        works: dict[tuple[str, str], list[Post]] = {}
        for name in sorted(names & self.shown.keys(), key=self.known.index):
            post = self.shown[name]
            if one.wants(post) and not self._has(one, post):
                works.setdefault((post.site, post.work), []).append(post)
        return frozenset(self._best(posts, tongue).name for posts in works.values())

    def _has(self, one: Subscription, post: Post) -> bool:
        return post.name in one.had or any(
            other.name in one.had
            for other in self.works[post.site, post.work]
            if other.language != post.language
        )

    def _best(self, posts: list[Post], tongue: str) -> Post:
        for wanted in (tongue, self.plan.language):
            for post in posts:
                if wanted and post.language[:2] == wanted[:2]:
                    return post
        return posts[0]

    def _spoken(self, tongue: str) -> str:
        """Mail speaks the reader's language where it can, else the newsletter's."""
        for wanted in (tongue, self.plan.language):
            for spoken in SPOKEN:
                if wanted[:2] == spoken[:2]:
                    return spoken
        return SPOKEN[0]
