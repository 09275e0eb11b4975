"""The books of one newsletter: who waits for what, and which issue brings it.

Pressroom numbers posts and asks SQL; this keeps a set for every subscription, and walks
over readers one after another. Whatever rule a method stands for is told in it.
"""

from __future__ import annotations

from collections.abc import Mapping, Set
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from tests.year.almanac import DAY, Rhythm
from tests.year.records import (
    BEFORE_MADE,
    FLOOD,
    OWN,
    Held,
    Issue,
    Mail,
    Plan,
    Post,
    Stream,
    Subscription,
)
from tests.year.translations import choose_language, choose_posts


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
    unmade: list[Issue] = field(default_factory=list)
    flood: set[str] = field(default_factory=set)
    dropped: set[str] = field(default_factory=set)
    is_whole: bool = True
    made: list[Issue] = field(default_factory=list)
    begun_sites: Mapping[str, datetime] = field(default_factory=dict)

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
        for issue in self.unmade:
            issue.left.add(reader)

    def promises(self, post: Post, now: datetime) -> bool:
        """Tell whether the post was news here, without doubt, and has stayed."""
        return (
            self.started is not None
            and self._takes(post, now)
            and post.steady
            and post.name not in self.dropped
            and post.first_turn > self.steady_turn
            and post.published > self.started + DAY
        )

    def draw_back(self, now: datetime) -> None:
        """A hold that began in the future begins now: the clock was ahead."""
        for issue in self.unmade:
            if issue.until and issue.since and issue.since > now:
                issue.since, issue.until = now, now + (issue.until - issue.since)

    def look(self, now: datetime, begun: Mapping[str, datetime], turn: int) -> None:
        """Find what is news in a run that could read every site of the newsletter."""
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
        self.begun_sites = begun
        self._list(now, begun)

    def run(self, now: datetime) -> list[Issue]:
        """Return the issues that are opened now; those to be made have their mails.

        What had waited for its owner until now is made too, and is in `made`.
        """
        self.made = [issue for issue in self.unmade if self._is_over(issue, now)]
        for issue in self.made:
            self._make(issue, now)
        if self.made:
            # What those had kept from resting is looked at again.
            self._list(now, self.begun_sites)
        opened: list[Issue] = []
        if self.is_whole:
            opened = [i for c in self.plan.rhythms if (i := self._open(c, now))]
        for issue in opened:
            self._show(issue, now)
        return opened

    def skip(self, issue: Issue, name: str) -> None:
        """Let nobody have a post that an issue waits with."""
        self._forget(name)
        self.passed_over.add(name)
        self.dropped.add(name)

    def choices(self, issue: Issue) -> list[str]:
        """Return the posts of an issue that waits which some reader of it waits for."""
        readers = [o for o in self.present.values() if o.cadence == issue.cadence]
        waited_for = {name for one in readers for name in one.waits}
        return sorted(issue.covers & waited_for & self.shown.keys())

    def answer_flood(self, *, sends: bool) -> None:
        """Let what was too much at once be news, or pass over it."""
        if sends:
            self.edited |= self.flood
        else:
            self.passed_over |= self.flood
            self.dropped |= self.flood
            self.edited -= self.flood

    def _show(self, issue: Issue, now: datetime) -> None:
        """An issue waits for its owner, unless nobody would get it."""
        stream = self.streams[issue.cadence]
        stream.last = issue
        if self.plan.hold and self._mails(issue, now):
            issue.state, issue.since = Held.WAITING, now
            issue.hold = self.plan.hold
            self.unmade.append(issue)
        else:
            self._write(issue, now)

    def _is_over(self, issue: Issue, now: datetime) -> bool:
        if issue.state is not Held.WAITING or issue.until is None:
            return issue.state is Held.RELEASED
        return issue.until <= now

    def _make(self, issue: Issue, now: datetime) -> None:
        self.unmade.remove(issue)
        issue.state = Held.MADE
        self._write(issue, now)

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
        kept = {n for i in self.unmade if i.state in BEFORE_MADE for n in i.covers}
        for name in [n for n in self.known if self._loses_place(n, kept)]:
            self._forget(name)
            if not chooses and (name in kept or not self._leaves_out(name, now)):
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
        much = {post.name for post in news} - self.edited
        self.flood = much if len(much) > FLOOD and not chooses else set()
        for post in news:
            if post.name not in self.resting | self.flood:
                self._remember(post.name)
        self.edited.difference_update(self.known)
        self.waiting = [post for post in news if post.name not in self.known]
        # A first issue waits until all its posts have rested.
        self.is_whole = not (chooses and self.waiting)
        self.listed, self.selection = self._dealt_with(now), self.plan.selection

    def _leaves_out(self, name: str, now: datetime) -> bool:
        """Only the filter leaves a post out that is public; it is looked at anew."""
        return name not in self.shown and self.posts[name].is_public(now)

    def _dealt_with(self, now: datetime) -> datetime:
        """News that still rests is no news to another filter only."""
        since = [post.first_seen or now for post in self.waiting]
        return min(now, *since) - timedelta.resolution if since else now

    def _is_to_begin(self) -> bool:
        return self.plan.backfill > 0 and not self.begun

    def _loses_place(self, name: str, kept: Set[str]) -> bool:
        """But what an issue waits with may be edited meanwhile."""
        if self._is_to_begin():
            return True
        if not self.present:
            waited_for = OWN in self.streams and name in self.streams[OWN].news
        else:
            waited_for = any(name in one.waits for one in self.present.values())
        edited = name in self.resting and name not in kept
        return waited_for and (name not in self.shown or edited)

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
        for issue in self.unmade:
            issue.covers.discard(name)

    def _open(self, cadence: str, now: datetime) -> Issue | None:
        """One issue of a cadence is due once a boundary has passed, however many did.

        None that nobody would get a post from: that period ends without one. Nor while
        the last one waits for its owner; what was in one that the owner stopped comes
        with the next news.
        """
        if cadence not in self.streams:
            news = set(self.known) if cadence == OWN else set()
            self.streams[cadence] = Stream(now, news)
        stream, boundary = self.streams[cadence], self._boundary(cadence, now)
        if cadence in {i.cadence for i in self.unmade if i.state in BEFORE_MADE}:
            return None
        if boundary is None and not (cadence == OWN and self._is_to_begin()):
            return None
        members = [one for one in self.present.values() if one.cadence == cadence]
        wanted = self._wanted(members, now)
        news = [name for name in wanted if name in stream.news]
        if wanted and not news and stream.is_put_off():
            if boundary and self._rhythm(cadence).kind != "instant":
                stream.past = boundary
            return None
        if wanted:
            covers = self._covered(news)
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
            if name in self.shown
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
        issue.mails = self._mails(issue, now)
        for reader, (given, _) in issue.mails.items():
            self.subscriptions[reader].had |= given
        for one in self._members(issue).values():
            one.waits -= issue.covers

    def _mails(self, issue: Issue, now: datetime) -> dict[str, Mail]:
        mails: dict[str, Mail] = {}
        for reader, one in self._members(issue).items():
            if one.is_paused(now):
                continue
            languages = one.language or self.tongues[reader], self.plan.language
            waits = sorted(one.waits & issue.covers, key=self.known.index)
            posts = [self.shown[name] for name in waits if name in self.shown]
            given = choose_posts(one, posts, self.works, languages)
            if given:
                mails[reader] = given, choose_language(languages)
        return mails

    def _members(self, issue: Issue) -> dict[str, Subscription]:
        return {
            reader: one
            for reader, one in self.present.items()
            if one.cadence == issue.cadence and reader not in issue.left
        }
