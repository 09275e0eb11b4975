"""The store: locked, gone, damaged, and of a newer version.

What a run cannot know any more it must not guess: it is told, and once the store is as
it was, every reader has every post once.
"""

from __future__ import annotations

import signal
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from tests.faults.bench import Bench
from tests.faults.site import (
    Sent,
    accept_restore,
    assert_all_comes_right,
    assert_told,
    everything_written,
    lying,
)
from tests.faults.tally import Tally
from tests.faults.trials import Fate, Trials

PAGE = 4096
FEWEST_PAGES = 30
SOON_S = 0.05
IMPATIENT = Fate(twists=["impatient"])


def store_of(folder: Path) -> Path:
    return folder / "var" / "pressroom.db"


def files_of(folder: Path) -> list[Path]:
    """Return the store's files: itself, and its log where there is one."""
    return sorted((folder / "var").glob("pressroom.db*"))


@contextmanager
def held(folder: Path) -> Iterator[bool]:
    """Be another program that writes to the store without end; False: it may not."""
    store = store_of(folder)
    with closing(sqlite3.connect(store, timeout=SOON_S, isolation_level=None)) as other:
        try:
            other.execute("BEGIN IMMEDIATE")
        except sqlite3.OperationalError:
            yield False
        else:
            yield True


def stop_at(trials: Trials, call: int, folder: Path) -> None:
    stop = Fate(call=call, signal=signal.SIGSTOP, twists=["impatient"])
    assert trials.run(folder, stop).status is None


def test_a_store_that_is_locked_is_told_and_later_all_comes_right(
    bench: Bench, tally: Tally
) -> None:
    with bench.copied("locked") as (trials, folder):
        before = everything_written(folder)
        with held(folder) as is_held:
            assert is_held
            ended = trials.run(folder, IMPATIENT)
        assert ended.status == 74
        assert_told(ended, "pressroom.db is in use by another program")
        assert everything_written(folder) == before
        tally.among(1)
        tally.count(assert_all_comes_right(trials, folder, bench.feeds))


def test_a_store_locked_at_any_call_of_a_run_is_told_and_loses_and_doubles_nothing(
    bench: Bench, tally: Tally
) -> None:
    told: list[int] = []

    def lock(trials: Trials, call: int, folder: Path) -> Sent:
        stop_at(trials, call, folder)
        with held(folder) as is_held:
            ended = trials.resume()
            assert ended.status == 0 or is_held, ended.output
        if ended.status:
            assert ended.status == 74
            assert_told(ended, "in use by another program")
            told.append(call)
        return assert_all_comes_right(trials, folder, bench.feeds)

    begin = bench.end_of_setting_up() + 1
    bench.try_each(range(begin, len(bench.calls) + 1), tally, lock)
    assert told


def test_a_store_taken_away_at_any_call_is_told_and_put_back_all_comes_right(
    bench: Bench, tally: Tally
) -> None:
    """As by a disk that is unmounted; what the run still writes goes to the same."""

    def take_away(trials: Trials, call: int, folder: Path) -> Sent:
        stop_at(trials, call, folder)
        (folder / "var").rename(folder / "elsewhere")
        ended = trials.resume()
        assert ended.status in (0, 73, 74), ended.output
        assert "Traceback" not in ended.output
        if ended.status:
            assert "pressroom.db" in ended.output or "cannot write" in ended.output
        if (folder / "var").exists():
            (folder / "var").rename(folder / "made-meanwhile")
        (folder / "elsewhere").rename(folder / "var")
        return assert_all_comes_right(trials, folder, bench.feeds)

    begin = bench.end_of_setting_up() + 1
    bench.try_each(range(begin, len(bench.calls) + 1), tally, take_away)


def test_a_store_that_is_gone_for_good_sends_nothing_again_and_is_told(
    bench: Bench, tally: Tally
) -> None:
    """A new store is made, but the outbox is not its own, and who read is unknown."""
    with bench.copied("gone") as (trials, folder):
        assert trials.run(folder).status == 0
        sent = lying(folder)
        for file in files_of(folder):
            file.unlink()
        ended = trials.run(folder)
        assert ended.status == 73
        assert_told(ended, "the outbox", "belongs to another store")
        tally.among(1)
        tally.count(lying(folder))
        assert lying(folder) == sent


@pytest.mark.parametrize("damage", ["zeroes", "rubbish", "an end"])
def test_a_store_damaged_at_any_page_is_told_and_put_back_all_comes_right(
    bench: Bench, tally: Tally, damage: str
) -> None:
    told: list[int] = []

    def break_page(trials: Trials, page: int, folder: Path) -> Sent:
        backup = store_of(folder).read_bytes()
        store_of(folder).write_bytes(damaged(backup, (page - 1) * PAGE, damage))
        ended = trials.run(folder)
        if ended.status:
            assert ended.status == 74, ended.output
            assert_told(ended, "pressroom.db is damaged", "put back a backup")
            told.append(page)
            for file in files_of(folder):
                file.unlink()
            store_of(folder).write_bytes(backup)
            # The damaged run may have told the ledger of something before it ended.
            sent = accept_restore(trials, folder)
            return assert_all_comes_right(trials, folder, bench.feeds, sent=sent)
        # Who looks at none of the damage has done all there is to do.
        return assert_all_comes_right(trials, folder, bench.feeds)

    with bench.copied("whole") as (_, folder):
        pages = store_of(folder).stat().st_size // PAGE
    assert pages > FEWEST_PAGES
    bench.try_each(range(1, pages + 1), tally, break_page)
    assert told


def damaged(store: bytes, at: int, damage: str) -> bytes:
    """Return the store with a page overwritten, or cut off in the middle of it."""
    if damage == "an end":
        return store[: at + PAGE // 2]
    pattern = b"\0\0" if damage == "zeroes" else b"\x5a\xa5"
    return store[:at] + pattern * (PAGE // 2) + store[at + PAGE :]


def test_a_store_of_a_newer_version_is_left_alone_and_told(
    bench: Bench, tally: Tally
) -> None:
    with bench.copied("newer") as (trials, folder):
        before = everything_written(folder)
        with closing(sqlite3.connect(store_of(folder))) as store:
            (version,) = store.execute("PRAGMA user_version").fetchone()
            store.execute("PRAGMA user_version = 9999")
        ended = trials.run(folder)
        assert ended.status == 74
        assert_told(ended, "was written by a newer Pressroom", "schema 9999")
        assert everything_written(folder) == before
        with closing(sqlite3.connect(store_of(folder))) as store:
            store.execute(f"PRAGMA user_version = {version}")
        tally.among(1)
        tally.count(assert_all_comes_right(trials, folder, bench.feeds))
