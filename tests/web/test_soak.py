"""Fifty clients at once join, leave and come back: no error, nothing lost, none double.

What they were told is counted beside what store and outbox hold after it. The server is
the real one, a process of its own.
"""

from __future__ import annotations

import asyncio
import logging
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from time import monotonic

import pytest

from pipeline.runs.outgoing.keys import read_key
from pipeline.subscribers.tokens import sign
from tests.command import pressroom
from tests.web.clients import reader, with_pages
from tests.web.crowd import Client, Told, crowd, fields_of
from tests.web.forms import link_in
from tests.web.serving import serving
from tests.world import CONFIG, World

CLIENTS = 50
SOONEST_SECONDS = 2.1
"""A form that is sent sooner is shown again."""

# Nobody claims batches here: every letter must have room.
ROOM = "outbox:\n  ahead: 1000\n"

_log = logging.getLogger(__name__)


@dataclass
class Soak:
    """A world that is served, and what its clients were told."""

    world: World
    told: Told = field(default_factory=Told)
    asked: list[str] = field(default_factory=list)
    reasons: int = 0
    subscribed: dict[str, bool] = field(default_factory=dict)

    async def join(self, url: str, n: int, until: float) -> None:
        """Ask for one new address after the other, as readers of many networks do."""
        client, turn = Client(url, self.told), 0
        while monotonic() < until:
            address = f"new{n}-{turn}@example.org"
            client.network, turn = f"10.{n}.{turn}.1", turn + 1
            form = fields_of(await client.ask("GET", "/mail/subscribe"))
            await asyncio.sleep(SOONEST_SECONDS)
            form["address"] = address
            page = await client.ask("POST", "/mail/subscribe", form)
            assert "Look into your mailbox" in page
            self.asked.append(address)
        await client.close()

    async def leave(self, url: str, n: int, until: float) -> None:
        """Leave, as a provider does it, twice; say why once; come back every time."""
        client, address = Client(url, self.told), f"reader{n}@example.org"
        key = read_key(self.world.configuration().store.path)
        token = sign(key, "leave", reader(self.world, address).id, "weekly")
        link, said_why = f"/mail/unsubscribe/{token}", False
        while monotonic() < until:
            await client.ask("GET", link)
            for _ in range(2):
                said = await client.ask("POST", link, {"List-Unsubscribe": "One-Click"})
                assert said == "unsubscribed\n"
            self.subscribed[address] = False
            if not said_why:
                await client.ask("POST", f"{link}/reason", {"reason": "too many"})
                self.reasons, said_why = self.reasons + 1, True
            if monotonic() < until or n % 2:
                assert "Welcome back" in await client.ask("POST", f"{link}/back")
                self.subscribed[address] = True
        await client.close()

    async def confirm(self, url: str, links: Iterator[str]) -> None:
        """Press the buttons of letters, two presses each."""
        client = Client(url, self.told)
        for link in links:
            for _ in range(2):
                page = await client.ask("POST", f"/mail{link}")
                assert "You are subscribed to Weekly" in page
        await client.close()

    def rows(self, sql: str) -> list[tuple[object, ...]]:
        """Return what the store answers."""
        database = self.world.store()
        with database.transaction() as tx:
            found = [tuple(row) for row in tx.all(sql)]
        database.close()
        return found


@pytest.mark.parametrize(
    "seconds", [5, pytest.param(60, marks=pytest.mark.slow)], ids="{} s".format
)
def test_a_crowd_that_joins_and_leaves(world: World, seconds: int) -> None:
    world.configure(with_pages(CONFIG) + ROOM)
    leavers, joiners = range(CLIENTS // 2), range(CLIENTS // 2)
    for n in leavers:
        world.join(f"reader{n}@example.org")
    soak = Soak(world)

    with serving(world.folder) as server:
        until = monotonic() + seconds
        lives = [soak.join(server.url, n, until) for n in joiners]
        lives += [soak.leave(server.url, n, until) for n in leavers]
        asyncio.run(crowd(lives))
        assert server.stop()[0] == 0
    # Its last round is a short one; a run sends what is left.
    assert pressroom("once", cwd=world.folder).returncode == 0
    asks = soak.rows("SELECT address FROM asks")
    assert sorted(soak.asked) == sorted(str(address) for (address,) in asks)
    sent = [m for m in world.messages() if str(m["Subject"]).startswith("Please")]
    assert Counter(str(m["To"]) for m in sent) == Counter(soak.asked)

    with serving(world.folder) as server:
        links = map(link_in, sent)
        asyncio.run(crowd(soak.confirm(server.url, links) for _ in range(CLIENTS)))
        assert server.stop()[0] == 0
    assert {status for _, status in soak.told.statuses} == {200}
    subscribed = Counter(
        str(address)
        for (address,) in soak.rows(
            "SELECT s.address FROM subscriptions p "
            "JOIN subscribers s ON s.id = p.subscriber"
        )
    )
    assert subscribed == Counter(soak.asked) + Counter(
        address for address, stays in soak.subscribed.items() if stays
    )
    assert soak.rows("SELECT count(*) FROM departures") == [(soak.reasons,)]
    consents = soak.rows("SELECT count(*) FROM consents WHERE how = 'form'")
    assert consents == [(len(soak.asked),)]
    answers, slowest = sum(soak.told.statuses.values()), soak.told.slowest_seconds
    _log.info("%s answers, the slowest after %.2f s", f"{answers:,}", slowest)
