"""The command as cron runs it: what it says, where, and the status it ends with."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable

import pytest

from pipeline.base.lock import exclusive_lock
from tests.command import PRESSROOM, environment, pressroom
from tests.world import World

Spoil = Callable[[World], object]


def nothing(_: World) -> None:
    """Leave the site as it is."""


def faulty_post(world: World) -> None:
    world.write("content/bad.md", "---\ntitle: No date\n---\n")


def missing_folder(world: World) -> None:
    world.configure(world.config.replace("folder: content", "folder: posts"))


def unwritable_output(world: World) -> None:
    world.write("public", "")


def damaged_store(world: World) -> None:
    world.write("var/pressroom.db", b"no database " * 100)


def wrong_setting(world: World) -> None:
    world.configure(world.config.replace("author:", "auhtor:"))


@pytest.mark.parametrize(
    ("spoil", "words", "status", "says"),
    [
        (faulty_post, "once", 65, "fault: content/bad.md: the post has no date ("),
        (faulty_post, "check", 65, "fault: content/bad.md: the post has no date ("),
        (nothing, "subscriber add nobody", 64, "error: 'nobody' is not a mail address"),
        (nothing, "once --at 2026-12-01", 64, "error: --at goes with --into DIR"),
        (nothing, "issue show 7", 66, "error: there is no issue 7; see `pressroom "),
        (nothing, "--config other.yaml once", 66, "error: there is no other.yaml; "),
        (missing_folder, "once", 66, "error: the folder of posts posts cannot be read"),
        (unwritable_output, "once", 73, "error: cannot write public: "),
        (damaged_store, "once", 74, "error: the store var/pressroom.db is damaged"),
        (damaged_store, "status", 74, "error: the store var/pressroom.db is damaged"),
        (wrong_setting, "once", 78, "error: config.yaml:5:5: sites[0].auhtor: no such"),
        (nothing, "onec", 2, "Usage: pressroom"),
        (nothing, "once --fast", 2, "Usage: pressroom once"),
    ],
)
def test_the_status_tells_the_kind_of_fault_and_stderr_which(
    world: World, spoil: Spoil, words: str, status: int, says: str
) -> None:
    world.post("a")
    spoil(world)
    done = pressroom(*words.split(), cwd=world.folder)
    assert done.returncode == status
    assert done.stderr.startswith(says)
    assert "Traceback" not in done.stderr


def test_a_run_while_another_is_under_way_comes_again_later(world: World) -> None:
    (world.folder / "var").mkdir()
    with exclusive_lock(world.folder / "var" / "lock"):
        done = pressroom("once", cwd=world.folder)
    assert (done.returncode, done.stdout) == (75, "")
    assert done.stderr.startswith("error: another run is under way (process ")
    assert done.stderr.endswith("holds var/lock): try again when it has ended\n")


def test_a_good_run_says_what_it_did_and_nothing_on_stderr(world: World) -> None:
    world.post("a", tags="[数学]")
    world.post("b")
    world.join("ann@example.org")
    first = pressroom("once", cwd=world.folder)
    assert (first.returncode, first.stderr) == (0, "")
    assert first.stdout == (
        "site: 2 posts in content, 2 public, 2 files read\n"
        "  wrote 6 feed files:\n"
        "    public/rss.xml\n"
        "    public/atom.xml\n"
        "    public/feed.json\n"
        "    public/tags/数学/rss.xml\n"
        "    public/tags/数学/atom.xml\n"
        "    public/tags/数学/feed.json\n"
        "  wrote 5 files of archives:\n"
        "    public/archive/weekly/1/index.html\n"
        "    public/archive/weekly/index.html\n"
        "    public/archive/weekly/rss.xml\n"
        "    public/archive/weekly/atom.xml\n"
        "    public/archive/weekly/feed.json\n"
        "weekly #1: Weekly #1: B\n"
        "  2 posts, 1 message in 1 batch put into the outbox\n"
        "    outbox/new/weekly-000001-001-0001\n"
        "The messages lie in outbox/new/ for your relay to take.\n"
    )
    second = pressroom("once", cwd=world.folder)
    assert (second.returncode, second.stderr) == (0, "")
    assert second.stdout == (
        "site: 2 posts in content, 2 public, none changed\n"
        "  6 feed files unchanged\n"
        "Nothing new: feeds and outbox are as they were.\n"
    )


def test_a_reader_of_its_words_who_goes_away_harms_nothing(world: World) -> None:
    world.post("a")
    reader, writer = os.pipe()
    os.close(reader)
    done = subprocess.run(
        [*PRESSROOM, "once"],
        cwd=world.folder,
        env=environment(),
        stdout=writer,
        stderr=subprocess.PIPE,
        check=False,
    )
    os.close(writer)
    assert done.stderr == b""
    assert "Words." in world.feed()
