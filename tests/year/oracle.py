"""What every reader must have, and when: the promises, kept by hand.

It imports nothing of Pressroom's and looks into none of its files. It is told what
happened (a post is written, a reader chooses, a run was made) and says which issues
that brings, when they are due, and who gets which posts; then it counts what arrives.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from tests.year.ledger import Ledger
from tests.year.records import Held, Issue, Mail, Plan, Post


@dataclass
class Oracle:
    """Everybody's books, and what is on its way to whom.

    `turn` counts runs; `begun` tells when a site was read for the first time, `looked`
    for the last. What was on its way to readers who left is `declined`: they count as
    having had it, since nobody can tell them from those whom it reached at that moment.
    """

    posts: dict[str, Post] = field(default_factory=dict)
    tongues: dict[str, str] = field(default_factory=dict)
    ledgers: dict[str, Ledger] = field(default_factory=dict)
    plans: list[Plan] = field(default_factory=list)
    begun: dict[str, datetime] = field(default_factory=dict)
    looked: dict[str, datetime] = field(default_factory=dict)
    issues: dict[int, Issue] = field(default_factory=dict)
    under_way: dict[tuple[int, str], Mail] = field(default_factory=dict)
    arrived: Counter[tuple[str, str, str]] = field(default_factory=Counter)
    declined: set[tuple[str, str, str]] = field(default_factory=set)
    flooded: list[Ledger] = field(default_factory=list)
    turn: int = 0

    def configure(self, plans: list[Plan]) -> None:
        """Take the newsletters of config.yaml; those gone from it keep their books."""
        self.plans = plans
        for plan in plans:
            new = Ledger(plan, self.posts, self.tongues)
            ledger = self.ledgers.setdefault(plan.name, new)
            if plan.selection != ledger.plan.selection:
                ledger.steady_turn = self.turn + 1
            ledger.plan = plan

    def join(self, reader: str, newsletter: str) -> None:
        """Let a reader in, from the next issue on."""
        self.ledgers[newsletter].join(reader, self.turn)

    def leave(self, reader: str, newsletter: str) -> None:
        """Let a reader go: nothing that no relay has taken may come any more."""
        self.ledgers[newsletter].leave(reader)
        for issue, to in list(self.under_way):
            if to == reader and self.issues[issue].newsletter == newsletter:
                names, _ = self.under_way.pop((issue, to))
                self.declined.update((newsletter, reader, name) for name in names)

    def run(self, now: datetime, away: Collection[str]) -> list[Issue]:
        """Return the issues of a run at `now` that could not read the sites `away`."""
        self.turn += 1
        readable = {site for plan in self.plans for site in plan.sites}.difference(away)
        for site in readable:
            for post in self.posts.values():
                if post.site == site:
                    post.look(self.looked.get(site), now)
            self.begun.setdefault(site, now)
            self.looked[site] = now
        for ledger in self.ledgers.values():
            ledger.draw_back(now)
        ledgers = [
            self.ledgers[plan.name]
            for plan in self.plans
            if readable.issuperset(plan.sites)
        ]
        for ledger in ledgers:
            ledger.look(now, self.begun, self.turn)
        self._watch_flood(ledgers)
        issues: list[Issue] = []
        for ledger in ledgers if not self.flooded else ():
            issues += self._run(ledger, now)
        for post in self.posts.values():
            if post.site in readable and post.is_public(now) and not post.first_seen:
                post.first_seen, post.first_turn = now, self.turn
        return issues

    def _watch_flood(self, looked: list[Ledger]) -> None:
        """Too much at once stays so while a site of its newsletter is away."""
        before, self.flooded = self.flooded, []
        for ledger in (self.ledgers[plan.name] for plan in self.plans):
            if ledger.flood if ledger in looked else ledger in before:
                self.flooded.append(ledger)

    def go_on(self, newsletter: str, now: datetime) -> list[Issue]:
        """Return what one newsletter's next run brings, right after another."""
        ledger = self.ledgers[newsletter]
        ledger.look(now, self.begun, self.turn)
        return self._run(ledger, now)

    def _run(self, ledger: Ledger, now: datetime) -> list[Issue]:
        issues = ledger.run(now)
        for issue in ledger.made:
            self._expect(issue)
        return issues

    def send(self, number: int, issue: Issue) -> None:
        """Expect the mails of an issue, which the outbox calls `number`."""
        issue.number, self.issues[number] = number, issue
        self._expect(issue)

    def _expect(self, issue: Issue) -> None:
        for reader, mail in issue.mails.items():
            self.under_way[issue.number, reader] = mail

    def preview(self, number: int, now: datetime) -> None:
        """The owner has got the preview of an issue: from now on its time runs."""
        issue = self.issues[number]
        assert issue.hold, f"nobody was to see issue {number}"
        if issue.state is Held.WAITING:
            issue.until = now + issue.hold
        issue.hold = timedelta()

    def arrive(self, number: int, reader: str, mail: Mail) -> None:
        """Take note of a mail that a relay has got; it must be on its way."""
        expected = self.under_way.pop((number, reader), None)
        assert mail == expected, f"{reader}: {mail} of {number}, not {expected}"
        newsletter = self.issues[number].newsletter
        for name in mail[0]:
            self.arrived[newsletter, reader, name] += 1
            assert self.arrived[newsletter, reader, name] == 1, f"{reader} got it twice"
            assert self.posts[name].first_seen, f"{name} was never public"

    def close(self, now: datetime) -> int:
        """Check that nothing is missing, once all is quiet; return how often it was.

        Told once more without any stream: a post that stayed public as it was goes to
        all who were there before it, and have changed nothing of what they are to get.
        """
        assert self.under_way == {}
        kept, got = 0, self.arrived.keys() | self.declined
        for ledger in self.ledgers.values():
            for post in self.posts.values():
                if not ledger.promises(post, now):
                    continue
                works = [p.name for p in self.posts.values() if p.work == post.work]
                for reader, one in ledger.present.items():
                    if one.paused_until or one.steady_turn >= post.first_turn:
                        continue
                    if one.wants(post):
                        kept += 1
                        had = [(ledger.plan.name, reader, name) for name in works]
                        assert not got.isdisjoint(had), f"{reader} lacks {post.name}"
        return kept
