"""Readers: they join, leave, come back, and change their minds about the rest."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from random import Random
from typing import Any

from pipeline.config.settings import Configuration
from pipeline.outbox.spool import Spool
from pipeline.runs.readers.choosing import choose, find_choice
from pipeline.runs.readers.signup import Joining, join, leave
from pipeline.store.database import Database, Transaction
from pipeline.store.subscribers import find_subscriber
from pipeline.subscribers.address import normalise
from pipeline.subscribers.choice import Topics
from pipeline.subscribers.subscriber import Subscriber
from tests.world import World
from tests.year.author import LANGUAGES, TAGS
from tests.year.oracle import Oracle
from tests.year.records import Plan, Subscription

CALM = 3
"""One reader in so many never changes what they want, only how often and how."""


class People:
    """The readers, by numbers."""

    def __init__(
        self, world: World, oracle: Oracle, dice: Random, readers: int
    ) -> None:
        self.world = world
        self.oracle = oracle
        self.dice = dice
        self.readers = readers

    def act(self, configuration: Configuration, deeds: int) -> None:
        """Let so many things happen to somebody, by one look into the store."""
        if not deeds:
            return
        database = self.world.store()
        try:
            for _ in range(deeds):
                desk = _Desk(self, database, configuration)
                desk.serve(self.dice.randrange(self.readers))
        finally:
            database.close()


class _Desk:
    """Serves one reader, and tells the oracle what they wanted."""

    def __init__(
        self, people: People, database: Database, configuration: Configuration
    ) -> None:
        self.people = people
        self.dice = people.dice
        self.oracle = people.oracle
        self.database = database
        self.configuration = configuration

    def serve(self, n: int) -> None:
        """Let reader `n` join, or change one thing about one newsletter."""
        address = f"r{n}@example.org"
        plan = self.dice.choice(self.oracle.plans)
        one = self.oracle.ledgers[plan.name].subscriptions.get(address)
        if one is None or not one.subscribed:
            self._join(address, plan)
            return
        deeds: list[Callable[[str, Plan, Subscription], None]]
        deeds = [self._cadence, self._cadence, self._language, self._leave]
        if n % CALM:
            deeds += [self._topics, self._topics, self._pause, self._pause]
        self.dice.choice(deeds)(address, plan, one)

    def _join(self, address: str, plan: Plan) -> None:
        tongue = self.dice.choice(["", "en", "zh-CN", "fr"])
        joining = Joining(
            address=normalise(address),
            newsletters=(plan.name,),
            source="test",
            language=tongue,
        )
        with self.database.transaction() as tx:
            join(tx, joining, self.people.world.time, again=True)
        self.oracle.tongues.setdefault(address, tongue)
        self.oracle.join(address, plan.name)

    def _leave(self, address: str, plan: Plan, one: Subscription) -> None:
        """Leave this newsletter, or all of them."""
        spool = Spool(self.configuration.outbox.folder)
        only = plan.name if self.dice.random() < 0.8 else ""
        with self.database.transaction() as tx:
            reader = _find(tx, address)
        leave(self.database, spool, reader, self.people.world.time, only)
        for name, ledger in self.oracle.ledgers.items():
            if only in ("", name) and address in ledger.present:
                self.oracle.leave(address, name)

    def _cadence(self, address: str, plan: Plan, one: Subscription) -> None:
        one.cadence = self.dice.choice([*plan.rhythms])
        self._choose(address, plan, cadence=one.cadence)

    def _language(self, address: str, plan: Plan, one: Subscription) -> None:
        one.language = self.dice.choice(["", "en", "zh-CN", "fr"])
        self._choose(address, plan, language=one.language)

    def _topics(self, address: str, plan: Plan, one: Subscription) -> None:
        tags = self.dice.sample(TAGS, self.dice.choice([0, 0, 1, 2]))
        tongues = self.dice.sample(LANGUAGES, self.dice.choice([0, 0, 0, 1, 2]))
        one.tags, one.languages = frozenset(tags), frozenset(tongues)
        one.steady_turn = self.oracle.turn
        topics = Topics.of(tags=tags, languages=tongues)
        self._choose(address, plan, topics=topics)

    def _pause(self, address: str, plan: Plan, one: Subscription) -> None:
        """Pause for some days, or come back from a pause."""
        days = self.dice.choice([0, 3, 12, 40])
        until = self.people.world.time + timedelta(days=days) if days else None
        one.paused_until, one.steady_turn = until, self.oracle.turn
        self._choose(address, plan, paused_until=until)

    def _choose(self, address: str, plan: Plan, **changes: Any) -> None:
        (settings,) = (n for n in self.configuration.newsletters if n.name == plan.name)
        with self.database.transaction() as tx:
            reader = _find(tx, address)
            choice = replace(find_choice(tx, reader, plan.name), **changes)
            choose(tx, reader, settings, choice)


def _find(tx: Transaction, address: str) -> Subscriber:
    reader = find_subscriber(tx, normalise(address).key)
    assert reader is not None
    return reader
