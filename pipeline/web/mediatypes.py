"""Media types of the files of `public/`, by their names."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import PurePath
from typing import Final

from pipeline.feeds.document import FORMATS

UNKNOWN: Final = "application/octet-stream"

_BY_NAME: Final[Mapping[str, str]] = {
    form.filename: form.media_type for form in FORMATS.values()
}

_BY_ENDING: Final[Mapping[str, str]] = {
    ".avif": "image/avif",
    ".css": "text/css; charset=utf-8",
    ".csv": "text/csv; charset=utf-8",
    ".gif": "image/gif",
    ".htm": "text/html; charset=utf-8",
    ".html": "text/html; charset=utf-8",
    ".ico": "image/vnd.microsoft.icon",
    ".jpeg": "image/jpeg",
    ".jpg": "image/jpeg",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json",
    ".m4a": "audio/mp4",
    ".md": "text/markdown; charset=utf-8",
    ".mjs": "text/javascript; charset=utf-8",
    ".mp3": "audio/mpeg",
    ".mp4": "video/mp4",
    ".ogg": "audio/ogg",
    ".opml": "text/x-opml; charset=utf-8",
    ".pdf": "application/pdf",
    ".png": "image/png",
    ".svg": "image/svg+xml",
    ".txt": "text/plain; charset=utf-8",
    ".wasm": "application/wasm",
    ".webmanifest": "application/manifest+json",
    ".webm": "video/webm",
    ".webp": "image/webp",
    ".woff": "font/woff",
    ".woff2": "font/woff2",
    ".xml": "application/xml",
    ".xsl": "text/xsl",
    ".zip": "application/zip",
}

_COMPRESSIBLE: Final = ("text/", "application/json", "image/svg+xml", "font/ttf")
_COMPRESSIBLE_ENDS: Final = ("xml", "+json", "javascript")


def media_type(name: str) -> str:
    """Return the media type of a file: feeds by their names, all else by its ending.

    The standard library's table depends on the machine, and knows no feed.
    """
    ending = PurePath(name).suffix.lower()
    return _BY_NAME.get(name) or _BY_ENDING.get(ending, UNKNOWN)


def is_compressible(kind: str) -> bool:
    """Tell whether gzip makes files of that media type smaller."""
    plain = kind.partition(";")[0]
    return plain.startswith(_COMPRESSIBLE) or plain.endswith(_COMPRESSIBLE_ENDS)
