"""The press: a page compiled once a variant, joined to bytes once a reader.

The bytes are an RFC 5322 message, multipart/alternative, 7-bit with CRLF, and the
same for the same input. Decoded, its parts are the page with the reader's values in
it: HTML-escaped in the HTML part, as they are in the text. Where the page has
embedded images, they and the HTML are one multipart/related. Sends and stores nothing.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Final, Protocol

from markupsafe import escape

from pipeline.digest.embedding import SUFFIXES, Embedded
from pipeline.digest.encoding import Body, canonical, encode_base64, encode_body
from pipeline.digest.headers import (
    FixedHeaders,
    closing_fields,
    opening_fields,
    reader_fields,
)
from pipeline.digest.rendered import Page
from pipeline.digest.slots import split

# `=_` and `=-` occur neither in quoted-printable nor in base64, so no part can hold a
# boundary (RFC 2045, 6.7); it has 70 octets at most, and no boundary may begin like
# that of a multipart around it (RFC 2046, 5.1.1 and 5.1.2).
_ALTERNATIVE_MARK = "=_"
_RELATED_MARK = "=-"
_BOUNDARY = re.compile(r"[A-Za-z0-9'()+_,./:?-]{1,68}")
_CONTENT_ID = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+@[a-z.]+")
_NO_PARTS: Final[Mapping[str, bytes]] = MappingProxyType({})

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
class FixedPart:
    """An entity that is the same for every reader."""

    octets: bytes

    def append_to(self, out: list[bytes], _values: Mapping[str, str]) -> None:
        """See Entity."""
        out.append(self.octets)


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


def compile_page(
    page: Page,
    fixed: FixedHeaders,
    boundary: str,
    parts: Mapping[str, bytes] = _NO_PARTS,
) -> Press:
    """Compile `page` for the readers of a variant.

    `boundary` names the variant (`weekly-12-1`) in up to 68 letters, digits and
    `'()+_,-./:?`; `parts` has the bytes of the page's embedded images by digest.
    Raises ValueError for another boundary, for fields that fit no header and for an
    image that is missing or of a type that mail does not show; SlotMisuse for a page
    whose slots did not survive whole.
    """
    if not _BOUNDARY.fullmatch(boundary):
        raise ValueError(f"not fit for a boundary: {boundary!r}")
    html: Entity = _text_part("html", page.html, page.sentinel, _escape_html)
    if page.embedded:
        html = _related(html, page.embedded, parts, _RELATED_MARK + boundary)
    # The last part is the one that is preferred (RFC 2046, 5.1.4).
    both = (_text_part("plain", page.text, page.sentinel, str), html)
    return Press(
        opening_fields(fixed, page.subject),
        closing_fields(fixed),
        _multipart("alternative", both, _ALTERNATIVE_MARK + boundary),
    )


def _related(
    html: Entity,
    embedded: Sequence[Embedded],
    parts: Mapping[str, bytes],
    boundary: str,
) -> Multipart:
    """Return the HTML and its images as one (RFC 2387); the first is the root.

    The images are joined here, so that a message of fifty costs no more than of one.
    """
    delimiter = f"\r\n--{boundary}\r\n".encode("ascii")
    images = FixedPart(delimiter.join(_image_parts(embedded, parts)))
    return _multipart('related; type="text/html"', (html, images), boundary)


def _image_parts(
    embedded: Sequence[Embedded], parts: Mapping[str, bytes]
) -> Iterator[bytes]:
    seen = Counter[str]()
    for image in embedded:
        if image.digest not in parts:
            raise ValueError(f"the page shows {image.digest!r}, which is not there")
        kind = "formula" if image.formula else "picture"
        seen[kind] += 1
        head = _image_head(image, f"{kind}-{seen[kind]}")
        yield head + encode_base64(parts[image.digest])


def _image_head(image: Embedded, name: str) -> bytes:
    """Return the header of an image's part.

    Disposition and name are for clients that list parts (RFC 2183): an image that is
    shown in its place is no attachment.
    """
    suffix = SUFFIXES.get(image.media_type)
    if suffix is None or not _CONTENT_ID.fullmatch(image.content_id):
        raise ValueError(f"not an image that mail can hold: {image}")
    return (
        f"Content-Type: {image.media_type}\r\n"
        "Content-Transfer-Encoding: base64\r\n"
        f"Content-ID: <{image.content_id}>\r\n"
        f'Content-Disposition: inline; filename="{name}.{suffix}"\r\n\r\n'
    ).encode("ascii")


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
