"""A second run opens no unchanged file, renders nothing, and still knows the time."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from io import BytesIO

import pytest
from PIL import Image

from tests.command import ROOT, environment
from tests.world import CONFIG, World

POSTS = 500
PICTURES = 7


# An audit hook cannot be taken off again, hence a process of its own.
WATCHED_RUN = """
import json, sys
from datetime import datetime
from pathlib import Path
from pipeline.base.clock import FixedClock
from pipeline.config.load import load_configuration
from pipeline.runs.once import run_once
from pipeline.runs.report import Silent

folder, time = Path(sys.argv[1]), datetime.fromisoformat(sys.argv[2])
content, opened = str(folder / "content") + "/", []

def watch(event, arguments):
    if event == "open" and str(arguments[0]).startswith(content):
        opened.append(str(arguments[0]).removeprefix(content))

sys.addaudithook(watch)
configuration = load_configuration(folder / "config.yaml").configuration
report = run_once(configuration, FixedClock(time), Silent())
(site,) = report.sites
print(json.dumps({
    "opened": opened,
    "told": site.opened,
    "rendered": site.rendered,
    "live": site.live,
    "written": [path.name for path in site.written],
    "changed": report.changed(),
}))
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What a run did; `opened` are the files below content/ it really opened."""

    opened: list[str]
    told: int
    rendered: int
    live: int
    written: list[str]
    changed: bool


def run_watched(world: World) -> Seen:
    argv = [sys.executable, "-c", WATCHED_RUN, world.folder, world.time.isoformat()]
    done = subprocess.run(
        argv, cwd=ROOT, env=environment(), capture_output=True, text=True, check=True
    )
    return Seen(**json.loads(done.stdout))


def posts_opened(seen: Seen) -> list[str]:
    """Return the posts that were opened; pictures of others may have been measured."""
    return [name for name in seen.opened if not name.startswith("img/")]


def picture() -> bytes:
    out = BytesIO()
    Image.new("RGB", (3, 2)).save(out, "PNG")
    return out.getvalue()


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> World:
    """Return a site of 500 posts that was run once."""
    world = World(tmp_path_factory.mktemp("large") / "site", config=CONFIG)
    day = datetime(2025, 1, 1, tzinfo=UTC)
    for n in range(POSTS):
        body = f"Words of $x_{n}$, 第 {n} 篇。\n\n![图](../img/{n % PICTURES}.png)"
        date = (day + timedelta(days=n)).date().isoformat()
        world.post(f"2026/post-{n:03}", body=body, date=date, tags=f"[t{n % 9}, 数学]")
    for n in range(PICTURES):
        world.write(f"content/img/{n}.png", picture())
    world.post("2026/post-007", date="2026-11-21 12:00:00", title="Future")
    world.post("2026/post-008", date="2026-11-19", expiryDate="2026-11-22")
    world.join("ann@example.org")
    first = run_watched(world)
    assert first.told == POSTS
    assert len(set(first.opened)) == POSTS + PICTURES
    # A picture a few times, for feeds and mail, not for each post that shows it.
    assert len(first.opened) <= POSTS + 4 * PICTURES
    assert first.rendered > 20
    assert first.live == POSTS - 1
    return world


def test_a_second_run_opens_and_renders_nothing(world: World) -> None:
    world.later(minutes=5)
    before = world.feeds()
    seen = run_watched(world)
    assert seen.opened == []
    assert (seen.told, seen.rendered, seen.written) == (0, 0, [])
    assert not seen.changed
    assert world.feeds() == before


def test_only_what_was_touched_is_opened(world: World) -> None:
    world.later(minutes=5)
    path = world.write(
        "content/2026/post-499.md", "---\ntitle: N\ndate: 2026-05-15\n---\nNew words.\n"
    )
    name = str(path.relative_to(path.parents[1]))
    assert posts_opened(run_watched(world)) == [name]
    world.later(minutes=5)
    os.utime(path, ns=(1, 1))
    assert run_watched(world).opened == ["2026/post-499.md"]
    world.later(minutes=5)
    assert run_watched(world).opened == []


def test_a_file_replaced_by_one_of_the_same_size_and_time_is_opened(
    world: World,
) -> None:
    world.later(minutes=5)
    path = world.folder / "content" / "2026" / "post-100.md"
    stat, text = path.stat(), path.read_text(encoding="utf-8")
    other = path.with_suffix(".new")
    other.write_text(text.replace("Words", "Deeds"), encoding="utf-8")
    os.utime(other, ns=(stat.st_atime_ns, stat.st_mtime_ns))
    os.replace(other, path)
    assert (path.stat().st_size, path.stat().st_mtime_ns) == (
        stat.st_size,
        stat.st_mtime_ns,
    )
    assert posts_opened(run_watched(world)) == ["2026/post-100.md"]


def test_a_future_date_and_an_expiry_come_true_without_opening_a_file(
    world: World,
) -> None:
    assert "<title>Future</title>" not in world.feed()
    assert "<title>2026/post-008</title>" in world.feed()
    world.later(days=3)
    seen = run_watched(world)
    assert seen.opened == []
    assert seen.written
    assert seen.live == POSTS - 1
    assert "<title>Future</title>" in world.feed()
    assert "<title>2026/post-008</title>" not in world.feed()
