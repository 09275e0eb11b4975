"""What one post says, whatever generator it was written for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Literal


class Mail(StrEnum):
    """Whether a post goes into mail: `mail:` in its front matter."""

    YES = "yes"
    NO = "no"
    ONLY = "only"
    FULL = "full"


@dataclass(frozen=True, slots=True, kw_only=True)
class Enclosure:
    """A file that belongs to a post: a podcast's episode, a video.

    `length` is in bytes, 0 where it is not known.
    """

    url: str
    type: str
    length: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Post:
    """One post: what its front matter says, and its text not yet parsed.

    `id` is the front matter's own id, else the permalink; the store keeps the one
    first seen. Times are aware. `text` begins at line `text_line` of `path`, which
    is relative to the site's folder, with `/`. `digest` is the SHA-256 of the file's
    bytes, in hex.
    """

    id: str
    site: str
    path: str
    url: str
    title: str
    published: datetime
    updated: datetime
    expires: datetime | None = None
    draft: bool = False
    slug: str = ""
    authors: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    series: str = ""
    language: str = ""
    translation: str = ""
    summary: str = ""
    image: str = ""
    enclosures: tuple[Enclosure, ...] = ()
    mail: Mail = Mail.YES
    markup: Literal["markdown", "html"] = "markdown"
    text: str = ""
    text_line: int = 1
    digest: str = ""

    def is_live(self, now: datetime) -> bool:
        """Tell whether the post is public at `now`: no draft, dated, not expired."""
        if self.draft or self.published > now:
            return False
        return self.expires is None or now < self.expires
