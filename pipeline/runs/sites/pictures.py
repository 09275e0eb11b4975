"""The pictures in a site's folder: where each lies, how it looks, how large it is.

A reference names a picture on the disk, `picture:content/a/b.png`, and its stamp
changes when the file does. Pictures elsewhere are nobody's business: nothing is
fetched. A link out of the folders may be measured, as the site shows it itself; its
bytes are given to nobody.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterable
from functools import cached_property
from pathlib import Path
from typing import BinaryIO, TypeVar

from pipeline.config.settings import SiteSettings
from pipeline.content.links import SiteFile, SiteIndex
from pipeline.pictures.measure import measure
from pipeline.pictures.size import MOST_BYTES, PictureError, Size

PICTURE = "picture:"
"""What a reference to a picture begins with."""

_CONTENT = "content/"
_STATIC = "static/"

_Found = TypeVar("_Found")


class SitePictures:
    """The pictures of one site, by their URLs and by their references."""

    def __init__(self, site: SiteSettings, index: SiteIndex) -> None:
        self._site = site
        self._index = index
        self._sizes: dict[str, Size] = {}

    @cached_property
    def _files(self) -> dict[str, SiteFile]:
        return self._index.files()

    def reference(self, url: str) -> str | None:
        """Return the reference to the file at `url`; None where the site has none."""
        bare = re.split(r"[?#]", url, maxsplit=1)[0]
        file = self._files.get(url) or self._files.get(bare)
        if file is None:
            return None
        return f"{PICTURE}{_STATIC if file.static else _CONTENT}{file.path}"

    def path(self, reference: str) -> Path | None:
        """Return where the file of a reference lies, None where it is gone."""
        name = reference.removeprefix(PICTURE)
        if name.startswith(_STATIC):
            folders, name = self._site.assets, name.removeprefix(_STATIC)
        else:
            folders, name = (self._site.folder,), name.removeprefix(_CONTENT)
        found = (folder / name for folder in folders)
        return next((path for path in found if os.path.isfile(path)), None)

    def stamp(self, reference: str) -> str:
        """Return what changes when the file changes; empty where it is gone."""
        path = self.path(reference)
        return file_stamp(path) if path else ""

    def size(self, reference: str) -> Size | None:
        """Return how large a browser shows the picture; None where it is gone.

        Raises PictureError for a file that is no picture.
        """
        path = self.path(reference)
        if path is None:
            return None
        if reference not in self._sizes:
            self._sizes[reference] = _look_into(path, measure)
        return self._sizes[reference]

    def read(self, reference: str, folders: Iterable[Path]) -> bytes | None:
        """Return the bytes of the picture; None where it is gone.

        Raises PictureError for one that is too large, that cannot be read, or that a
        link leads to out of all `folders`.
        """
        path = self.path(reference)
        if path is None:
            return None
        real = path.resolve()
        if not any(real.is_relative_to(folder.resolve()) for folder in folders):
            raise PictureError(
                "it is a link to a file outside of the site's folders",
                "copy the file there; until then mails link to the site for it",
            )
        return _look_into(real, _read_bounded)


def file_stamp(path: Path) -> str:
    """Return what changes when the file does; empty for one that is gone."""
    try:
        stat = path.stat()
    except OSError:
        return ""
    return f"{stat.st_size}-{stat.st_mtime_ns}"


def _look_into(path: Path, look: Callable[[BinaryIO], _Found]) -> _Found:
    """Return what `look` finds in a file; raise PictureError if it cannot be read."""
    try:
        with open(path, "rb", opener=_open_file) as stream:
            return look(stream)
    except OSError as error:
        raise PictureError(
            f"it cannot be read: {error.strerror}", "let Pressroom read it"
        ) from error


def _open_file(path: str, flags: int) -> int:
    """Open a file without waiting: a pipe may have taken its place."""
    return os.open(path, flags | os.O_NONBLOCK)


def _read_bounded(stream: BinaryIO) -> bytes:
    data = stream.read(MOST_BYTES + 1)
    if len(data) > MOST_BYTES:
        raise PictureError(
            f"it has more than {MOST_BYTES} bytes", "scale it down, or save it smaller"
        )
    return data
