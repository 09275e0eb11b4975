"""An issue for very many readers of 40 choices: each gets exactly what they chose."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product
from pathlib import Path

import pytest

from pipeline.base.clock import to_micros
from tests.world import CONFIG, World

CADENCES = ("own", "daily")
TOPICS: tuple[dict[str, list[str]], ...] = (
    {},
    {"tags": ["maths"]},
    {"tags": ["music", "maths"]},
    {"languages": ["zh"]},
    {"authors": ["Bo"]},
)
LANGUAGES = ("", "en", "zh-CN", "fr")
CHOICES = tuple(product(CADENCES, TOPICS, LANGUAGES))
FEW, MANY = 5_000, 100_000

# Tags, author, language and work of each post.
POSTS = {
    "a": ("maths", "Ann", "en", "one"),
    "b": ("maths", "Ann", "zh", "one"),
    "c": ("music", "Bo", "en", "three"),
    "d": ("cooking", "Bo", "zh", "four"),
    "e": ("cooking", "Ann", "en", "five"),
}
PAGE = "{% for post in posts %}{{ post.url }} {% endfor %}{{ unsubscribe_url }}"
URL = re.compile(rb"https://example\.org/([a-e])/")
TO = re.compile(rb"X-Receiver: <r(\d+)@")


@dataclass(frozen=True)
class Reader:
    """What reader `n` chose."""

    cadence: str
    topics: dict[str, list[str]]
    language: str

    @classmethod
    def of(cls, n: int) -> Reader:
        return cls(*CHOICES[n % len(CHOICES)])

    def posts(self) -> str:
        """Return what they must get, asked post by post."""
        chosen = {name for name in POSTS if self.wants(name)}
        if {"a", "b"} <= chosen:
            chosen.discard("a" if self.language == "zh-CN" else "b")
        return "".join(sorted(chosen))

    def wants(self, name: str) -> bool:
        tag, author, language, _ = POSTS[name]
        return (
            tag in self.topics.get("tags", [tag])
            and author in self.topics.get("authors", [author])
            and language in self.topics.get("languages", [language])
        )


def site(folder: Path, readers: int) -> World:
    """Return a site that has begun, with so many readers."""
    text = CONFIG.replace("backfill: 5", "backfill: 0\n    cadences: daily")
    text = text.replace("mail:", "outbox:\n  ahead: 1000\nmail:\n  most_variants: 9")
    world = World(folder, config=text)
    world.write("templates/digest.html", f"<html><body>{PAGE}</body></html>")
    world.write("templates/digest.txt", PAGE)
    world.run()
    subscribe(world, readers)
    world.run()
    for name, (tag, author, language, work) in POSTS.items():
        world.post(
            name,
            date="2026-11-21",
            tags=f"[{tag}]",
            author=author,
            language=language,
            translationKey=work,
        )
    return world


def subscribe(world: World, readers: int) -> None:
    """Put readers into the store, as if each had chosen by hand."""
    created = to_micros(world.time)
    database = world.store()
    with database.transaction() as tx:
        tx.run_many(
            "INSERT INTO subscribers (id, address, key, state, language, name, source, "
            "created) VALUES (:id, :address, :address, 'active', '', '', '', :created)",
            (
                {"id": n, "address": f"r{n}@example.org", "created": created}
                for n in range(1, readers + 1)
            ),
        )
        tx.run_many(
            "INSERT INTO subscriptions (subscriber, newsletter, cadence, coverage, "
            "created, topics, language) VALUES (:id, 'weekly', :cadence, 0, :created, "
            ":topics, :language)",
            (
                {
                    "id": n,
                    "cadence": reader.cadence,
                    "created": created,
                    "topics": json.dumps(reader.topics) if reader.topics else "",
                    "language": reader.language,
                }
                for n in range(1, readers + 1)
                for reader in [Reader.of(n)]
            ),
        )
    database.close()


def sent(world: World) -> Iterator[tuple[int, str]]:
    """Yield each message of the outbox: whose it is, and the posts in it."""
    for file in (world.folder / "outbox" / "new").glob("[!.]*/*.eml"):
        data = file.read_bytes()
        (to,) = TO.findall(data)
        posts = {post.decode() for post in URL.findall(data)}
        yield int(to), "".join(sorted(posts))


@pytest.mark.parametrize(
    "readers", [FEW, pytest.param(MANY, marks=pytest.mark.slow)], ids="{:,}".format
)
def test_each_of_many_readers_gets_exactly_what_they_chose(
    tmp_path: Path, readers: int
) -> None:
    assert len(CHOICES) == 40
    world = site(tmp_path / "site", readers)
    world.later(days=3)
    report = world.run()
    assert report.errors == []
    assert {issue.cadence for issue in report.issues} == set(CADENCES)
    got = list(sent(world))
    assert max(Counter(reader for reader, _ in got).values()) == 1
    assert dict(got) == {
        n: posts for n in range(1, readers + 1) if (posts := Reader.of(n).posts())
    }
