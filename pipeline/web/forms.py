"""What a form sent: read up to a bound and for a while, as names and texts.

Browsers send application/x-www-form-urlencoded, providers of one-click either that or
multipart/form-data (RFC 8058, section 3.1).
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import parse_qsl

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.types import Message

MAX_BODY_BYTES = 16_384
MAX_FIELDS = 40
PATIENCE_SECONDS = 10.0


@dataclass(frozen=True, slots=True)
class Bounds:
    """How much a form may hold: bytes of its body, and fields."""

    body_bytes: int = MAX_BODY_BYTES
    fields: int = MAX_FIELDS


SMALL = Bounds()
Fields = Sequence[tuple[str, str]]
"""Names and texts of a form in order; a name may come again."""


async def read_form(request: Request) -> Mapping[str, str]:
    """Return the texts of a form by name, the last of each; empty for any other body.

    Raises HTTPException as `read_fields` does.
    """
    return dict(await read_fields(request))


async def read_fields(request: Request, bounds: Bounds = SMALL) -> Fields:
    """Return the fields of a form; none for any other body, or for too many.

    Raises HTTPException: 413 for a body over the bound, 408 for one that does not come
    within PATIENCE_SECONDS.
    """
    try:
        async with asyncio.timeout(PATIENCE_SECONDS):
            body = await _read_body(request, bounds.body_bytes)
    except TimeoutError as error:
        raise HTTPException(408, headers={"Connection": "close"}) from error
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind == "application/x-www-form-urlencoded":
        return _read_urlencoded(body, bounds.fields)
    if kind == "multipart/form-data":
        return await _read_multipart(request, body, bounds.fields)
    return ()


async def _read_body(request: Request, most_bytes: int) -> bytes:
    body = bytearray()
    length = request.headers.get("content-length", "")
    if length.isdecimal() and int(length[:20]) > most_bytes:
        raise HTTPException(413, headers={"Connection": "close"})
    async for piece in request.stream():
        body += piece
        if len(body) > most_bytes:
            raise HTTPException(413, headers={"Connection": "close"})
    return bytes(body)


def _read_urlencoded(body: bytes, most_fields: int) -> Fields:
    text = body.decode("utf-8", "replace")
    try:
        return parse_qsl(text, keep_blank_values=True, max_num_fields=most_fields)
    except ValueError:
        return ()


async def _read_multipart(request: Request, body: bytes, most_fields: int) -> Fields:
    async def replay() -> Message:
        return {"type": "http.request", "body": body, "more_body": False}

    again = Request(request.scope, replay)
    try:
        form = await again.form(max_files=0, max_fields=most_fields)
    except (HTTPException, ValueError):
        # A charset that the body names may be one that cannot be decoded at all.
        return ()
    texts = [(n, value) for n, value in form.multi_items() if isinstance(value, str)]
    return [(_encodable(name), _encodable(value)) for name, value in texts]


def _encodable(text: str) -> str:
    """Return a text without the halves of characters that some charsets decode to."""
    return text.encode("utf-8", "replace").decode()
