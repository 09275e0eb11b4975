"""`pressroom once`, whole, under kill -9, a failing disk and a second run at its side.

Two posts and two readers, a batch for each. A kill is tried at every call that changes
the disk, from the first of a run that finds nothing done to the last; what else may
happen at every other, for time. A relay may be quick, and
have taken and swept whatever is public before the next run: then only the store knows
what was sent. Or it may be idle, and everything still lies there.
"""

from __future__ import annotations

import errno
import re
import shutil
import signal
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from pathlib import Path
from queue import SimpleQueue

import pytest

from pipeline.base.lock import exclusive_lock
from pipeline.outbox.spool import Spool
from tests.command import PRESSROOM, environment, pressroom
from tests.faults.shim import list_calls, run_killed_at
from tests.faults.trials import Fate, Trials
from tests.world import CONFIG, World, part, read_message

READERS = ("ann@example.org", "bob@example.org")
POSTS = ("https://example.org/a/", "https://example.org/b/")
PAGE = (
    "{% for post in posts %}{{ post.url }} {{ post.html }} {% endfor %}"
    "{{ archive_url }} {{ unsubscribe_url }}"
)
ARCHIVED = "{% for post in posts %}{{ post.url }} {{ post.html }} {% endfor %}"
ISSUE = "archive/weekly/1/"
DUE = re.compile(rb"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d")
FEWEST_CALLS = 150
AT_ONCE = 2

Sent = Counter[tuple[str, str]]
"""How often each reader was sent each post."""

EVERY_POST_ONCE = Counter({(reader, post): 1 for reader in READERS for post in POSTS})
NOTHING: Sent = Counter()

Relay = Callable[[Path], Sent]
BreakIt = Callable[[Trials, int, Path], None]


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a site with everything to do and nothing done."""
    text = CONFIG.replace("mail:", "mail:\n  batch_size: 1")
    text = text.replace("tags: all", "formats: [atom]")
    world = World(tmp_path_factory.mktemp("prepared") / "site", config=text)
    world.post("a", body="$$\\frac{a}{b}$$")
    world.post("b", body="$\\sqrt{2}$")
    # Small templates: the real ones would take half the time of every run.
    world.write("templates/digest.html", f"<html><body>{PAGE}</body></html>")
    world.write("templates/digest.txt", PAGE)
    world.write("templates/archive/issue.html", ARCHIVED)
    world.write("templates/archive/index.html", "{{ issues|length }}")
    for reader in READERS:
        world.join(reader)
    warm_cache(world.folder)
    return world.folder


def warm_cache(folder: Path) -> None:
    """Have the formulas typeset: starting their engine takes half a run's time."""
    warm = World(shutil.copytree(folder, folder.with_name("warm")), config=CONFIG)
    warm.run()
    shutil.copytree(warm.folder / "var" / "cache", folder / "var" / "cache")


@pytest.fixture(scope="module")
def servers() -> Iterator[SimpleQueue[Trials]]:
    queue: SimpleQueue[Trials] = SimpleQueue()
    with ExitStack() as running:
        for _ in range(AT_ONCE):
            queue.put(running.enter_context(Trials()))
        yield queue


class Bench:
    """Copies of one site, each to be broken in another place, a few at a time.

    `calls` are those of a run that nothing befalls, `feeds` what it leaves.
    """

    def __init__(self, site: Path, queue: SimpleQueue[Trials], scratch: Path) -> None:
        self._site = site
        self._queue = queue
        self._scratch = scratch
        with self.copied("undisturbed") as (trials, folder):
            self.calls = trials.calls(folder)
            self.feeds = feeds(folder)

    @contextmanager
    def copied(self, name: object) -> Iterator[tuple[Trials, Path]]:
        """Give a copy of the site, and somebody to run it."""
        trials = self._queue.get()
        folder = shutil.copytree(self._site, self._scratch / str(name))
        try:
            yield trials, folder
        finally:
            self._queue.put(trials)
            shutil.rmtree(folder)

    def try_each(self, points: Sequence[int], break_it: BreakIt) -> None:
        """Break a copy at every point."""

        def one(point: int) -> None:
            with self.copied(point) as (trials, folder):
                try:
                    break_it(trials, point, folder)
                except AssertionError as error:
                    error.add_note(f"at call {point}")
                    raise

        with ThreadPoolExecutor(AT_ONCE) as pool:
            list(pool.map(one, points))

    def try_every_call(self, break_it: BreakIt, step: int = 1) -> None:
        """Break a copy at every call there is, or at every other."""
        assert len(self.calls) > FEWEST_CALLS
        self.try_each(range(1, len(self.calls) + 1, step), break_it)

    def find_calls(self, name: str, path: str) -> list[int]:
        """Return the numbers of the calls of that name whose path has `path` in it."""
        return [
            n
            for n, (called, at) in enumerate(self.calls, 1)
            if called == name and re.search(path, at)
        ]


@pytest.fixture(scope="module")
def bench(
    site: Path,
    servers: SimpleQueue[Trials],
    tmp_path_factory: pytest.TempPathFactory,
) -> Bench:
    return Bench(site, servers, tmp_path_factory.mktemp("broken"))


def read(files: Iterable[Path]) -> Sent:
    messages = map(read_message, files)
    return Counter(
        (str(message["To"]), post)
        for message in messages
        for post in part(message, "plain").split()
        if post in POSTS
    )


def quick_relay(folder: Path) -> Sent:
    """Take and sweep what is public; return what was sent."""
    spool = Spool(folder / "outbox")
    sent = read(sorted(folder.glob("outbox/new/[!.]*/*.eml")))
    for name in spool.unclaimed():
        spool.claim(name)
        spool.finish(name)
        shutil.rmtree(folder / "outbox" / "sent" / name)
    return sent


def idle_relay(_: Path) -> Sent:
    """Take nothing yet."""
    return Counter()


def everything_written(folder: Path) -> dict[str, bytes]:
    """Return what lies for others to take: feeds and outbox, by path."""
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for place in ("public", "outbox")
        for path in sorted((folder / place).rglob("*"))
        if path.is_file()
    }


def feeds(folder: Path) -> dict[str, bytes]:
    """Return every file that a web server would show, but for when its issue was due.

    Here that is the time of the run.
    """
    written = everything_written(folder)
    return {
        name: DUE.sub(b"DUE", data) if name.startswith("public/archive/") else data
        for name, data in written.items()
        if name.startswith("public/") and "/." not in name
    }


def assert_no_leftovers(folder: Path) -> None:
    hidden = [
        path
        for place in ("public", "outbox", "var")
        for path in (folder / place).rglob(".*")
        if "cache" not in path.parts
    ]
    assert hidden == []


def assert_no_link_leads_nowhere(folder: Path) -> None:
    """Before a mail is public that leads to an issue's page, the page is there."""
    for path in folder.glob("outbox/new/[!.]*/*.eml"):
        assert f"https://example.org/{ISSUE}" in part(read_message(path), "plain")
        assert (folder / "public" / ISSUE / "index.html").is_file()


def assert_all_comes_right(
    trials: Trials,
    folder: Path,
    good_feeds: dict[str, bytes],
    relay: Relay = quick_relay,
    sent: Sent = NOTHING,
) -> None:
    """Run again: feeds must be whole, and each reader have each post once."""
    assert feeds(folder).items() <= good_feeds.items()
    sent = sent + relay(folder)
    mended = trials.run(folder)
    assert mended.status == 0, mended.output
    assert feeds(folder) == good_feeds
    assert_no_leftovers(folder)
    sent += read(sorted(folder.glob("outbox/new/[!.]*/*.eml")))
    assert sent == EVERY_POST_ONCE


def assert_nothing_is_left_to_do(trials: Trials, folder: Path) -> None:
    before = everything_written(folder)
    assert "Nothing new" in trials.run(folder).output
    assert everything_written(folder) == before


def test_a_kill_at_any_call_loses_and_doubles_nothing(bench: Bench) -> None:
    def kill(trials: Trials, call: int, folder: Path) -> None:
        assert trials.run(folder, Fate(call=call)).status == -signal.SIGKILL
        assert_no_link_leads_nowhere(folder)
        assert_all_comes_right(trials, folder, bench.feeds)
        assert_nothing_is_left_to_do(trials, folder)

    bench.try_every_call(kill)


def test_a_kill_does_no_harm_either_while_everything_still_lies_in_the_outbox(
    bench: Bench,
) -> None:
    def kill(trials: Trials, call: int, folder: Path) -> None:
        assert trials.run(folder, Fate(call=call)).status == -signal.SIGKILL
        assert_all_comes_right(trials, folder, bench.feeds, idle_relay)
        assert_nothing_is_left_to_do(trials, folder)

    (first_public,) = bench.find_calls("rename", r"/new/\..+-0001\.")
    bench.try_each(range(first_public, len(bench.calls) + 1), kill)


@pytest.mark.parametrize(
    ("name", "path"),
    [("rename", r"/new/\..+-0001\."), ("write", r"-0002\..+/00000001\.eml$")],
    ids=["one batch is sealed and not public", "one is public and one half staged"],
)
def test_a_kill_at_any_call_of_the_recovery_loses_and_doubles_nothing(
    bench: Bench, name: str, path: str
) -> None:
    first = Fate(call=bench.find_calls(name, path)[0])
    with bench.copied("recovery") as (trials, folder):
        trials.run(folder, first)
        total = len(trials.calls(folder))

    def kill_twice(trials: Trials, call: int, folder: Path) -> None:
        trials.run(folder, first)
        sent = quick_relay(folder)
        assert trials.run(folder, Fate(call=call)).status == -signal.SIGKILL
        assert_all_comes_right(trials, folder, bench.feeds, sent=sent)

    assert total > FEWEST_CALLS / 3
    bench.try_each(range(1, total + 1, 2), kill_twice)


@pytest.mark.parametrize(
    ("error", "lasting", "step"),
    [(errno.ENOSPC, False, 2), (errno.EIO, True, 3)],
    ids=["full for a moment", "broken"],
)
def test_a_disk_failing_at_any_call_is_told_and_loses_and_doubles_nothing(
    bench: Bench, error: int, lasting: bool, step: int
) -> None:
    def fail(trials: Trials, call: int, folder: Path) -> None:
        ended = trials.run(folder, Fate(call=call, error=error, lasting=lasting))
        assert ended.status in (0, 73, 74), ended.output
        assert "Traceback" not in ended.output
        assert ended.status == 0 or "error: " in ended.output
        assert_all_comes_right(trials, folder, bench.feeds)

    bench.try_every_call(fail, step)


def test_the_control_that_renames_before_it_commits_doubles(bench: Bench) -> None:
    def results() -> Iterator[Sent]:
        (rename,) = bench.find_calls("rename", r"/new/\..+-0001\.")
        for call in range(rename - 10, rename + 10):
            with bench.copied(call) as (trials, folder):
                trials.run(folder, Fate(call=call, twists=["publish-first"]))
                sent = quick_relay(folder)
                trials.run(folder)
                yield sent + quick_relay(folder)

    assert any(result > EVERY_POST_ONCE for result in results())


def test_a_run_that_overtakes_another_at_any_call_loses_and_doubles_nothing(
    bench: Bench,
) -> None:
    """The lock is a courtesy, the transaction the guarantee: here nobody locks."""
    calls_of_lock = sum(path.endswith("/lock") for _, path in bench.calls)
    # While one sets up SQLite's log the other would wait for 10 s, at each of 9 calls.
    begin = max(bench.find_calls("pwrite64", "-shm$")) + 1

    def overtake(trials: Trials, call: int, folder: Path) -> None:
        stop = call - calls_of_lock
        fate = Fate(call=stop, signal=signal.SIGSTOP, twists=["unlocked"])
        assert trials.run(folder, fate).status is None
        overtaking = trials.run(folder, Fate(twists=["unlocked"]))
        sent = quick_relay(folder)
        overtaken = trials.resume()
        for ended in (overtaking, overtaken):
            assert ended.status in (0, 73, 74), ended.output
            assert "Traceback" not in ended.output
        assert_all_comes_right(trials, folder, bench.feeds, sent=sent)

    assert len(bench.calls) - begin > FEWEST_CALLS
    bench.try_each(range(begin, len(bench.calls) + 1, 2), overtake)


def test_who_leaves_at_any_call_of_a_run_gets_nothing_from_it(bench: Bench) -> None:
    leaver, stayer = READERS
    without_leaver = Counter({(stayer, post): 1 for post in POSTS})
    taken: list[bool] = []

    def leave(trials: Trials, call: int, folder: Path) -> None:
        assert trials.run(folder, Fate(call=call, signal=signal.SIGSTOP)).status is None
        left = trials.run(
            folder, Fate(twists=["unlocked"], words=("subscriber", "remove", leaver))
        )
        assert trials.resume().status == 0
        # The run may be amid a transaction: then the owner is told to try again.
        taken.append(left.status == 0)
        assert left.status == 0 or "in use by another program" in left.output
        sent = read(sorted(folder.glob("outbox/new/[!.]*/*.eml")))
        assert sent == (without_leaver if left.status == 0 else EVERY_POST_ONCE)

    begin = max(bench.find_calls("pwrite64", "-shm$")) + 1
    bench.try_each(range(begin, len(bench.calls) + 1, 2), leave)
    assert taken.count(True) > FEWEST_CALLS / 6


def test_a_process_of_its_own_killed_around_the_decision_does_no_harm(
    site: Path, bench: Bench, tmp_path: Path
) -> None:
    """The trials above are forks; this is the command as cron runs it."""
    argv = [sys.executable, *PRESSROOM[1:], "once"]
    env = environment()
    counted = shutil.copytree(site, tmp_path / "counted")
    names = [name for name, _ in list_calls(argv, env, counted)]
    renames = [n for n, name in enumerate(names, 1) if name == "rename"]
    for call in (renames[-1] - 1, renames[-1], renames[-1] + 1):
        folder = shutil.copytree(site, tmp_path / str(call))
        run_killed_at(call, argv, env, folder)
        with bench.copied("unused") as (trials, _):
            assert_all_comes_right(trials, folder, bench.feeds)


def test_of_two_runs_at_the_same_time_one_is_told_to_come_again(site: Path) -> None:
    with exclusive_lock(site / "var" / "lock"):
        done = pressroom("once", cwd=site)
    assert (done.returncode, done.stdout) == (75, "")
    assert "another run is under way" in done.stderr
    assert "Traceback" not in done.stderr
