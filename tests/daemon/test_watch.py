"""The kernel tells of changed files, and what we write ourselves is passed over."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from watchfiles import Change

from pipeline.base.log import LogStyle, open_log
from pipeline.daemon import watch
from pipeline.daemon.watch import Filter, Watcher, watched_folders
from pipeline.runs.events import Events
from tests.command import PATIENCE_SECONDS
from tests.daemon.times import Watchmaker
from tests.world import CONFIG, World

QUIET_SECONDS = 0.6


@pytest.fixture
def world(tmp_path: Path) -> World:
    config = CONFIG.replace("    author: Ann\n", "    assets: [static]\n")
    world = World(tmp_path, config=config)
    (tmp_path / "static").mkdir()
    return world


@pytest.fixture
def woken() -> threading.Event:
    return threading.Event()


@pytest.fixture
def watcher(world: World, woken: threading.Event) -> Iterator[Watcher]:
    watcher = Watcher(woken.set, Events(), Watchmaker())
    watcher.follow(world.configuration())
    woken.wait(QUIET_SECONDS)  # what the set-up of the folders may still cause
    woken.clear()
    yield watcher
    watcher.stop()


@pytest.mark.parametrize(
    "path", ["content/new.md", "content/deep/er/a.md", "static/image.png"]
)
def test_a_file_that_is_written_wakes(
    world: World, watcher: Watcher, woken: threading.Event, path: str
) -> None:
    world.write(path, "words")
    assert woken.wait(PATIENCE_SECONDS)


def test_a_folder_that_comes_back_is_watched_again(
    world: World, watcher: Watcher, woken: threading.Event
) -> None:
    content = world.folder / "content"
    content.rename(world.folder / "away")
    content.mkdir()
    watcher.look_again()
    woken.wait(QUIET_SECONDS)
    woken.clear()
    world.write("content/new.md", "words")
    assert woken.wait(PATIENCE_SECONDS)


def test_after_the_end_nothing_wakes(
    world: World, watcher: Watcher, woken: threading.Event
) -> None:
    watcher.stop()
    watcher.look_again()
    world.write("content/new.md", "words")
    assert not woken.wait(QUIET_SECONDS)


def test_a_missing_folder_is_no_failure(world: World) -> None:
    (world.folder / "content").rmdir()
    (world.folder / "static").rmdir()
    watcher = Watcher(lambda: None, Events(), Watchmaker())
    watcher.follow(world.configuration())
    watcher.stop()


@pytest.mark.parametrize(
    ("path", "counts"),
    [
        ("content/post.md", True),
        ("content/a/figure.png", True),
        ("static/robots.txt", True),
        ("content/.post.md.swp", False),
        ("content/.git/index", False),
        ("public/rss.xml", False),
        ("var/pressroom.db-wal", False),
        ("outbox/new/x/1.eml", False),
        ("content/public/rss.xml", True),
    ],
)
def test_only_what_a_scan_might_see_counts(
    world: World, path: str, counts: bool
) -> None:
    wanted = Filter(world.configuration())
    assert wanted(Change.modified, str(world.folder / path)) is counts


def test_output_within_the_folder_of_posts_is_passed_over(world: World) -> None:
    world.configure(CONFIG.replace("    author: Ann\n", "    output: content/public\n"))
    wanted = Filter(world.configuration())
    assert not wanted(Change.added, str(world.folder / "content/public/rss.xml"))


@pytest.mark.parametrize(
    "settings",
    ["    author: Ann\n    output: .\n", "    author: Ann\n    output: content\n"],
)
def test_an_output_above_the_posts_hides_none_of_them(
    world: World, settings: str
) -> None:
    world.configure(CONFIG.replace("    author: Ann\n", settings))
    wanted = Filter(world.configuration())
    assert wanted(Change.modified, str(world.folder / "content/a.md"))


@pytest.mark.parametrize(
    ("path", "counts"),
    [
        ("content/a.md", True),
        ("content/lock.md", True),
        ("content/letters.db-wal", False),
        ("content/daemon.lock", False),
    ],
)
def test_a_store_among_the_posts_hides_none_of_them(
    world: World, path: str, counts: bool
) -> None:
    world.configure(f"{CONFIG}store:\n  path: content/letters.db\n")
    wanted = Filter(world.configuration())
    assert wanted(Change.modified, str(world.folder / path)) is counts


def test_folders_that_cannot_be_watched_are_told_once_and_tried_ever_less_often(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    times, tries, lines = Watchmaker(), list[float](), list[str]()

    def refuse(*_: object, **__: object) -> None:
        tries.append(times.monotonic() - 1_000)
        raise OSError("OS file watch limit reached")

    monkeypatch.setattr(watch, "watch", refuse)
    events = Events(open_log(LogStyle(), lines.append, times))
    watcher = Watcher(lambda: None, events, times)
    watcher.follow(world.configuration())
    for _ in range(31):
        assert watcher._thread
        watcher._thread.join()
        times.pass_by(1)
        watcher.look_again()
    watcher.stop()
    assert tries == [0, 2, 6, 14, 30]
    assert len(lines) == 1


def test_folders_below_a_hidden_one_are_watched_like_others(tmp_path: Path) -> None:
    world = World(tmp_path / ".sites" / "blog")
    wanted = Filter(world.configuration())
    assert wanted(Change.added, str(world.folder / "content" / "a.md"))


def test_posts_and_files_of_every_site_are_watched(world: World) -> None:
    names = [path.name for path in watched_folders(world.configuration())]
    assert names == ["content", "static"]
