"""The pictures in a site's folder: where each lies, how it looks, how large it is.

A reference names a picture on the disk, `picture:content/a/b.png`, and its stamp
changes when the file does. Pictures elsewhere are nobody's business: nothing is
fetched.
"""

from __future__ import annotations

import re
from functools import cached_property
from pathlib import Path

from pipeline.config.settings import SiteSettings
from pipeline.content.links import SiteFile, SiteIndex
from pipeline.pictures.measure import measure
from pipeline.pictures.size import PictureError, Size

PICTURE = "picture:"
"""What a reference to a picture begins with."""

_CONTENT = "content/"
_STATIC = "static/"


class SitePictures:
    """The pictures of one site, by their URLs and by their references."""

    def __init__(self, site: SiteSettings, index: SiteIndex) -> None:
        self._site = site
        self._index = index

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
        return next((path for path in found if path.is_file()), None)

    def stamp(self, reference: str) -> str:
        """Return what changes when the file changes; empty where it is gone."""
        path = self.path(reference)
        try:
            stat = path.stat() if path else None
        except OSError:
            return ""
        return f"{stat.st_size}-{stat.st_mtime_ns}" if stat else ""

    def size(self, reference: str) -> Size | None:
        """Return how large a browser shows the picture; None where it is gone.

        Raises PictureError for a file that is no picture.
        """
        path = self.path(reference)
        if path is None:
            return None
        try:
            with path.open("rb") as stream:
                return measure(stream)
        except OSError as error:
            raise PictureError(
                f"it cannot be read: {error.strerror}", "let Pressroom read it"
            ) from error
