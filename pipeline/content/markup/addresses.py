"""The URLs of one body: looked up in the site, made absolute, fragments its own.

A name that is a file or post of the site becomes its URL; what was looked up is
recorded. Every id is prefixed by a key of the post, so that several posts fit in
one page or mail, and links to it follow.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator
from urllib.parse import unquote

from pipeline.base.text import fold_line
from pipeline.content.links import (
    SiteIndex,
    absolute,
    asset_reference,
    link_reference,
)
from pipeline.content.markup.sheet import Sheet
from pipeline.content.post import Post

_ELSEWHERE = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:|//|[?#]|$")
# A link that ends so names a file, unless the ending is that of a page.
_FILE_ENDING = re.compile(r"\.(?!html?$|php$|aspx?$|jsp$)[A-Za-z][A-Za-z0-9]{1,7}$")


class Addresses:
    """Resolves the URLs of one post's body, and keeps what it looked up."""

    def __init__(
        self, post: Post, index: SiteIndex, sheet: Sheet, ids: Iterable[str]
    ) -> None:
        self._path = post.path
        self._index = index
        self._sheet = sheet
        self._ids = frozenset(ids)
        self._key = hashlib.sha256(post.id.encode()).hexdigest()[:6]
        self.references: dict[str, str] = {}

    def anchor(self, name: str) -> str:
        """Return the id that the element called `name` has."""
        return f"{self._key}-{name}"

    def link(self, url: str, line: int | None) -> str | None:
        """Return where a link to `url` leads, None where it cannot be followed."""
        found = "" if _ELSEWHERE.match(url) else self._look_up(link_reference(url))
        target = found or absolute(url, self._sheet.base)
        if not found and _FILE_ENDING.search(url.partition("#")[0].partition("?")[0]):
            self._tell_missing("file", url, line)
        return target and self._with_anchor(target)

    def media(self, url: str, line: int | None, kind: str = "picture") -> str | None:
        """Return the URL of a picture or recording, None where there cannot be one."""
        found = "" if _ELSEWHERE.match(url) else self._look_up(asset_reference(url))
        if not found:
            self._tell_missing(kind, url, line)
        return found or absolute(url, self._sheet.base)

    def see_picture(self, url: str, alt: str, line: int | None) -> None:
        """Note where the picture at `url` stands, and whether it says what it shows."""
        self._sheet.see_picture(url, alt, line)

    def candidates(self, srcset: str, line: int | None) -> str:
        """Return `srcset` with each of its URLs resolved."""
        pairs = ((self.media(url, line), size) for url, size in _candidates(srcset))
        return ", ".join(f"{url} {size}".rstrip() for url, size in pairs if url)

    def page(self, url: str) -> str | None:
        """Return the absolute URL of what is cited, which nobody looks up."""
        return absolute(url, self._sheet.base)

    def _look_up(self, reference: str) -> str:
        if reference not in self.references:
            found = self._index.resolve(reference, near=self._path)
            self.references[reference] = found
        return self.references[reference]

    def _tell_missing(self, kind: str, url: str, line: int | None) -> None:
        if url.startswith("/") or _ELSEWHERE.match(url):
            return
        name = fold_line(unquote(re.split(r"[?#]", url, maxsplit=1)[0]))
        self._sheet.warn(
            f"the {kind} {name} is not in the folder",
            "put it there, or correct its name",
            line,
        )

    def _with_anchor(self, url: str) -> str:
        page, sharp, fragment = url.partition("#")
        name = unquote(fragment)
        if not sharp or page != self._sheet.base or name not in self._ids:
            return url
        return absolute("#" + self.anchor(name), page) or url


def _candidates(srcset: str) -> Iterator[tuple[str, str]]:
    """Yield the URLs and sizes of a `srcset`: `a.png 1x, b.png 2x`."""
    url = ""
    for word in srcset.split():
        if url:
            size, _, following = word.partition(",")
            yield url, size
        else:
            following = word.lstrip(",")
        url = following.rstrip(",")
        if url != following:
            yield url, ""
            url = ""
    if url:
        yield url, ""
