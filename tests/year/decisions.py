"""What the owner says to issues that wait, to those that go out, and to a flood."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from random import Random

from pipeline.digest.issue import IllegalMove, Issue
from pipeline.runs.issues.deciding import (
    hold_issue,
    let_go,
    resume_issue,
    skip_post,
    stop_issue,
)
from pipeline.runs.issues.holding import accept, refuse
from pipeline.store.database import Transaction
from pipeline.store.holds import Reason, standing_holds
from pipeline.store.issues import find_issue
from tests.world import World
from tests.year import records
from tests.year.author import Author
from tests.year.oracle import Oracle
from tests.year.records import Held


class Decisions:
    """Makes them by the commands, and tells the oracle."""

    def __init__(
        self, world: World, oracle: Oracle, dice: Random, author: Author
    ) -> None:
        self.world = world
        self.oracle = oracle
        self.dice = dice
        self.author = author
        self.halted: set[int] = set()
        self.made = 0

    def decide(self) -> None:
        """Decide on whatever waits for it, or leave it."""
        if self.oracle.flooded and self.dice.random() < 0.4:
            self._answer(sends=self.dice.random() < 0.7)
        waiting = self._waiting()
        if waiting and self.dice.random() < 0.4:
            self._decide_on(self.dice.choice(waiting))
        if self.halted and self.dice.random() < 0.2:
            self._go_on(self.halted.pop())
        elif self.oracle.under_way and self.dice.random() < 0.1:
            self._halt(self.dice.choice(sorted(self.oracle.under_way))[0])

    def let_all_go(self) -> None:
        """Let everything go out that waits for its owner."""
        if self.oracle.flooded:
            self._answer(sends=True)
        for issue in self._waiting():
            deed = self._resume if issue.state is Held.STOPPED else self._release
            deed(issue)
        while self.halted:
            self._go_on(self.halted.pop())

    def _waiting(self) -> list[records.Issue]:
        unmade = [i for ledger in self.oracle.ledgers.values() for i in ledger.unmade]
        return [issue for issue in unmade if issue.state is not Held.RELEASED]

    def _decide_on(self, issue: records.Issue) -> None:
        deeds: list[Callable[[records.Issue], None]]
        if issue.state is Held.STOPPED:
            deeds = [self._resume]
        else:
            deeds = [self._release, self._skip, self._skip, self._keep, self._stop]
        self.dice.choice(deeds)(issue)
        self.made += 1

    def _release(self, issue: records.Issue) -> None:
        with self._open(issue) as (tx, found):
            let_go(tx, found)
        issue.state = Held.RELEASED

    def _keep(self, issue: records.Issue) -> None:
        with self._open(issue) as (tx, found):
            hold_issue(tx, found, self.world.time)
        issue.state = Held.KEPT

    def _stop(self, issue: records.Issue) -> None:
        with self._open(issue) as (tx, found):
            stop_issue(tx, found)
        issue.state = Held.STOPPED

    def _resume(self, issue: records.Issue) -> None:
        with self._open(issue) as (tx, found):
            resume_issue(tx, found)
        issue.state = Held.RELEASED

    def _skip(self, issue: records.Issue) -> None:
        """Leave out a post, named by its path."""
        ledger = self.oracle.ledgers[issue.newsletter]
        names = ledger.choices(issue)
        if names:
            name = self.dice.choice(names)
            (file,) = (f for f in self.author.files if f.post.name == name)
            with self._open(issue) as (tx, found):
                skip_post(tx, found, file.path)
            ledger.skip(issue, name)

    def _halt(self, number: int) -> None:
        """Stop an issue that is going out, if all of it is not out yet."""
        with self._transaction() as tx:
            found = find_issue(tx, number)
            assert found
            try:
                stop_issue(tx, found)
            except IllegalMove:
                return
        self.halted.add(number)

    def _go_on(self, number: int) -> None:
        with self._transaction() as tx:
            found = find_issue(tx, number)
            assert found
            resume_issue(tx, found)

    def _answer(self, *, sends: bool) -> None:
        with self._transaction() as tx:
            (hold,) = (h for h in standing_holds(tx) if h.reason is Reason.FLOOD)
            (accept if sends else refuse)(tx, hold.id)
        for ledger in self.oracle.flooded:
            ledger.answer_flood(sends=sends)
        self.oracle.flooded = []
        self.made += 1

    @contextmanager
    def _open(self, issue: records.Issue) -> Iterator[tuple[Transaction, Issue]]:
        with self._transaction() as tx:
            found = find_issue(tx, issue.number)
            assert found
            yield tx, found

    @contextmanager
    def _transaction(self) -> Iterator[Transaction]:
        database = self.world.store()
        try:
            with database.transaction() as tx:
                yield tx
        finally:
            database.close()
