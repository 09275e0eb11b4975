"""The application in a test's own world, and clients that ask it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import httpx2
from starlette.testclient import TestClient

from pipeline.base.log import LogFormat, LogStyle, open_log
from pipeline.runs.events import Events
from pipeline.runs.outgoing.keys import read_keys
from pipeline.runs.pulse import Vitals
from pipeline.store.subscribers import find_subscriber
from pipeline.subscribers.subscriber import Subscriber
from pipeline.subscribers.tokens import sign
from pipeline.web.app import Surroundings, build_app
from tests.world import World

PUBLIC_URL = "https://example.org/mail/"


class PatientClient(TestClient):
    """A client that waits after each answer until the letters it brings are out."""

    def request(self, *words: Any, **named: Any) -> httpx2.Response:
        answer = super().request(*words, **named)
        if self.portal is not None:
            self.portal.call(self.app_state["postman"].deliver)
        return answer


@dataclass
class Office:
    """The application for a world, a client of it, and the lines it has logged."""

    world: World
    client: TestClient
    log: list[str] = field(default_factory=list)

    def token(self, address: str, newsletter: str = "weekly") -> str:
        """Return the token in the link to leave of a reader's mail."""
        key = read_keys(self.world.configuration().store.path)[0]
        return sign(key, "leave", reader(self.world, address).id, newsletter)

    def link(self, address: str, newsletter: str = "weekly") -> str:
        """Return the path of a reader's link to leave, below `web.public_url`."""
        return f"/unsubscribe/{self.token(address, newsletter)}"


@dataclass(frozen=True)
class WorldClock:
    """Says what time it is in a world, which tests let pass."""

    world: World

    def now(self) -> datetime:
        return self.world.time


@contextmanager
def office(
    world: World,
    *,
    log_format: LogFormat = "text",
    raises: bool = True,
    client: type[TestClient] = PatientClient,
    peer: str = "testclient",
    vitals: Callable[[], Vitals | None] = lambda: None,
) -> Iterator[Office]:
    """Give the application; `raises` lets a fault of ours through to the test.

    `peer` is the address requests come from.
    """
    log: list[str] = []
    store, clock = world.configuration().store.path, WorldClock(world)
    events = Events(open_log(LogStyle(log_format), log.append, clock))
    around = Surroundings(
        keys=lambda: read_keys(store), clock=clock, events=events, vitals=vitals
    )
    app = build_app(world.configuration(), around)
    asking = (peer, 50_000)
    with client(app, raise_server_exceptions=raises, client=asking) as one:
        yield Office(world, one, log)


def reader(world: World, address: str) -> Subscriber:
    """Return the reader of an address as the store has them."""
    database = world.store()
    with database.transaction() as tx:
        found = find_subscriber(tx, address)
    database.close()
    assert found is not None
    return found


def with_pages(config: str, public_url: str = PUBLIC_URL) -> str:
    """Return a configuration with the address of readers' pages."""
    return f"{config}web:\n  public_url: {public_url}\n"
