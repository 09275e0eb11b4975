"""A disk that is full for real: one in memory, of every size that is too small."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from queue import SimpleQueue

import pytest

from tests.capability import require_block_devices
from tests.faults.bench import Bench
from tests.faults.points import chosen
from tests.faults.site import assert_all_comes_right, assert_told
from tests.faults.tally import Tally
from tests.faults.trials import Trials

PAGE = 4096
AMPLE = 64 << 20
FEWEST_SIZES = 10


@pytest.fixture
def trials(servers: SimpleQueue[Trials]) -> Iterator[Trials]:
    one = servers.get()
    yield one
    servers.put(one)


@contextmanager
def disk_of(size: int, folder: Path) -> Iterator[None]:
    """Have a disk of `size` octets at `folder`."""
    mount("-t", "tmpfs", "-o", f"size={size}", "none", folder)
    try:
        yield
    finally:
        subprocess.run(["umount", folder], check=True)


def mount(*words: object) -> None:
    subprocess.run(["mount", *map(str, words)], check=True)


def used(folder: Path) -> int:
    return shutil.disk_usage(folder).used


def test_a_disk_too_small_by_any_page_is_told_and_loses_and_doubles_nothing(
    site: Path, bench: Bench, trials: Trials, tally: Tally, tmp_path: Path
) -> None:
    require_block_devices()
    with disk_of(AMPLE, tmp_path):
        folder = shutil.copytree(site, tmp_path / "site")
        before = used(tmp_path)
        trials.run(folder)
        after = used(tmp_path)
    sizes = range(before, after, PAGE)
    assert len(sizes) > FEWEST_SIZES
    tally.among(len(sizes))
    told = 0
    for size in chosen(sizes):
        with disk_of(size, tmp_path):
            folder = shutil.copytree(site, tmp_path / "site")
            ended = trials.run(folder)
            assert ended.status in (0, 73, 74), ended.output
            if ended.status:
                told += 1
                assert_told(ended, "full")
            mount("-o", f"remount,size={AMPLE}", tmp_path)
            tally.count(assert_all_comes_right(trials, folder, bench.feeds))
    assert told
