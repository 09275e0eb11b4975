"""Writing files whole or not at all, whatever crashes. Knows nothing of their content.

The order of steps is the whole point, and tests/base/test_files.py breaks each:

    write_whole      open .NAME.tmp-XXXXXXXX (O_EXCL) → write → fsync → rename over
                     NAME → fsync the folder
    try_writing      all of that but the rename, and nothing is left
    write_together   the same for many files of one folder, each step for all of them
    write_new        open NAME (O_EXCL) → write; durable once `sync_files` returns
    rename_durably   rename → fsync the folder(s)
    make_folder      mkdir → fsync the parent, from the top down

A kill between two steps leaves the old file or the new one, and at most a temporary
file, which the next write into that folder removes. A power cut can lose only what no
call has returned from.

Every failure is an OutputError: which path, what is wrong, what to do.
"""

from __future__ import annotations

import errno
import fcntl
import os
import re
import secrets
import stat
from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

from pipeline.base.errors import OutputError

_TEMPORARY = re.compile(r"\..+\.tmp-[0-9a-f]{8}")
# 60 characters of UTF-8 and what we add stay within the 255 bytes of a file name.
_NAME_CHARACTERS = 60
# Open at once, each with its lock; 1,024 are allowed on most machines.
_FILES_TOGETHER = 100
# What merely looks like a leftover (a link, a pipe) is not followed nor waited for.
_LEFTOVER = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK

_REMEDIES = {
    errno.ENOENT: "its folder is missing: make it, or correct config.yaml",
    errno.ENOSPC: "the disk is full: make room and run again",
    errno.EDQUOT: "the disk quota is used up: make room and run again",
    errno.EROFS: "the file system is read-only: mount it writable, or choose another "
    "folder in config.yaml",
    errno.EACCES: "permission denied: let this user write there, or choose another "
    "folder in config.yaml",
    errno.EPERM: "the operation is not permitted: let this user write there, or choose "
    "another folder in config.yaml",
    errno.EISDIR: "a folder of that name is in the way: move it elsewhere",
    errno.ENOTDIR: "a file stands where a folder is needed: move it elsewhere",
    errno.EEXIST: "something of that name is in the way: move it elsewhere",
    errno.ENOTEMPTY: "a folder of that name is in the way: move it elsewhere",
    errno.ENAMETOOLONG: "the name is too long for this file system: shorten it",
    errno.EIO: "the disk reports an error: check it, then run again",
    errno.EMFILE: "too many files are open: raise `ulimit -n` and run again",
}


def write_whole(
    path: Path, data: bytes, *, owner_only: bool = False, mode: int | None = None
) -> bool:
    """Make `data` the whole content of `path`; return whether anything changed.

    A file that already says the same keeps its mtime. `owner_only` gives mode 0600,
    `mode` another, otherwise it is 0644 less the umask. The folder must exist. Raises
    OutputError.
    """
    secret = owner_only or mode is not None
    with telling(path):
        if _says(path, data, owner_only=owner_only):
            return False
        _remove_leftovers(path.parent)
        with _temporary(path, 0o600 if secret else 0o644) as (temporary, file):
            _write_all(file, data)
            if mode is not None:
                os.fchmod(file, mode)
            os.fsync(file)
            os.rename(temporary, path)
        sync_directory(path.parent)
    return True


def try_writing(path: Path, data: bytes) -> None:
    """Write `data` beside `path` and take it away again: would the disk take it?

    Raises OutputError where it would not.
    """
    with telling(path):
        _remove_leftovers(path.parent)
        with _temporary(path, 0o644) as (temporary, file):
            _write_all(file, data)
            os.fsync(file)
            os.unlink(temporary)


def write_together(folder: Path, files: Mapping[str, bytes]) -> None:
    """Make each of `files` (by name) whole in `folder`, as `write_whole` would.

    Their syncs share the journal's commits: 1,000 images take 0.3 s, not 8. A crash
    may leave some of them new and some as they were. Raises OutputError.
    """
    names = sorted(files)
    for start in range(0, len(names), _FILES_TOGETHER):
        with telling(folder), ExitStack() as open_files:
            _remove_leftovers(folder)
            written = []
            for name in names[start : start + _FILES_TOGETHER]:
                temporary, file = open_files.enter_context(
                    _temporary(folder / name, 0o644)
                )
                _write_all(file, files[name])
                _begin_writing_back(file)
                written.append((name, temporary, file))
            for _, _, file in written:
                os.fsync(file)
            for name, temporary, _ in written:
                os.rename(temporary, folder / name)
        sync_directory(folder)


def write_new(path: Path, data: bytes) -> None:
    """Create `path` with `data`; it must not exist. Durable after `sync_files`.

    Writing back begins at once, so that many files share the journal's commits: 7,400
    of 20 kB a second on ext4, 3,700 with an fsync after each. syncfs(2) made it 18,000,
    but waits for every other program's writes and before Linux 5.8 hides their errors.
    Raises OutputError, also when something of that name is there.
    """
    with telling(path):
        file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o644)
        try:
            _write_all(file, data)
            _begin_writing_back(file)
        finally:
            os.close(file)


def sync_files(paths: Iterable[Path]) -> None:
    """Return when the content of every file is on the disk. Raises OutputError."""
    for path in paths:
        with telling(path), _opened(path, os.O_RDONLY) as file:
            os.fsync(file)


def sync_directory(path: Path) -> None:
    """Return when the folder's list of names is on the disk. Raises OutputError."""
    with telling(path), _opened(path, os.O_RDONLY | os.O_DIRECTORY) as folder:
        _sync_names(folder)


def rename_durably(source: Path, target: Path) -> None:
    """Rename, and return when the new name is on the disk.

    Within one folder a power cut leaves the one name or the other. Between two it may
    leave neither or both on some file systems (notes/mail.md), so nothing that may not
    be lost relies on that. Raises FileNotFoundError when `source` is gone, which is the
    caller's to judge, and OutputError for all else.
    """
    with telling(target, but=FileNotFoundError), ExitStack() as open_folders:
        # Opened before the rename: someone may move the folder itself meanwhile.
        folders = [
            open_folders.enter_context(_opened(folder, os.O_RDONLY | os.O_DIRECTORY))
            for folder in dict.fromkeys((target.parent, source.parent))
        ]
        os.rename(source, target)
        for folder in folders:
            _sync_names(folder)


def make_folder(path: Path) -> None:
    """Make `path` and what is missing above it, durably. Raises OutputError."""
    if path.is_dir():
        return
    make_folder(path.parent)
    with telling(path):
        try:
            path.mkdir()
        except FileExistsError:
            if not path.is_dir():
                raise
    sync_directory(path.parent)


@contextmanager
def telling(path: Path, *, but: type[OSError] | None = None) -> Iterator[None]:
    """Turn an OSError into an OutputError about `path`; let `but` through as it is."""
    try:
        yield
    except OSError as error:
        if but is not None and isinstance(error, but):
            raise
        what = _REMEDIES.get(error.errno or 0, error.strerror or str(error))
        raise OutputError(f"cannot write {path}: {what}") from error


def _says(path: Path, data: bytes, *, owner_only: bool) -> bool:
    """Return whether the file is there, says `data`, and is as private as asked."""
    try:
        found = path.lstat()
        same = stat.S_ISREG(found.st_mode) and found.st_size == len(data)
        private = not owner_only or not found.st_mode & 0o077
        return same and private and path.read_bytes() == data
    except (FileNotFoundError, PermissionError):
        return False


@contextmanager
def _temporary(path: Path, mode: int) -> Iterator[tuple[Path, int]]:
    """Open a new file beside `path`, and remove it when the block fails.

    Its lock tells a writer at work from one that crashed. Between the open and the lock
    another writer may take it for a leftover, so one that has lost its name is opened
    anew.
    """
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC
    name = path.name[:_NAME_CHARACTERS]
    while True:
        temporary = path.with_name(f".{name}.tmp-{secrets.token_hex(4)}")
        file = os.open(temporary, flags, mode)
        fcntl.flock(file, fcntl.LOCK_EX)
        if os.fstat(file).st_nlink:
            break
        os.close(file)
    try:
        yield temporary, file
    except BaseException:
        with suppress(OSError):
            os.unlink(temporary)
        raise
    finally:
        os.close(file)


def _remove_leftovers(folder: Path) -> None:
    """Remove the temporary files of writers that are no more."""
    for name in os.listdir(folder):
        if _TEMPORARY.fullmatch(name):
            with suppress(OSError), _opened(folder / name, _LEFTOVER) as file:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                os.unlink(folder / name)


@contextmanager
def _opened(path: Path, flags: int) -> Iterator[int]:
    file = os.open(path, flags | os.O_CLOEXEC)
    try:
        yield file
    finally:
        os.close(file)


def _begin_writing_back(file: int) -> None:
    """Ask the kernel to write a file's pages and not to keep them; not every OS can."""
    if hasattr(os, "posix_fadvise"):
        os.posix_fadvise(file, 0, 0, os.POSIX_FADV_DONTNEED)


def _sync_names(folder: int) -> None:
    """Sync an open folder; some network mounts have nothing to sync and say EINVAL."""
    try:
        os.fsync(folder)
    except OSError as error:
        if error.errno != errno.EINVAL:
            raise


def _write_all(file: int, data: bytes) -> None:
    """Write every byte: a disk that fills up takes some and says so at the next try."""
    rest = memoryview(data)
    while rest:
        rest = rest[os.write(file, rest) :]
