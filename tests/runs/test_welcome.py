"""A welcome shows of the last issue what its reader would have got of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from pipeline.runs.readers.joining import confirm, take_ask
from pipeline.store.asks import asks_of
from pipeline.subscribers.choice import Topics
from tests.runs.test_letters import ANN, KEY, asked, send, site
from tests.world import World, part

__all__ = ["site"]

BOB = "bob@example.org"
NAMES = "abcdef"
WELCOME = {
    "zh-CN": "欢迎订阅“Weekly”",
    "en": "Welcome to Weekly",
    "fr": "Welcome to Weekly",
}


@pytest.fixture
def welcoming(site: World) -> World:
    """A newsletter that welcomes, has begun on a Friday, and has one reader, Bob."""
    config = site.config.replace("backfill: 5", "welcome: true")
    site.configure(config.replace("welcome:", "cadences: [instant]\n    welcome:"))
    site.join(BOB)
    site.run()
    return site


def monday(world: World) -> None:
    """Let the week end, have its issue sent, and Tuesday come."""
    world.later(days=-world.time.weekday() % 7 or 7)
    world.run()
    world.take_all()
    world.later(days=1)


def welcomed(world: World, language: str = "en", **chosen: Any) -> str:
    """Return which of the posts a to f Ann's welcome lists, in order."""
    database = world.store()
    with database.transaction() as tx:
        take_ask(tx, KEY, replace(asked(world), language=language))
        [*_, ask] = asks_of(tx, ANN)
        confirm(tx, ask, world.configuration().newsletters, world.time)
    database.close()
    world.choose(ANN, **chosen)
    send(world)
    message = world.messages()[-1]
    assert message["Subject"] == WELCOME[language]
    lines = part(message, "plain").splitlines()
    world.take_all()
    return "".join(n for line in lines for n in NAMES if line.endswith(f"/{n}/"))


def test_the_posts_come_as_in_the_issue_the_newest_first(welcoming: World) -> None:
    for day, name in ((21, "a"), (22, "b")):
        welcoming.post(name, date=f"2026-11-{day}")
    monday(welcoming)
    assert welcomed(welcoming) == "ba"


@pytest.mark.parametrize(
    ("language", "listed"), [("en", "ba"), ("zh-CN", "ca"), ("fr", "ba")]
)
def test_of_translations_it_has_the_readers_else_the_newsletters(
    welcoming: World, language: str, listed: str
) -> None:
    """Bob alone read the issue: nobody got its Chinese."""
    welcoming.post("a", date="2026-11-21")
    welcoming.post("b", date="2026-11-22", translationKey="one", lang="en")
    welcoming.post("c", date="2026-11-22", translationKey="one", lang="zh-CN")
    monday(welcoming)
    assert welcomed(welcoming, language) == listed


def test_who_has_chosen_topics_by_then_sees_those(welcoming: World) -> None:
    welcoming.post("a", date="2026-11-21", tags="maths")
    welcoming.post("b", date="2026-11-22")
    monday(welcoming)
    assert welcomed(welcoming, topics=Topics.of(tags=["maths"])) == "a"


def test_a_post_that_is_gone_is_not_in_it(welcoming: World) -> None:
    welcoming.post("a", date="2026-11-21")
    path = welcoming.post("b", date="2026-11-21")
    monday(welcoming)
    path.unlink()
    welcoming.run()
    assert welcomed(welcoming) == "a"


def test_it_is_the_last_issue_of_the_schedule_that_they_joined(
    welcoming: World,
) -> None:
    welcoming.join("eve@example.org")
    welcoming.choose("eve@example.org", cadence="instant")
    welcoming.post("a", date="2026-11-21")
    monday(welcoming)
    welcoming.post("b", date="2026-11-24")
    welcoming.run()
    assert {str(m["To"]) for m in welcoming.messages()} == {"eve@example.org"}
    welcoming.take_all()
    assert welcomed(welcoming) == "a"


def test_what_another_caught_up_with_is_not_in_it(welcoming: World) -> None:
    welcoming.join("eve@example.org")
    welcoming.choose("eve@example.org", paused_until=welcoming.time + timedelta(days=8))
    welcoming.post("a", date="2026-11-21")
    monday(welcoming)
    welcoming.post("b", date="2026-11-25")
    monday(welcoming)
    assert welcomed(welcoming) == "b"
