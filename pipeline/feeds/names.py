"""The names of feeds: which spellings mean one name, and the folder each name gets.

Knows no posts. A folder is part of a feed's address, so that it may never change: it
depends on the name alone, not on which other names there are.
"""

from __future__ import annotations

import re
from hashlib import sha256
from unicodedata import normalize

from pipeline.base.text import slugify, strip_controls

# White space, and what people type for a hyphen.
_JOINTS = re.compile(r"[\s_\-\u2010\u2011]+")

# Device names in every folder of Windows
# (https://learn.microsoft.com/windows/win32/fileio/naming-a-file).
_RESERVED = re.compile(r"con|prn|aux|nul|com[0-9]|lpt[0-9]")
_ENDS_LIKE_DIGEST = re.compile(r".*-[0-9a-f]{6}")

# File systems stop at 255 bytes; percent-encoding makes three of one in the address.
_MOST_BYTES = 100
_DIGEST_DIGITS = 6


def fold_name(name: str) -> str:
    """Return what all spellings of one name have in common; empty for no name.

    Spellings may differ by case, and by space, hyphen or underscore between words:
    `Deep Learning` is `deep-learning`.
    """
    decomposed = normalize("NFD", strip_controls(name))
    folded = normalize("NFC", decomposed.casefold())
    return _JOINTS.sub("-", folded).strip("-")


def feed_folder(kind: str, name: str) -> str:
    """Return the folder of a feed below the site's output: `tags/数学`.

    Letters of every script stay as they are. Where that says less than the name
    (`C++`, `C#`), is over 100 bytes or stands for something else in a file system,
    six digits of the name's SHA-256 follow: `tags/c-951a4d`.
    """
    return f"{kind}/{_component(fold_name(name))}"


def _component(folded: str) -> str:
    slug = slugify(folded)
    if slug == folded and _is_plain(slug):
        return slug
    digest = sha256(folded.encode()).hexdigest()[:_DIGEST_DIGITS]
    head = slug.encode()[: _MOST_BYTES - _DIGEST_DIGITS - 1].decode(errors="ignore")
    return f"{head.rstrip('-') or 'name'}-{digest}"


def _is_plain(slug: str) -> bool:
    return (
        0 < len(slug.encode()) <= _MOST_BYTES
        and not _RESERVED.fullmatch(slug)
        and not _ENDS_LIKE_DIGEST.fullmatch(slug)
    )
