"""What the place of a post's file says: folder, slug, day, language, markup."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal
from unicodedata import normalize

from pipeline.base.text import slugify
from pipeline.content.language import cut_language

_DATED = re.compile(r"(?P<day>\d{4}-\d{1,2}-\d{1,2})(?:[-_ .]+(?P<rest>.+))?")
_GENERATORS_FOLDERS = frozenset({"_posts", "_drafts"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Location:
    """What the path of a post says of it.

    `folder` is without `_posts`; that of a page bundle (`slug/index.md`) is the one
    around it, and `stem` its name. `stem` has no ending and no language; `slug` has
    no `day` either, which is `YYYY-MM-DD` as typed, or empty. Translations of one
    post share `bare`, its path.
    """

    folder: str
    stem: str
    slug: str
    day: str
    language: str
    markup: Literal["markdown", "html"]
    is_draft: bool
    is_post: bool

    @property
    def bare(self) -> str:
        """Return folder and stem as one path."""
        return f"{self.folder}/{self.stem}" if self.folder else self.stem


def locate(path: str, site_language: str) -> Location:
    """Read the path of a post, relative to the folder of its site."""
    *folders, name = normalize("NFC", path).split("/")
    name, _, ending = name.rpartition(".")
    stem, language = cut_language(name, site_language)
    kept = [folder for folder in folders if folder not in _GENERATORS_FOLDERS]
    if stem == "index" and kept:
        stem = kept.pop()
    dated = _DATED.fullmatch(stem)
    return Location(
        folder="/".join(kept),
        stem=stem,
        slug=slugify((dated["rest"] if dated else "") or stem),
        day=dated["day"] if dated else "",
        language=language,
        markup="html" if ending.lower() in ("html", "htm") else "markdown",
        is_draft="_drafts" in folders,
        is_post="_posts" in folders,
    )


def readable(stem: str) -> str:
    """Return a title for a post that has only its file's name."""
    dated = _DATED.fullmatch(stem)
    words = re.sub(r"[-_\s]+", " ", (dated["rest"] if dated else "") or "").strip()
    if not words:
        words = stem if dated else re.sub(r"[-_\s]+", " ", stem).strip() or stem
    return words[:1].upper() + words[1:]
