"""Walks a folder of posts: what there is, without opening any of it.

The only module of `content` that touches the disk. Symbolic links are followed,
also out of the folder, as owners use them to share posts between sites: a link gives
the text of a post or the address of a file, and whoever can make one can write the
post as well. The bytes of a file outside are not given on (`runs.pictures`).
"""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path

from pipeline.base.errors import ContentError, InputError
from pipeline.base.faults import Fault, Severity

POST_ENDINGS = (".md", ".markdown", ".mdown", ".mkd", ".html", ".htm")

# What generators keep beside posts and publish otherwise or not at all.
_NO_POSTS_IN = frozenset(
    ("node_modules", "_site", "_layouts", "_includes", "_data", "_sass", "_plugins")
)
# Control characters, and bytes of a name that are not UTF-8.
_UNWRITABLE = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff]")
_HALF = 2**63
_POST_FOLDERS = frozenset({"_posts", "_drafts"})


@dataclass(frozen=True, slots=True)
class StatKey:
    """What changes when a file does. Size in bytes, times in nanoseconds.

    Each number has at most 64 bits, with its sign.
    """

    size: int
    mtime_ns: int
    ctime_ns: int
    inode: int


@dataclass(frozen=True, slots=True)
class Found:
    """A post's file; `path` is relative to the folder, with `/`."""

    path: str
    stat: StatKey


@dataclass(frozen=True, slots=True)
class Scan:
    """Posts by path, the paths of all other files, and what could not be looked at."""

    posts: tuple[Found, ...] = ()
    assets: frozenset[str] = frozenset()
    faults: tuple[Fault, ...] = ()


ListFolder = Callable[[str], Iterable[os.DirEntry[str]]]


def scan_folder(
    folder: Path,
    *,
    exclude: Iterable[str] = (),
    max_bytes: int,
    shown_as: str = "",
    list_folder: ListFolder = os.scandir,
) -> Scan:
    """Return what lies in `folder`, sorted by path.

    Passed over are names that begin with a dot, folders without posts such as
    `node_modules`, the pages of sections (`_index.md`) and of the site itself
    (`index.md`), and what `exclude` says: `fnmatch` patterns of paths or, without a
    slash, of names. Where there is a `_posts` (Jekyll, Hexo), only what lies in
    such a folder or in `_drafts` is a post.

    A link that leads back to a folder it lies in, a folder or file that cannot be
    looked at, and a post of over `max_bytes` are faults, in files named as below
    `shown_as`, by default `folder`. Raises InputError when `folder` is missing.
    """
    walk = _Walk(tuple(exclude), max_bytes, shown_as or str(folder), list_folder)
    try:
        walk.enter(_Folder(str(folder), "", (_mark(os.stat(folder)),)))
    except OSError as error:
        raise InputError(
            f"the folder of posts {shown_as or folder} cannot be read: "
            f"{error.strerror}; set the site's `folder` to where the posts are"
        ) from error
    while walk.waiting:
        walk.enter_or_tell(walk.waiting.pop())
    return walk.result()


def read_bytes(folder: Path, path: str) -> bytes:
    """Return the bytes of the file at `path` below `folder`.

    Raises ContentError when it cannot be read, as when it has just been removed.
    """
    try:
        return (folder / path).read_bytes()
    except OSError as error:
        fault = Fault(
            path=path,
            what=f"the file cannot be read: {error.strerror}",
            remedy="is it there, and may Pressroom read it?",
        )
        raise ContentError([fault]) from error


@dataclass(frozen=True, slots=True)
class _Folder:
    """A folder to look into; `within` identifies it and those it was reached by."""

    disk_path: str
    path: str
    within: tuple[tuple[int, int], ...]


class _Walk:
    """One walk over a folder: what was found so far, and what waits."""

    def __init__(
        self,
        exclude: tuple[str, ...],
        max_bytes: int,
        shown_as: str,
        list_folder: ListFolder,
    ) -> None:
        self._exclude = tuple(pattern.rstrip("/") for pattern in exclude)
        self._max_bytes = max_bytes
        self._shown_as = shown_as
        self._list_folder = list_folder
        self._posts: list[Found] = []
        self._assets: list[str] = []
        self._faults: list[Fault] = []
        self.waiting: list[_Folder] = []

    def result(self) -> Scan:
        """Return what was found, sorted."""
        posts = sorted(self._posts, key=lambda found: found.path)
        folders = {found.path.rpartition("/")[0] for found in posts}
        if any(_is_post_folder(folder) for folder in folders):
            chosen = {folder for folder in folders if _is_post_folder(folder)}
            posts = [f for f in posts if f.path.rpartition("/")[0] in chosen]
        faults = sorted(self._faults, key=lambda fault: fault.path)
        return Scan(tuple(posts), frozenset(self._assets), tuple(faults))

    def enter_or_tell(self, folder: _Folder) -> None:
        """Look into `folder`; one that cannot be listed becomes a fault."""
        try:
            self.enter(folder)
        except OSError as error:
            self._tell(
                folder.path,
                f"the folder cannot be read: {error.strerror}",
                "let Pressroom read it, or put it into the site's `exclude`",
            )

    def enter(self, folder: _Folder) -> None:
        """Look at each entry of `folder`; raise OSError when it cannot be listed."""
        for entry in self._list_folder(folder.disk_path):
            path = f"{folder.path}/{entry.name}" if folder.path else entry.name
            name = entry.name
            if name[0] == "." or (self._exclude and self._is_excluded(path, name)):
                continue
            try:
                self._look_at(entry, path, folder)
            except OSError as error:
                self._tell_unreachable(entry, path, error)

    def _look_at(self, entry: os.DirEntry[str], path: str, folder: _Folder) -> None:
        if _UNWRITABLE.search(entry.name):
            self._tell(
                _UNWRITABLE.sub("\N{REPLACEMENT CHARACTER}", path),
                "the file's name holds characters that no address can",
                "give it another name",
            )
        elif entry.is_dir():
            self._take_folder(entry, path, folder)
        elif _is_post(path):
            self._take_post(entry.stat(), path)
        elif stat.S_ISREG(_mode(entry)) and not _is_page(path):
            self._assets.append(path)

    def _take_folder(self, entry: os.DirEntry[str], path: str, folder: _Folder) -> None:
        if entry.name in _NO_POSTS_IN:
            return
        mark = _mark(entry.stat())
        if mark in folder.within:
            self._tell(
                path,
                "the link leads back to a folder that it lies in",
                "remove it, or put it into the site's `exclude`",
            )
            return
        self.waiting.append(_Folder(entry.path, path, (*folder.within, mark)))

    def _take_post(self, status: os.stat_result, path: str) -> None:
        if not stat.S_ISREG(status.st_mode):
            self._tell(path, "this is no file", "remove it, or `exclude` it")
        elif status.st_size > self._max_bytes:
            self._tell(
                path,
                f"the post has {status.st_size:,} bytes, more than {self._max_bytes:,}",
                "shorten it, `exclude` it, or raise the site's `max_post_bytes`",
            )
        else:
            self._posts.append(Found(path, _key(status)))

    def _tell_unreachable(
        self, entry: os.DirEntry[str], path: str, error: OSError
    ) -> None:
        """Tell of an entry that cannot be looked at, unless it has just gone."""
        if isinstance(error, FileNotFoundError) and not entry.is_symlink():
            return
        what = "the link leads nowhere" if entry.is_symlink() else "it cannot be read"
        severity = Severity.FAULT if _is_post(path) else Severity.WARNING
        self._tell(
            path,
            f"{what}: {error.strerror}",
            "remove it, or put it into the site's `exclude`",
            severity,
        )

    def _tell(
        self, path: str, what: str, remedy: str, severity: Severity = Severity.FAULT
    ) -> None:
        shown = f"{self._shown_as.rstrip('/')}/{path}"
        self._faults.append(
            Fault(path=shown, what=what, remedy=remedy, severity=severity)
        )

    def _is_excluded(self, path: str, name: str) -> bool:
        return any(
            fnmatchcase(path if "/" in pattern else name, pattern)
            or fnmatchcase(path, pattern.removeprefix("**/").removeprefix("/"))
            for pattern in self._exclude
        )


def _is_post(path: str) -> bool:
    return path.lower().endswith(POST_ENDINGS) and not _is_named_as_page(path)


def _is_page(path: str) -> bool:
    """Tell the page of a section or of the whole site, which is no post."""
    return path.lower().endswith(POST_ENDINGS) and _is_named_as_page(path)


def _is_named_as_page(path: str) -> bool:
    return path.startswith("index.") or path.rpartition("/")[2].startswith("_index.")


def _is_post_folder(path: str) -> bool:
    return not _POST_FOLDERS.isdisjoint(path.split("/"))


def _key(status: os.stat_result) -> StatKey:
    """Return the stat key of a file, in numbers that a store can hold.

    A time after the year 2262 and some inodes need more than 63 bits and a sign.
    """
    times = _signed(status.st_mtime_ns), _signed(status.st_ctime_ns)
    return StatKey(status.st_size, *times, _signed(status.st_ino))


def _signed(number: int) -> int:
    return (number + _HALF) % (2 * _HALF) - _HALF


def _mark(status: os.stat_result) -> tuple[int, int]:
    """Return what tells one folder from another, by whatever path it is reached."""
    return status.st_dev, status.st_ino


def _mode(entry: os.DirEntry[str]) -> int:
    """Return the kind of an entry, which is read only where it is a link."""
    if entry.is_symlink():
        return entry.stat().st_mode
    return stat.S_IFREG if entry.is_file() else 0
