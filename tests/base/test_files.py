"""Files change whole or not at all: the order of steps, and what breaks each."""

from __future__ import annotations

import errno
import fcntl
import os
import sys
from pathlib import Path

import pytest

from pipeline.base.errors import OutputError
from pipeline.base.files import (
    make_folder,
    rename_durably,
    sync_directory,
    sync_files,
    telling,
    try_writing,
    write_new,
    write_together,
    write_whole,
)
from tests.faults.shim import count_calls, list_calls, run_failing_at, run_killed_at

ROOT = Path(__file__).parents[2]
LEFTOVER = ".feed.xml.tmp-0123abcd"


def script(body: str) -> list[str]:
    """Return a program that runs one call of ours and ends 73 on an OutputError."""
    lines = [
        "import sys; from pathlib import Path",
        "from pipeline.base.errors import OutputError",
        "from pipeline.base.files import *",
        "try:",
        f"    {body}",
        "except OutputError as error:",
        "    print(error, file=sys.stderr); sys.exit(73)",
    ]
    return [sys.executable, "-c", "\n".join(lines)]


def writing(path: Path, data: bytes) -> list[str]:
    return script(f"write_whole(Path({str(path)!r}), {data!r})")


def test_a_file_gets_the_whole_content(tmp_path: Path) -> None:
    path = tmp_path / "feed.xml"
    assert write_whole(path, b"one")
    assert path.read_bytes() == b"one"
    assert write_whole(path, b"")
    assert path.read_bytes() == b""


def test_a_file_that_says_the_same_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "feed.xml"
    write_whole(path, b"one")
    before = path.stat()
    assert not write_whole(path, b"one")
    assert path.stat() == before


def test_content_of_the_same_length_is_still_told_apart(tmp_path: Path) -> None:
    path = tmp_path / "feed.xml"
    write_whole(path, b"one")
    assert write_whole(path, b"two")


def test_a_new_file_is_readable_by_all_less_the_umask(tmp_path: Path) -> None:
    before = os.umask(0o027)
    try:
        write_whole(tmp_path / "feed.xml", b"")
    finally:
        os.umask(before)
    assert (tmp_path / "feed.xml").stat().st_mode & 0o777 == 0o640


def test_a_secret_is_for_its_owner_only(tmp_path: Path) -> None:
    path = tmp_path / "key"
    write_whole(path, b"k")
    assert write_whole(path, b"k", owner_only=True)
    assert path.stat().st_mode & 0o777 == 0o600
    assert not write_whole(path, b"k", owner_only=True)


def test_the_longest_chinese_name_can_be_written(tmp_path: Path) -> None:
    path = tmp_path / ("数" * 85)
    assert write_whole(path, b"x")
    assert os.listdir(tmp_path) == [path.name]


def test_a_link_is_replaced_and_what_it_points_to_is_not(tmp_path: Path) -> None:
    (tmp_path / "elsewhere").write_bytes(b"one")
    (tmp_path / "feed.xml").symlink_to(tmp_path / "elsewhere")
    assert write_whole(tmp_path / "feed.xml", b"one")
    assert not (tmp_path / "feed.xml").is_symlink()


def test_the_steps_are_in_the_order_that_survives_a_power_cut(tmp_path: Path) -> None:
    calls = list_calls(writing(tmp_path / "feed.xml", b"one"), cwd=ROOT)
    names = [name.removesuffix("64") for name, _ in calls]
    assert names == ["open", "write", "fsync", "rename", "fsync"]
    synced, folder = calls[2][1], calls[4][1]
    assert Path(synced).name.startswith(".feed.xml.tmp-")
    assert folder == str(tmp_path)


def test_a_kill_at_any_call_leaves_the_old_file_or_the_new(tmp_path: Path) -> None:
    path = tmp_path / "feed.xml"
    total = count_calls(writing(path, b"old"), cwd=ROOT)
    for n in range(1, total + 1):
        write_whole(path, b"old")
        run_killed_at(n, writing(path, b"new"), cwd=ROOT)
        assert path.read_bytes() == (b"old" if n < total else b"new")
        write_whole(path, b"next")
        assert os.listdir(tmp_path) == ["feed.xml"]


@pytest.mark.parametrize("error", [errno.ENOSPC, errno.EIO])
def test_a_failing_disk_leaves_the_old_file_or_the_new_and_says_so(
    tmp_path: Path, error: int
) -> None:
    path = tmp_path / "feed.xml"
    total = count_calls(writing(path, b"old"), cwd=ROOT)
    for n in range(1, total + 1):
        write_whole(path, b"old")
        done = run_failing_at(n, error, writing(path, b"new"), cwd=ROOT)
        assert done.returncode == 73
        assert str(path.parent) in done.stderr
        assert path.read_bytes() == (b"old" if n < total else b"new")
        assert os.listdir(tmp_path) == ["feed.xml"]


def test_a_trial_leaves_nothing_and_touches_nothing(tmp_path: Path) -> None:
    path = tmp_path / "feed.xml"
    try_writing(path, b"one")
    assert os.listdir(tmp_path) == []
    write_whole(path, b"old")
    try_writing(path, b"new")
    assert path.read_bytes() == b"old"
    assert os.listdir(tmp_path) == ["feed.xml"]


def test_a_trial_tells_of_a_disk_that_fails_at_any_call(tmp_path: Path) -> None:
    trying = script(f"try_writing(Path({str(tmp_path / 'feed.xml')!r}), b'one')")
    total = count_calls(trying, cwd=ROOT)
    for n in range(1, total + 1):
        done = run_failing_at(n, errno.ENOSPC, trying, cwd=ROOT)
        assert done.returncode == 73
        assert "the disk is full" in done.stderr
        assert os.listdir(tmp_path) == []


def test_a_leftover_of_a_crash_goes_with_the_next_write(tmp_path: Path) -> None:
    (tmp_path / LEFTOVER).write_bytes(b"half")
    write_whole(tmp_path / "other.xml", b"one")
    assert os.listdir(tmp_path) == ["other.xml"]


def test_a_writer_taken_for_a_leftover_writes_all_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lock = fcntl.flock
    removed: list[Path] = []

    def lose_the_name_once(file: int, operation: int) -> None:
        if not removed:
            removed.extend(tmp_path.iterdir())
            removed[0].unlink()
        lock(file, operation)

    monkeypatch.setattr(fcntl, "flock", lose_the_name_once)
    write_whole(tmp_path / "feed.xml", b"one")
    assert (tmp_path / "feed.xml").read_bytes() == b"one"
    assert len(removed) == 1


def test_the_file_of_a_writer_at_work_is_no_leftover(tmp_path: Path) -> None:
    with (tmp_path / LEFTOVER).open("wb") as busy:
        fcntl.flock(busy, fcntl.LOCK_EX)
        write_whole(tmp_path / "other.xml", b"one")
    assert (tmp_path / LEFTOVER).exists()


@pytest.mark.parametrize(
    "name",
    [".feed.xml.tmp-0123ABCD", ".feed.xml.tmp", "feed.xml.tmp-0123abcd", ".tmp-"],
)
def test_files_that_are_not_ours_are_never_removed(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(b"theirs")
    write_whole(tmp_path / "other.xml", b"one")
    assert (tmp_path / name).exists()


def test_a_link_or_pipe_named_like_a_leftover_harms_nobody(tmp_path: Path) -> None:
    (tmp_path / "theirs").write_bytes(b"theirs")
    (tmp_path / LEFTOVER).symlink_to(tmp_path / "theirs")
    os.mkfifo(tmp_path / ".pipe.tmp-0123abcd")
    write_whole(tmp_path / "other.xml", b"one")
    assert (tmp_path / "theirs").read_bytes() == b"theirs"


def test_a_folder_in_the_way_is_told(tmp_path: Path) -> None:
    (tmp_path / "feed.xml").mkdir()
    with pytest.raises(OutputError, match="a folder of that name is in the way"):
        write_whole(tmp_path / "feed.xml", b"")
    assert os.listdir(tmp_path) == ["feed.xml"]


def test_a_missing_folder_is_told(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match="its folder is missing"):
        write_whole(tmp_path / "no" / "feed.xml", b"")


def test_a_file_where_a_folder_is_needed_is_told(tmp_path: Path) -> None:
    (tmp_path / "no").write_bytes(b"")
    with pytest.raises(OutputError, match="a file stands where a folder"):
        write_whole(tmp_path / "no" / "feed.xml", b"")
    with pytest.raises(OutputError, match="something of that name"):
        make_folder(tmp_path / "no")


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (errno.ENOSPC, "the disk is full: make room"),
        (errno.EROFS, "the file system is read-only: mount it writable"),
        (errno.EACCES, "permission denied: let this user write"),
        (errno.EIO, "the disk reports an error"),
        (errno.ELOOP, os.strerror(errno.ELOOP)),
    ],
)
def test_what_the_disk_says_becomes_what_to_do(error: int, told: str) -> None:
    path = Path("public/a")
    with (
        pytest.raises(OutputError, match=f"^cannot write {path}: {told}"),
        telling(path),
    ):
        raise OSError(error, os.strerror(error))


def test_a_new_file_never_takes_the_place_of_another(tmp_path: Path) -> None:
    write_new(tmp_path / "a", b"one")
    with pytest.raises(OutputError, match="in the way"):
        write_new(tmp_path / "a", b"two")
    assert (tmp_path / "a").read_bytes() == b"one"


def test_every_file_is_synced(tmp_path: Path) -> None:
    paths = [tmp_path / "a", tmp_path / "b"]
    for path in paths:
        write_new(path, b"x")
    calls = list_calls(script(f"sync_files([Path(p) for p in {[*map(str, paths)]}])"))
    assert calls == [("fsync", str(path)) for path in paths]


def test_a_file_that_cannot_be_synced_is_told(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match="gone"):
        sync_files([tmp_path / "gone"])


def test_a_rename_is_followed_by_a_sync_of_both_folders(tmp_path: Path) -> None:
    (tmp_path / "new" / "a").mkdir(parents=True)
    (tmp_path / "cur").mkdir()
    source, target = tmp_path / "new" / "a", tmp_path / "cur" / "a"
    body = f"rename_durably(Path({str(source)!r}), Path({str(target)!r}))"
    calls = list_calls(script(body), cwd=ROOT)
    assert calls[0][0] == "rename"
    assert [path for _, path in calls[1:]] == [str(target.parent), str(source.parent)]
    assert target.is_dir()


def test_a_rename_of_what_is_gone_is_the_callers_to_judge(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        rename_durably(tmp_path / "a", tmp_path / "b")


def test_a_rename_never_replaces_a_folder_that_holds_something(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "b" / "c").mkdir(parents=True)
    with pytest.raises(OutputError, match="a folder of that name is in the way"):
        rename_durably(tmp_path / "a", tmp_path / "b")


def test_folders_are_made_from_the_top_down_each_synced(tmp_path: Path) -> None:
    folder = tmp_path / "public" / "tags"
    calls = list_calls(script(f"make_folder(Path({str(folder)!r}))"), cwd=ROOT)
    top = folder.parent
    assert [path for _, path in calls] == [*map(str, (top, tmp_path, folder, top))]
    assert [name for name, _ in calls] == ["mkdir", "fsync", "mkdir", "fsync"]
    make_folder(folder)


def test_a_mount_that_cannot_sync_folders_is_good_enough(tmp_path: Path) -> None:
    body = f"sync_directory(Path({str(tmp_path)!r}))"
    assert run_failing_at(1, errno.EINVAL, script(body), cwd=ROOT).returncode == 0
    assert run_failing_at(1, errno.EIO, script(body), cwd=ROOT).returncode == 73
    sync_directory(tmp_path)


def test_many_files_of_a_folder_are_written_together(tmp_path: Path) -> None:
    files = {f"{n}.png": b"%d" % n for n in range(250)}
    write_together(tmp_path, files)
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == files


def test_of_files_written_together_none_is_left_half_done(tmp_path: Path) -> None:
    (tmp_path / "b.png").mkdir()
    with pytest.raises(OutputError, match="a folder of that name is in the way"):
        write_together(tmp_path, {"a.png": b"a", "b.png": b"b", "c.png": b"c"})
    assert (tmp_path / "a.png").read_bytes() == b"a"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.png", "b.png"]


def test_a_kill_while_writing_together_leaves_each_file_old_or_new(
    tmp_path: Path,
) -> None:
    names = ("a.png", "b.png")
    old, new = (dict.fromkeys(names, word) for word in (b"old", b"new"))
    body = script(f"write_together(Path({str(tmp_path)!r}), {new!r})")
    for n in range(1, count_calls(body, cwd=ROOT) + 1):
        write_together(tmp_path, old)
        run_killed_at(n, body, cwd=ROOT)
        assert {(tmp_path / name).read_bytes() for name in names} <= {b"old", b"new"}
        write_together(tmp_path, new)
        assert sorted(os.listdir(tmp_path)) == ["a.png", "b.png"]


def test_files_written_together_are_synced_before_they_have_their_names(
    tmp_path: Path,
) -> None:
    body = script(f"write_together(Path({str(tmp_path)!r}), {{'a': b'1', 'b': b'2'}})")
    names = [name for name, _ in list_calls(body, cwd=ROOT)]
    assert names.index("rename") > max(
        n for n, c in enumerate(names[:-1]) if c == "fsync"
    )
    assert names[-1] == "fsync"
