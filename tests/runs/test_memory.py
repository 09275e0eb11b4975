"""What a daemon remembers between passes: less is read, and the same comes out."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.runs.once import Works
from pipeline.runs.report import Report, Silent
from pipeline.runs.sites.memory import Standing
from tests.world import World

Change = Callable[[World], object]


@dataclass
class Passes:
    """Pass after pass over a world, by works that remember."""

    world: World

    def __post_init__(self) -> None:
        self.works = Works(self.world.configuration(), self)

    def now(self) -> datetime:
        return self.world.time

    def run(self) -> Report:
        self.world.later(minutes=5)
        return self.works.run(Silent())

    def remembered(self) -> Standing | None:
        return self.works._memory._standings.get("site")

    def as_stored(self) -> Standing:
        database = self.world.store()
        try:
            return Standing.read(database, "site", self.world.time)
        finally:
            database.close()


@pytest.fixture
def passes(tmp_path: Path) -> Iterator[Passes]:
    passes = Passes(World(tmp_path))
    for name in ("one", "two", "three"):
        passes.world.post(name)
    passes.run()
    yield passes
    passes.works.close()


def remove(name: str) -> Change:
    return lambda world: (world.folder / f"content/{name}.md").unlink(missing_ok=True)


def rename(old: str, new: str) -> Change:
    def move(world: World) -> None:
        path = world.folder / f"content/{old}.md"
        if path.exists():
            path.rename(world.folder / f"content/{new}.md")

    return move


def swap(world: World) -> None:
    one, two = (world.folder / f"content/{name}.md" for name in ("one", "two"))
    if one.exists() and two.exists():
        texts = one.read_bytes(), two.read_bytes()
        two.write_bytes(texts[0])
        one.write_bytes(texts[1])


CHANGES: dict[str, Change] = {
    "edited": lambda world: world.post("one", "Other words."),
    "retitled": lambda world: world.post("one", title="Uno"),
    "new": lambda world: world.post("a-new"),
    "moved to another address": lambda world: world.post("one", slug="uno"),
    "same address as another": lambda world: world.post("two", slug="one"),
    "an id of its own": lambda world: world.post("two", id="urn:two"),
    "the id of another": lambda world: world.post("three", id="urn:two"),
    "a draft": lambda world: world.post("one", draft="true"),
    "a copy": lambda world: world.post("copy", title="One"),
    "in the future": lambda world: world.post("one", date="2026-11-21"),
    "broken": lambda world: world.write("content/one.md", "---\ntitle: [\n---\n"),
    "removed": remove("one"),
    "renamed": rename("two", "deux"),
    "swapped": swap,
    "nothing": lambda world: None,
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_a_change_leaves_in_memory_what_is_in_the_store(
    passes: Passes, change: Change
) -> None:
    change(passes.world)
    passes.run()
    remembered = passes.remembered()
    assert remembered == passes.as_stored()
    assert remembered
    assert list(remembered.present) == sorted(remembered.present)


@settings(max_examples=8, deadline=None)
@given(st.lists(st.sampled_from(sorted(CHANGES)), min_size=2, max_size=6))
def test_so_do_many_changes_one_after_another(
    tmp_path_factory: pytest.TempPathFactory, names: list[str]
) -> None:
    passes = Passes(World(tmp_path_factory.mktemp("site")))
    passes.world.post("one")
    passes.world.post("two")
    for name in names:
        CHANGES[name](passes.world)
        passes.run()
        assert passes.remembered() == passes.as_stored()
    passes.works.close()


def test_feeds_come_out_as_without_memory(passes: Passes, tmp_path: Path) -> None:
    world = passes.world
    for change in CHANGES.values():
        change(world)
        passes.run()
    with_memory = {name: data for name, (data, _) in world.feeds().items()}
    for path in (tmp_path / "public").rglob("*.xml"):
        path.unlink()
    world.run()
    assert {name: data for name, (data, _) in world.feeds().items()} == with_memory


def test_what_somebody_else_writes_is_read_again(passes: Passes) -> None:
    passes.world.post("four")
    passes.world.run()  # a `pressroom once` beside the daemon
    assert passes.works.is_called()
    report = passes.run()
    assert report.sites[0].opened == 0
    assert not passes.works.is_called()
    assert passes.remembered() == passes.as_stored()


def test_a_store_put_in_its_place_is_another_one(passes: Passes) -> None:
    store = passes.world.folder / "var" / "pressroom.db"
    for path in store.parent.glob("pressroom.db*"):
        path.unlink()
    assert passes.works.is_called()
    assert passes.run().sites[0].opened == 3
    assert passes.remembered() == passes.as_stored()


def test_one_that_can_no_longer_be_read_is_opened_anew(passes: Passes) -> None:
    store = passes.works._store
    assert store
    store.close()
    assert passes.works.is_called()
    passes.world.post("four")
    assert passes.run().sites[0].opened == 1


def test_what_is_long_gone_is_looked_at_again_another_day(passes: Passes) -> None:
    remove("one")(passes.world)
    passes.run()
    passes.world.later(days=40)
    passes.run()
    gone = [one for one in passes.as_stored().known.values() if one.remains]
    assert [one.path for one in gone] == ["one.md"]
    assert passes.remembered() == passes.as_stored()
