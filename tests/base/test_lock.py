"""One run at a time."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from pipeline.base.errors import BusyError, OutputError
from pipeline.base.lock import exclusive_lock, find_holder

HOLD = (
    "import sys; from pathlib import Path\n"
    "from pipeline.base.lock import exclusive_lock\n"
    "with exclusive_lock(Path(sys.argv[1])): print('held', flush=True); input()"
)


def test_a_second_holder_is_told_who_has_the_lock(tmp_path: Path) -> None:
    lock = tmp_path / "lock"
    told = f"process {os.getpid()} holds {lock}"
    with exclusive_lock(lock):
        with pytest.raises(BusyError, match=told), exclusive_lock(lock):
            pass
        assert BusyError.exit_status == 75


def test_a_lock_let_go_can_be_taken_again(tmp_path: Path) -> None:
    for _ in range(2):
        with exclusive_lock(tmp_path / "lock"):
            pass


def test_the_lock_of_a_killed_holder_is_free(tmp_path: Path) -> None:
    lock = tmp_path / "lock"
    with subprocess.Popen(
        [sys.executable, "-c", HOLD, lock],
        cwd=Path(__file__).parents[2],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    ) as holder:
        assert holder.stdout is not None
        holder.stdout.readline()
        with (
            pytest.raises(BusyError, match=f"process {holder.pid} "),
            exclusive_lock(lock),
        ):
            pass
        holder.kill()
        holder.wait()
    with exclusive_lock(lock):
        assert lock.read_text() == f"{os.getpid()}\n"


def test_a_holder_that_has_not_signed_yet_is_another_process(tmp_path: Path) -> None:
    lock = tmp_path / "lock"
    with exclusive_lock(lock):
        lock.write_bytes(b"")
        with pytest.raises(BusyError, match="another process"), exclusive_lock(lock):
            pass


def test_who_holds_it_can_be_asked_without_taking_it(tmp_path: Path) -> None:
    lock = tmp_path / "lock"
    assert find_holder(lock) is None
    with exclusive_lock(lock):
        assert find_holder(lock) == os.getpid()
        lock.write_bytes(b"")
        assert find_holder(lock) == 0
    assert find_holder(lock) is None
    with exclusive_lock(lock):
        pass


def test_a_lock_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    with (
        pytest.raises(OutputError, match="its folder is missing"),
        exclusive_lock(tmp_path / "no" / "lock"),
    ):
        pass
