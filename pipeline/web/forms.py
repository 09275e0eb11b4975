"""What a form sent: read up to a bound and for a while, as names and texts.

Browsers send application/x-www-form-urlencoded, providers of one-click either that or
multipart/form-data (RFC 8058, section 3.1).
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from urllib.parse import parse_qsl

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.types import Message

MAX_BODY_BYTES = 16_384
MAX_FIELDS = 40
PATIENCE_SECONDS = 10.0


async def read_form(request: Request) -> Mapping[str, str]:
    """Return the texts of a form by name, the last of each; empty for any other body.

    Raises HTTPException: 413 for a body over MAX_BODY_BYTES, 408 for one that does not
    come within PATIENCE_SECONDS.
    """
    try:
        async with asyncio.timeout(PATIENCE_SECONDS):
            body = await _read_body(request)
    except TimeoutError as error:
        raise HTTPException(408, headers={"Connection": "close"}) from error
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind == "application/x-www-form-urlencoded":
        return _read_urlencoded(body)
    if kind == "multipart/form-data":
        return await _read_multipart(request, body)
    return {}


async def _read_body(request: Request) -> bytes:
    body = bytearray()
    length = request.headers.get("content-length", "")
    if length.isdecimal() and int(length[:20]) > MAX_BODY_BYTES:
        raise HTTPException(413, headers={"Connection": "close"})
    async for piece in request.stream():
        body += piece
        if len(body) > MAX_BODY_BYTES:
            raise HTTPException(413, headers={"Connection": "close"})
    return bytes(body)


def _read_urlencoded(body: bytes) -> Mapping[str, str]:
    try:
        pairs = parse_qsl(
            body.decode("utf-8", "replace"),
            keep_blank_values=True,
            max_num_fields=MAX_FIELDS,
        )
    except ValueError:
        return {}
    return dict(pairs)


async def _read_multipart(request: Request, body: bytes) -> Mapping[str, str]:
    async def replay() -> Message:
        return {"type": "http.request", "body": body, "more_body": False}

    again = Request(request.scope, replay)
    try:
        form = await again.form(max_files=0, max_fields=MAX_FIELDS)
    except HTTPException:
        return {}
    return {name: value for name, value in form.items() if isinstance(value, str)}
