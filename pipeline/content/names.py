"""The names of posts and files: the ways one post may call another, or a file.

Only strings are looked at, never the disk. Paths are relative to the content
folder, with `/`. Every name is compared in Unicode's composed form (NFC), since
macOS hands out file names decomposed.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TypeVar
from unicodedata import normalize
from urllib.parse import unquote

from pipeline.content.post import Post

_T = TypeVar("_T")

_ENDING = re.compile(r"\.(?:md|markdown|mdown|mkd|mkdn|html?)$", re.IGNORECASE)
_LANGUAGE = re.compile(r"\.[a-z]{2,3}(?:-[A-Za-z0-9]{2,8})*$")
_DATE = re.compile(r"\d{4}-\d{1,2}-\d{1,2}-")
_PARENT = re.compile(r"(?:^|/)_?index$")


@dataclass(frozen=True)
class PostNames:
    """Every post of a site, by each of its names.

    A name may stand for several posts; `find` chooses. Names of a kind are gathered
    when the first is looked up: most runs look up few, and a site may be large.
    """

    posts: tuple[Post, ...]

    @cached_property
    def at(self) -> Mapping[str, Post]:
        """Each post by its path."""
        return {post.path: post for post in self.posts}

    @cached_property
    def bundles(self) -> Mapping[str, Post]:
        """Each post by its path without ending and language."""
        return {bare_path(post.path): post for post in self.posts}

    @cached_property
    def _by_path(self) -> Mapping[str, tuple[Post, ...]]:
        return _group(self.posts, lambda post: {_nfc(post.path), bare_path(post.path)})

    @cached_property
    def _by_stem(self) -> Mapping[str, tuple[Post, ...]]:
        return _group(self.posts, lambda post: {_stem(post)})

    @cached_property
    def _by_slug(self) -> Mapping[str, tuple[Post, ...]]:
        return _group(
            self.posts, lambda post: {_fold(post.slug), _DATE.sub("", _stem(post))}
        )

    @cached_property
    def _by_title(self) -> Mapping[str, tuple[Post, ...]]:
        return _group(self.posts, lambda post: {_fold(post.title)})

    def find(self, name: str, *, near: str) -> Post | None:
        """Return the post that the post at path `near` calls `name`.

        Tried in turn: a path, with or without ending, as `paths_meant` has it; a
        file name without ending, perhaps with folders before it (Jekyll, Obsidian);
        a slug; a title. Among several one in the asking post's language wins, then
        the nearest folder, then the first by path. No name means the asking post.
        """
        name = name.strip()
        if not name:
            return self.at.get(near)
        return self.find_path(name, near=near) or self._first(
            self._loose_matches(name), near
        )

    def find_path(self, name: str, *, near: str) -> Post | None:
        """Return the post at the path `name`, with or without ending."""
        paths = paths_meant(name, near)
        keys = (key for path in paths for key in (path, bare_path(path)))
        return self._first((self._by_path.get(key, ()) for key in keys), near)

    def _loose_matches(self, name: str) -> Iterator[tuple[Post, ...]]:
        tail = "/" + _fold(_ENDING.sub("", name.lstrip("@/")))
        yield tuple(
            post
            for post in self._by_stem.get(tail.rpartition("/")[2], ())
            if ("/" + bare_path(post.path).casefold()).endswith(tail)
        )
        yield self._by_slug.get(tail[1:], ())
        yield self._by_title.get(_fold(name), ())

    def _first(self, matches: Iterable[tuple[Post, ...]], near: str) -> Post | None:
        asking = self.at.get(near)
        language = asking.language if asking else ""

        def rank(post: Post) -> tuple[bool, int, str]:
            return post.language != language, _steps(post.path, near), post.path

        return next((min(posts, key=rank) for posts in matches if posts), None)


@dataclass(frozen=True)
class FileNames:
    """Files of a folder by path and by bare name, gathered as those of posts are."""

    paths: tuple[str, ...]

    @cached_property
    def _by_path(self) -> Mapping[str, str]:
        return {_nfc(path): path for path in self.paths}

    @cached_property
    def _by_filename(self) -> Mapping[str, tuple[str, ...]]:
        return _group(self.paths, lambda path: {_fold(path).rpartition("/")[2]})

    def find_path(self, name: str, *, near: str) -> str | None:
        """Return the path of the file that `name` leads to, as `paths_meant` has it."""
        meant = (self._by_path.get(path) for path in paths_meant(name, near))
        return next((path for path in meant if path is not None), None)

    def find_anywhere(self, name: str, *, near: str) -> str | None:
        """Return the path of a file called `name`, the nearest to `near`.

        `name` may have folders before it; one that begins with `/` or `.` says
        where it is to be and is not looked for elsewhere.
        """
        tail = _fold(unquote(name))
        if tail.startswith(("/", ".")):
            return None
        fitting = (
            path
            for path in self._by_filename.get(tail.rpartition("/")[2], ())
            if ("/" + _fold(path)).endswith("/" + tail)
        )
        return min(fitting, key=lambda path: (_steps(path, near), path), default=None)


def paths_meant(name: str, near: str) -> Iterator[str]:
    """Yield the paths that `name` may mean in the post at `near`, likeliest first.

    With `/` or `@/` before it, a name begins at the content folder. Any other
    begins at the folder of `near`, at the folder called like `near` without its
    ending (where a browser takes it from, and where Hexo keeps a post's files), or
    at the content folder. Percent-encoding is undone where the name as it stands
    may not be meant.
    """
    rooted = name.startswith(("/", "@/"))
    bare = bare_path(near)
    folders = [""] if rooted else [posixpath.dirname(near), bare, ""]
    written = _nfc(name.removeprefix("@").lstrip("/").replace("\\", "/"))
    for spelling in dict.fromkeys((written, _nfc(unquote(written)))):
        for folder in folders:
            path = posixpath.normpath(posixpath.join(folder, spelling))
            yield "" if path == "." else path


def bare_path(path: str) -> str:
    """Return `path` without ending and language; a page bundle's is its folder.

    `posts/a.zh.md` and `posts/a/index.md` are both `posts/a`.
    """
    path = _nfc(path)
    named = _ENDING.sub("", path)
    if named != path:
        named = _LANGUAGE.sub("", named)
    return _PARENT.sub("", named)


def has_ending(name: str) -> bool:
    """Tell whether `name` ends as a post's file does."""
    return _ENDING.search(name) is not None


def _stem(post: Post) -> str:
    return bare_path(post.path).rpartition("/")[2].casefold()


def _steps(path: str, near: str) -> int:
    """Count the steps from the folder of `near` to the folder of `path`."""
    here, there = near.split("/")[:-1], path.split("/")[:-1]
    shared = 0
    for one, other in zip(here, there, strict=False):
        if one != other:
            break
        shared += 1
    return len(here) + len(there) - 2 * shared


def _nfc(text: str) -> str:
    return normalize("NFC", text)


def _fold(text: str) -> str:
    return " ".join(_nfc(text).casefold().split())


def _group(
    things: Iterable[_T], names: Callable[[_T], Iterable[str]]
) -> dict[str, tuple[_T, ...]]:
    grouped: dict[str, list[_T]] = {}
    for thing in things:
        for name in names(thing):
            if name:
                grouped.setdefault(name, []).append(thing)
    return {name: tuple(several) for name, several in grouped.items()}
