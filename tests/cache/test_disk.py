"""Results that may be deleted at any time: kept whole, bounded, and shared."""

from __future__ import annotations

import errno
import multiprocessing
import os
import shutil
import sys
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.base.clock import FixedClock
from pipeline.cache.disk import Cache, cache_key
from tests.faults.shim import count_calls, run_failing_at, run_killed_at

ROOT = Path(__file__).parents[2]
NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
KEY = cache_key("one")
ROOMY = 1_000_000
CHECKSUM_BYTES = 32


def cache_in(folder: Path, max_bytes: int = ROOMY) -> Cache:
    return Cache(folder, max_bytes, FixedClock(NOW))


def entry(folder: Path, key: str = KEY) -> Path:
    return folder / key[:2] / key[2:]


def set_used(path: Path, ago: timedelta) -> None:
    then = (NOW - ago).timestamp()
    os.utime(path, (then, then))


def files_of(folder: Path) -> set[str]:
    return {path.name for path in folder.rglob("*") if path.is_file()}


def putting(folder: Path) -> list[str]:
    body = (
        "from pathlib import Path; from pipeline.cache.disk import Cache; "
        f"Cache(Path({str(folder)!r}), {ROOMY}).put({KEY!r}, b'new')"
    )
    return [sys.executable, "-c", body]


def test_what_is_put_comes_back(tmp_path: Path) -> None:
    cache = cache_in(tmp_path / "made" / "cache")

    assert cache.get(KEY) is None
    cache.put(KEY, b"\x00png")
    cache.put(cache_key("two"), b"")

    assert cache.get(KEY) == b"\x00png"
    assert cache.get(cache_key("two")) == b""


def test_a_second_result_takes_the_place_of_the_first(tmp_path: Path) -> None:
    cache = cache_in(tmp_path)
    cache.put(KEY, b"one")
    cache.put(KEY, b"two")

    assert cache.get(KEY) == b"two"
    assert files_of(tmp_path) == {"CACHEDIR.TAG", KEY[2:]}


def test_backups_are_told_to_pass_over_it(tmp_path: Path) -> None:
    cache_in(tmp_path / "cache").put(KEY, b"one")

    tag = (tmp_path / "cache" / "CACHEDIR.TAG").read_bytes()

    assert tag.startswith(b"Signature: 8a477f597d28d172789f06886806bc55\n")


@pytest.mark.parametrize(
    "key", ["", "abcdef", "../../etc/passwd", "ABCDEF0123", "0" * 129, "01234567\n"]
)
def test_only_hex_is_a_key(tmp_path: Path, key: str) -> None:
    with pytest.raises(ValueError, match="not a cache key"):
        cache_in(tmp_path).get(key)
    with pytest.raises(ValueError, match="not a cache key"):
        cache_in(tmp_path).put(key, b"")


@settings(max_examples=60, deadline=None)
@given(st.lists(st.lists(st.text() | st.binary()), unique_by=repr, max_size=6))
def test_no_two_lists_of_parts_share_a_key(lists: list[list[str | bytes]]) -> None:
    assert len({cache_key(*parts) for parts in lists}) == len(lists)


def test_parts_are_told_apart_by_kind_and_place(tmp_path: Path) -> None:
    keys = {
        cache_key(*parts)
        for parts in (
            ("ab",),
            ("a", "b"),
            ("", "ab"),
            ("ab", ""),
            (b"ab",),
            (),
            ("\ud800",),
        )
    }

    assert len(keys) == 7
    assert all(len(key) == 64 for key in keys)


@pytest.mark.parametrize(
    "torn",
    [b"", b"short", b"\x00" * 200, b"one", b"x" * (ROOMY + CHECKSUM_BYTES + 1)],
    ids=["empty", "short", "zeros", "foreign", "larger than any"],
)
def test_a_torn_or_foreign_file_is_missing_and_goes(
    tmp_path: Path, torn: bytes
) -> None:
    cache = cache_in(tmp_path)
    cache.put(KEY, b"one")
    entry(tmp_path).write_bytes(torn)

    assert cache.get(KEY) is None
    assert not entry(tmp_path).exists()


@settings(max_examples=60, deadline=None)
@given(data=st.binary(max_size=300), cut=st.integers(0, 400), flip=st.integers(0, 255))
def test_no_damage_goes_unseen(
    tmp_path_factory: pytest.TempPathFactory, data: bytes, cut: int, flip: int
) -> None:
    folder = tmp_path_factory.mktemp("cache")
    cache = cache_in(folder)
    cache.put(KEY, data)
    whole = entry(folder).read_bytes()
    place = cut % len(whole)
    damaged = whole[:place] + bytes([whole[place] ^ flip]) + whole[place + 1 :]
    entry(folder).write_bytes(damaged if flip else whole[:place])

    assert cache.get(KEY) is None


def test_an_entry_under_another_key_is_foreign(tmp_path: Path) -> None:
    cache = cache_in(tmp_path)
    other = cache_key("two")
    cache.put(KEY, b"one")
    cache.put(other, b"two")
    shutil.copy(entry(tmp_path, KEY), entry(tmp_path, other))

    assert cache.get(other) is None


def _put_file(place: Path) -> None:
    place.write_bytes(b"in the way")


def _put_folder(place: Path) -> None:
    (place / "inside").mkdir(parents=True)


def _put_link(place: Path) -> None:
    place.symlink_to(place.parent / "elsewhere")


@pytest.mark.parametrize("make", [_put_folder, _put_link, os.mkfifo])
def test_what_is_no_file_in_an_entrys_place_is_missing(
    tmp_path: Path, make: object
) -> None:
    cache = cache_in(tmp_path)
    entry(tmp_path).parent.mkdir()
    assert callable(make)
    make(entry(tmp_path))

    assert cache.get(KEY) is None
    cache.put(KEY, b"one")
    assert cache.get(KEY) == (None if make is _put_folder else b"one")
    assert not list(tmp_path.rglob(".tmp-*"))


@pytest.mark.parametrize("depth", [0, 1])
def test_a_file_where_a_folder_should_be_costs_only_the_result(
    tmp_path: Path, depth: int
) -> None:
    folder = tmp_path / "cache"
    blocked = entry(folder).parents[1 - depth]
    blocked.parent.mkdir(exist_ok=True)
    _put_file(blocked)
    cache = cache_in(folder)

    cache.put(KEY, b"one")
    cache.trim()

    assert cache.get(KEY) is None
    assert blocked.read_bytes() == b"in the way"


def test_a_folder_that_nobody_can_make_costs_only_the_result() -> None:
    cache = cache_in(Path("/proc/no/such/cache"))

    cache.put(KEY, b"one")
    cache.trim()

    assert cache.get(KEY) is None


@pytest.mark.parametrize("error", [errno.ENOSPC, errno.EROFS, errno.EIO])
@pytest.mark.parametrize("stays", [False, True])
def test_a_disk_that_refuses_any_call_costs_only_the_result(
    tmp_path: Path, error: int, stays: bool
) -> None:
    total = count_calls(putting(tmp_path / "counted"), cwd=ROOT)
    for n in range(1, total + 1):
        folder = tmp_path / str(n)
        done = run_failing_at(n, error, putting(folder), cwd=ROOT, stays=stays)
        assert (done.returncode, done.stderr) == (0, "")
        assert cache_in(folder).get(KEY) in (None, b"new")


def test_a_kill_at_any_call_leaves_the_old_result_or_the_new(tmp_path: Path) -> None:
    cache_in(tmp_path).put(KEY, b"old")
    total = count_calls(putting(tmp_path), cwd=ROOT)
    for n in range(1, total + 1):
        cache_in(tmp_path).put(KEY, b"old")
        run_killed_at(n, putting(tmp_path), cwd=ROOT)
        assert cache_in(tmp_path).get(KEY) == b"old"


def test_a_result_larger_than_the_whole_cache_is_not_kept(tmp_path: Path) -> None:
    cache = cache_in(tmp_path, max_bytes=10)
    cache.put(KEY, b"x" * 11)

    assert cache.get(KEY) is None
    assert files_of(tmp_path) == set()


def test_reading_an_entry_marks_it_used_once_a_day(tmp_path: Path) -> None:
    cache = cache_in(tmp_path)
    cache.put(KEY, b"one")
    set_used(entry(tmp_path), timedelta(hours=23))
    before = entry(tmp_path).stat().st_mtime_ns
    cache.get(KEY)
    assert entry(tmp_path).stat().st_mtime_ns == before

    set_used(entry(tmp_path), timedelta(hours=25))
    before = entry(tmp_path).stat().st_mtime_ns
    cache.get(KEY)
    assert entry(tmp_path).stat().st_mtime_ns > before


def fill(cache: Cache, folder: Path, ages_hours: list[int]) -> list[str]:
    """Put an entry of 100 bytes for each age; return their keys."""
    keys = [cache_key(str(n)) for n in range(len(ages_hours))]
    for key, hours in zip(keys, ages_hours, strict=True):
        cache.put(key, b"x" * (100 - CHECKSUM_BYTES))
        set_used(entry(folder, key), timedelta(hours=hours))
    return keys


def test_within_its_bound_nothing_is_trimmed(tmp_path: Path) -> None:
    cache = cache_in(tmp_path, max_bytes=1_000)
    keys = fill(cache, tmp_path, [*range(10)])
    cache.trim()

    assert all(cache.get(key) for key in keys)


def test_over_its_bound_the_least_recently_used_go_down_to_90_percent(
    tmp_path: Path,
) -> None:
    cache = cache_in(tmp_path, max_bytes=1_000)
    keys = fill(cache, tmp_path, [5, 0, 9, 1, 11, 2, 10, 3, 4, 6, 7])
    cache.trim()

    gone = [keys[4], keys[6]]
    assert [key for key in keys if cache.get(key) is None] == gone


@settings(max_examples=40, deadline=None)
@given(ages=st.lists(st.integers(0, 999), max_size=25), bound=st.integers(0, 2_000))
def test_a_trimmed_cache_is_within_its_bound_and_keeps_what_was_used_last(
    tmp_path_factory: pytest.TempPathFactory, ages: list[int], bound: int
) -> None:
    folder = tmp_path_factory.mktemp("cache")
    keys = fill(cache_in(folder), folder, ages)
    cache = cache_in(folder, bound)
    cache.trim()

    by_age = dict(zip(keys, ages, strict=True))
    kept = {key for key in keys if entry(folder, key).exists()}
    assert len(kept) * 100 <= bound
    ages_gone = [by_age[key] for key in keys if key not in kept]
    assert all(by_age[key] <= min(ages_gone, default=999) for key in kept)
    assert bool(ages_gone) == (len(ages) * 100 > bound)


def test_leftovers_of_a_crash_go_after_an_hour_and_a_writer_at_work_stays(
    tmp_path: Path,
) -> None:
    cache = cache_in(tmp_path)
    cache.put(KEY, b"one")
    old, new = (entry(tmp_path).with_name(f".tmp-{digit * 16}") for digit in "01")
    for leftover, minutes in ((old, 61), (new, 59)):
        leftover.write_bytes(b"half")
        set_used(leftover, timedelta(minutes=minutes))
    cache.trim()

    assert not old.exists()
    assert new.exists()


def test_what_no_cache_wrote_is_never_removed(tmp_path: Path) -> None:
    (tmp_path / "posts").mkdir()
    (tmp_path / "ab").mkdir()
    strangers = [tmp_path / "posts" / "abcdef01", tmp_path / "ab" / "a.md"]
    for stranger in (*strangers, tmp_path / "abcdef01"):
        stranger.write_bytes(b"x" * 100)
    cache_in(tmp_path, max_bytes=0).trim()

    assert all(stranger.exists() for stranger in strangers)


def test_an_entry_that_cannot_be_removed_does_not_stop_the_trim(tmp_path: Path) -> None:
    cache = cache_in(tmp_path, max_bytes=100)
    keys = fill(cache, tmp_path, [9, 1])
    entry(tmp_path, keys[0]).unlink()
    _put_folder(entry(tmp_path, keys[0]))
    set_used(entry(tmp_path, keys[0]), timedelta(hours=9))
    cache.trim()

    assert not entry(tmp_path, keys[1]).exists()


def test_a_cache_deleted_while_in_use_begins_anew(tmp_path: Path) -> None:
    cache = cache_in(tmp_path / "cache")
    cache.put(KEY, b"one")
    shutil.rmtree(tmp_path / "cache")

    assert cache.get(KEY) is None
    cache.trim()
    cache.put(KEY, b"two")
    assert cache.get(KEY) == b"two"
    assert (tmp_path / "cache" / "CACHEDIR.TAG").exists()


def _data(number: int) -> bytes:
    return f"{number} ".encode() * 500


def _hammer(folder: Path, rounds: int) -> None:
    """Put, get and trim the same keys; end 1 if ever a wrong result comes back."""
    cache = Cache(folder, 20_000)
    for number in range(rounds):
        key = cache_key(str(number % 20))
        found = cache.get(key)
        if found not in (None, _data(number % 20)):
            sys.exit(1)
        cache.put(key, _data(number % 20))
        if number % 25 == 0:
            cache.trim()


@pytest.fixture
def hammers(tmp_path: Path) -> Iterator[Sequence[multiprocessing.process.BaseProcess]]:
    context = multiprocessing.get_context("spawn")
    processes = [
        context.Process(target=_hammer, args=(tmp_path / "cache", 400))
        for _ in range(2)
    ]
    for process in processes:
        process.start()
    yield processes
    for process in processes:
        process.kill()
        process.join()


def test_two_processes_and_someone_who_deletes_everything_do_no_harm(
    tmp_path: Path, hammers: Sequence[multiprocessing.process.BaseProcess]
) -> None:
    while any(process.is_alive() for process in hammers):
        shutil.rmtree(tmp_path / "cache", ignore_errors=True)
        hammers[0].join(0.02)

    assert [process.exitcode for process in hammers] == [0, 0]
