"""The press: a page compiled once a variant, joined to bytes once a reader.

The bytes are an RFC 5322 message, multipart/alternative, 7-bit with CRLF, and the
same for the same input. Decoded, its parts are the page with the reader's values in
it: HTML-escaped in the HTML part, as they are in the text. Sends and stores nothing.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from markupsafe import escape

from pipeline.digest.encoding import Body, canonical, encode_body
from pipeline.digest.headers import (
    FixedHeaders,
    closing_fields,
    opening_fields,
    reader_fields,
)
from pipeline.digest.page import Page
from pipeline.digest.slots import split

# `=_` occurs neither in quoted-printable nor in base64, so no part can hold the
# boundary (RFC 2045, 6.7); it has 70 octets at most (RFC 2046, 5.1.1).
_BOUNDARY_MARK = "=_"
_BOUNDARY = re.compile(r"[A-Za-z0-9'()+_,./:?-]{1,68}")

Escape = Callable[[str], str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reader:
    """What one message says to its reader alone.

    `values` holds one for every slot of the page; `list_unsubscribe` are the URLs
    to leave by, the preferred one first.
    """

    address: str
    values: Mapping[str, str]
    message_id: str
    list_unsubscribe: tuple[str, ...]


class Entity(Protocol):
    """A MIME entity (RFC 2045, 2.4): header fields, and a body with gaps in it."""

    def append_to(self, out: list[bytes], values: Mapping[str, str]) -> None:
        """Append the entity to `out`, with `values` in its gaps."""
        ...


@dataclass(frozen=True, slots=True)
class TextPart:
    """A text entity."""

    head: bytes
    body: Body
    names: frozenset[str]
    escape: Escape

    def append_to(self, out: list[bytes], values: Mapping[str, str]) -> None:
        """See Entity."""
        fit = {name: canonical(self.escape(values[name])) for name in self.names}
        out.append(self.head)
        self.body.append_to(out, fit)


@dataclass(frozen=True, slots=True)
class Multipart:
    """Several entities as one (RFC 2046, 5.1); may itself be a part of another."""

    head: bytes
    parts: tuple[Entity, ...]
    delimiter: bytes

    def append_to(self, out: list[bytes], values: Mapping[str, str]) -> None:
        """See Entity."""
        out.append(self.head)
        for part in self.parts:
            out += (b"\r\n", self.delimiter, b"\r\n")
            part.append_to(out, values)
        out += (b"\r\n", self.delimiter, b"--\r\n")


@dataclass(frozen=True, slots=True)
class Press:
    """A compiled page, ready to be joined with any number of readers."""

    opening: bytes
    closing: bytes
    content: Entity

    def message(self, reader: Reader, date: datetime) -> bytes:
        """Return the whole message to `reader`; `date` is the batch's seal.

        Raises ValueError when an address, URL or Message-ID is not fit for a header,
        and KeyError when `reader.values` lacks a slot of the page.
        """
        own = reader_fields(
            reader.address, reader.message_id, reader.list_unsubscribe, date
        )
        out = [self.opening, own, self.closing]
        self.content.append_to(out, reader.values)
        return b"".join(out)


def compile_page(page: Page, fixed: FixedHeaders, boundary: str) -> Press:
    """Compile `page` for the readers of a variant.

    `boundary` names the variant (`weekly-12-1`) in up to 68 letters, digits and
    `'()+_,-./:?`. Raises ValueError for another, and for fields that fit no header;
    SlotMisuse for a page whose slots did not survive whole.
    """
    if not _BOUNDARY.fullmatch(boundary):
        raise ValueError(f"not fit for a boundary: {boundary!r}")
    # The last part is the one that is preferred (RFC 2046, 5.1.4).
    parts = (
        _text_part("plain", page.text, page.sentinel, str),
        _text_part("html", page.html, page.sentinel, _escape_html),
    )
    return Press(
        opening_fields(fixed, page.subject),
        closing_fields(fixed),
        _multipart("alternative", parts, _BOUNDARY_MARK + boundary),
    )


def _text_part(subtype: str, text: str, sentinel: str, escape: Escape) -> TextPart:
    fixed, names = split(text, sentinel)
    body = encode_body(fixed, names)
    head = (
        f"Content-Type: text/{subtype}; charset=utf-8\r\n"
        f"Content-Transfer-Encoding: {body.transfer_encoding}\r\n\r\n"
    )
    return TextPart(head.encode("ascii"), body, frozenset(names), escape)


def _multipart(subtype: str, parts: Sequence[Entity], boundary: str) -> Multipart:
    head = f'Content-Type: multipart/{subtype};\r\n boundary="{boundary}"\r\n'
    return Multipart(
        head.encode("ascii"), tuple(parts), f"--{boundary}".encode("ascii")
    )


def _escape_html(text: str) -> str:
    return str(escape(text))
