"""The files of `public/`: feeds, the archive, pictures. Lists no folder.

A request's path is a list of names; whatever else it may be (`..`, a hidden file, a
link that leads out) is not there.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Sequence
from dataclasses import dataclass
from email.utils import formatdate, parsedate_to_datetime
from pathlib import Path
from urllib.parse import quote, urlsplit

from anyio import to_thread
from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import FileResponse, RedirectResponse, Response

from pipeline.config.settings import SiteSettings
from pipeline.web.log import TOLD_PATH
from pipeline.web.mediatypes import media_type
from pipeline.web.representations import (
    MAX_FILE_BYTES,
    Representation,
    Shelf,
    represent,
)
from pipeline.web.security import NOSNIFF

INDEX = "index.html"

# A reader of feeds asks every few minutes; with the tag it costs no bytes.
_FRESH = {"Cache-Control": "public, max-age=60", **NOSNIFF}


@dataclass(frozen=True, slots=True)
class Root:
    """A folder that is served, and the path of its site's address: `/blog/`."""

    prefix: str
    folder: str


@dataclass(frozen=True, slots=True)
class Found:
    """A file that may be served: where it really lies, and its status."""

    path: str
    status: os.stat_result


def roots_of(sites: Sequence[SiteSettings]) -> tuple[Root, ...]:
    """Return what is served of the sites, each at the path of its address.

    Of two at one path the first is served; the longest path is looked at first.
    """
    by_prefix: dict[str, Root] = {}
    for site in sites:
        prefix = urlsplit(site.url).path
        by_prefix.setdefault(prefix, Root(prefix, os.path.realpath(site.output)))
    return tuple(sorted(by_prefix.values(), key=lambda root: -len(root.prefix)))


def find_file(roots: Sequence[Root], path: str) -> Found | None:
    """Return the file at `path` (decoded, from `/`), or None. A folder's is its index.

    None also for a folder named without the slash at its end: see `names_folder`.
    """
    for root in roots:
        if path.startswith(root.prefix):
            inside = path[len(root.prefix) :]
            if inside == "" or inside.endswith("/"):
                inside += INDEX
            found = _look(root, inside)
            if found is not None and stat.S_ISREG(found.status.st_mode):
                return found
    return None


def _look(root: Root, inside: str) -> Found | None:
    names = inside.split("/")
    if not all(_is_plain(name) for name in names):
        return None
    try:
        real = os.path.realpath(os.path.join(root.folder, *names), strict=True)
        status = os.stat(real)
    except (OSError, ValueError):
        return None
    # A symbolic link may lead anywhere; what it leads to is served only from within.
    return Found(real, status) if Path(real).is_relative_to(root.folder) else None


def _is_plain(name: str) -> bool:
    return bool(name) and name[0] != "." and not set(name) & {"\0", "\\"}


class StaticFiles:
    """Serves the folders of `roots`; `base` is the path a proxy may have taken off."""

    def __init__(self, roots: Sequence[Root], base: str = "/") -> None:
        self._roots = roots
        self._base = base
        self._shelf = Shelf()

    async def serve(self, request: Request) -> Response:
        """Answer with the file at the request's path. Raises HTTPException 404."""
        path: str = request.scope["path"]
        for candidate in (path, self._base + path.lstrip("/")):
            found = find_file(self._roots, candidate)
            if found is not None:
                request.scope[TOLD_PATH] = path
                return await self._answer(found, request.headers)
            if find_file(self._roots, f"{candidate}/"):
                request.scope[TOLD_PATH] = path
                # Relative, so that it holds at whatever path a proxy has us.
                return RedirectResponse(f"./{quote(path.rpartition('/')[2])}/", 308)
        raise HTTPException(404)

    async def _answer(self, found: Found, asked: Headers) -> Response:
        if found.status.st_size > MAX_FILE_BYTES:
            return _in_pieces(found, asked)
        representation = self._shelf.find(found.path, found.status)
        if representation is None:
            try:
                representation = await to_thread.run_sync(
                    represent, found.path, found.status
                )
            except OSError as error:
                raise HTTPException(404) from error
            self._shelf.keep(found.path, found.status, representation)
        return negotiate(representation, asked)


def _in_pieces(found: Found, asked: Headers) -> Response:
    """Return a large file, read while it is sent; its tag is made of its status."""
    status = found.status
    tag = f'"{status.st_ino:x}-{status.st_size:x}-{status.st_mtime_ns:x}"'
    headers = {**_FRESH, "ETag": tag}
    if is_fresh(asked, tag, formatdate(int(status.st_mtime), usegmt=True)):
        return Response(status_code=304, headers=headers)
    kind = media_type(os.path.basename(found.path))
    return FileResponse(
        found.path, headers=headers, media_type=kind, stat_result=status
    )


def negotiate(representation: Representation, asked: Headers) -> Response:
    """Return 200 with the bytes the client takes, or 304 if it has them already."""
    gzipped = bool(representation.gzipped) and accepts_gzip(
        asked.get("accept-encoding", "")
    )
    tag = f'"{representation.tag}{"-gzip" if gzipped else ""}"'
    headers = {**_FRESH, "ETag": tag, "Last-Modified": representation.modified}
    if representation.gzipped:
        headers["Vary"] = "Accept-Encoding"
    if is_fresh(asked, tag, representation.modified):
        return Response(status_code=304, headers=headers)
    if gzipped:
        headers["Content-Encoding"] = "gzip"
    body = representation.gzipped if gzipped else representation.plain
    return Response(body, headers=headers | {"Content-Type": representation.media_type})


def accepts_gzip(header: str) -> bool:
    """Tell whether Accept-Encoding takes gzip (RFC 9110, 12.5.3)."""
    for part in header.lower().split(","):
        coding, _, parameter = part.partition(";")
        if coding.strip() in ("gzip", "x-gzip", "*"):
            weight = parameter.replace(" ", "").removeprefix("q=")
            return weight.strip("0.") != "" or weight == ""
    return False


def is_fresh(asked: Headers, tag: str, modified: str) -> bool:
    """Tell whether the client has the representation (RFC 9110, 13.1.2 and 13.1.3).

    If-Modified-Since counts only where no tag is named.
    """
    tags = asked.getlist("if-none-match")
    if tags:
        named = {one.strip().removeprefix("W/") for one in ",".join(tags).split(",")}
        return "*" in named or tag in named
    try:
        since = parsedate_to_datetime(asked.get("if-modified-since", ""))
        return since >= parsedate_to_datetime(modified)
    except (TypeError, ValueError, OverflowError):
        return False
