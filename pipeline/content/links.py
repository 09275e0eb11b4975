"""What a name in a post stands for: the URL of another post or of a file.

One index answers for every generator; `content.names` knows their ways to name
things, `content.urls` how a URL is written.

A *reference* is a lookup as a string, so that it can be recorded in
`Body.references` and done again by `SiteIndex.resolve`: a kind, a colon, the name
as the author wrote it.

    post:NAME    the URL of a post, by path, file name, slug or title
    title:NAME   the title of that post
    asset:NAME   the URL of a picture or other file, by path or bare file name
    link:NAME    what a plain link's destination means: a path, nothing cleverer
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from unicodedata import normalize

from pipeline.content.names import FileNames, PostNames, has_ending
from pipeline.content.post import Post
from pipeline.content.urls import absolute, quote_part

__all__ = [
    "SiteFile",
    "SiteIndex",
    "absolute",
    "asset_reference",
    "link_reference",
    "post_reference",
    "title_reference",
]

_HTML_ENDING = re.compile(r"(?:/index)?\.html?$")


def post_reference(name: str) -> str:
    """Return the reference to the URL of the post called `name`."""
    return f"post:{name}"


def title_reference(name: str) -> str:
    """Return the reference to the title of the post called `name`."""
    return f"title:{name}"


def asset_reference(name: str) -> str:
    """Return the reference to the URL of the file called `name`."""
    return f"asset:{name}"


def link_reference(name: str) -> str:
    """Return the reference to what the destination `name` of a link means."""
    return f"link:{name}"


@dataclass(frozen=True, slots=True)
class SiteFile:
    """A file that is no post: its path below the content folder.

    `static` says that it lies below one of the folders of `assets` instead.
    """

    path: str
    static: bool


@dataclass(frozen=True, slots=True)
class SiteIndex:
    """Every post and file of one site, to be found by any of its names.

    `site_url` ends with `/`. Build it once a run: a lookup costs a few dictionary
    reads, whatever the size of the site.
    """

    site_url: str
    _posts: PostNames = field(repr=False)
    _files: FileNames = field(repr=False)
    _static: FileNames = field(repr=False)

    @classmethod
    def build(
        cls,
        site_url: str,
        posts: Iterable[Post],
        assets: Iterable[str],
        static: Iterable[str] = (),
    ) -> SiteIndex:
        """Index `posts` and `assets`, whose paths are below the content folder.

        `static` are paths of files as they lie below the root of the site.
        """
        posts = tuple(sorted(posts, key=lambda post: post.path, reverse=True))
        return cls(
            site_url if site_url.endswith("/") else site_url + "/",
            PostNames(posts),
            FileNames(tuple(assets)),
            FileNames(tuple(static)),
        )

    def post_url(self, name: str, *, near: str) -> str | None:
        """Return the URL of the post called `name`, with the name's `#fragment`.

        None where there is none. A name that is only a fragment means `near`.
        """
        post = self._posts.find(name, near=near)
        if post is not None:
            return self._page_url(post)
        name, sharp, fragment = name.partition("#")
        post = self._posts.find(name, near=near)
        return absolute(sharp + fragment, self._page_url(post)) if post else None

    def post_title(self, name: str, *, near: str) -> str | None:
        """Return the title of the post called `name`."""
        post = self._posts.find(name, near=near)
        return post.title if post else None

    def asset_url(self, name: str, *, near: str) -> str | None:
        """Return the URL of the file that the post at path `near` calls `name`.

        Tried in turn: below the post's folder, the folder named like the post (a
        Hexo asset folder), the content folder, the site's static files, and for a
        name without leading `/` or `.` any folder (an Obsidian attachment). A
        `?query` or `#fragment` of the name is kept. None where there is none.
        """
        return self._with_suffix(self._find_asset, name, near)

    def link_url(self, name: str, *, near: str) -> str | None:
        """Return the URL of the post or file that a plain link to `name` means.

        Names are paths here, so that a link to `about` is not a post that happens
        to be called so; `/about/` is a place on the site, not a file, and is None.
        """
        return self._with_suffix(self._find_link, name, near)

    def files(self) -> dict[str, SiteFile]:
        """Return every file of the site by its URL."""
        static = {
            self.site_url + quote_part(path): SiteFile(path, static=True)
            for path in self._static.paths
        }
        beside = (SiteFile(path, static=False) for path in self._files.paths)
        return static | {self._file_url(file.path): file for file in beside}

    def resolve(self, reference: str, *, near: str) -> str:
        """Look `reference` up: what it gives, empty for nothing."""
        kind, _, name = reference.partition(":")
        match kind:
            case "post":
                found = self.post_url(name, near=near)
            case "title":
                found = self.post_title(name, near=near)
            case "asset":
                found = self.asset_url(name, near=near)
            case "link":
                found = self.link_url(name, near=near)
            case _:
                found = None
        return found or ""

    def _with_suffix(
        self, look_up: Callable[[str, str], str | None], name: str, near: str
    ) -> str | None:
        """Look up the whole name, then without `?…` or `#…`, which is put back."""
        name = name.strip()
        bare = re.split(r"[?#]", name, maxsplit=1)[0]
        if not bare:
            return None
        found = look_up(name, near)
        if found is None and bare != name:
            found = look_up(bare, near)
            return found and absolute(found + name[len(bare) :], self.site_url)
        return found

    def _find_link(self, name: str, near: str) -> str | None:
        post = None
        if has_ending(name) or not name.startswith("/"):
            post = self._posts.find_path(name, near=near)
        return self._page_url(post) if post else self._find_file(name, near)

    def _find_asset(self, name: str, near: str) -> str | None:
        url = self._find_file(name, near)
        if url is None:
            path = self._files.find_anywhere(name, near=near)
            url = path and self._file_url(path)
        return url

    def _find_file(self, name: str, near: str) -> str | None:
        path = self._files.find_path(name, near=near)
        if path is not None:
            return self._file_url(path)
        return self._find_on_site(name, near)

    def _find_on_site(self, name: str, near: str) -> str | None:
        """Look `name` up as a place on the site, seen from the post's own place."""
        post = self._posts.at.get(near)
        url = absolute(name, self._page_url(post) if post else self.site_url) or ""
        place = url.removeprefix(self.site_url)
        for spelling in (place, name):
            path = self._static.find_path(spelling, near="")
            if path is not None:
                return self.site_url + quote_part(path)
        path = self._files.find_path("/" + place, near="")
        return self._file_url(path) if path is not None else None

    def _file_url(self, path: str) -> str:
        """Return the URL of a file: a page bundle's lie below the page."""
        for folder in _folders_around(path):
            post = self._posts.bundles.get(normalize("NFC", folder))
            if post is not None:
                place = _HTML_ENDING.sub("", self._page_url(post)).rstrip("/")
                return place + quote_part(path.removeprefix(folder))
        return self.site_url + quote_part(path)

    def _page_url(self, post: Post) -> str:
        return absolute(post.url, self.site_url) or self.site_url


def _folders_around(path: str) -> Iterator[str]:
    """Yield the folders that hold `path`, the innermost first."""
    while path := path.rpartition("/")[0]:
        yield path
