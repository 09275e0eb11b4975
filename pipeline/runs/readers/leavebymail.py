"""Leaving by a mail to the address with a token: whose it is, out at once.

    message → the address it went to → token → holder → left

The token alone counts: it was mailed to nobody else, and what a mail says of its sender
proves nothing. Who knows the token may leave, as with a link.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from email.message import Message
from email.parser import BytesHeaderParser
from email.utils import getaddresses

ARRIVAL_FIELDS = (
    "Delivered-To",
    "X-Original-To",
    "Envelope-To",
    "X-Envelope-To",
    "To",
    "Cc",
)
"""Where mail servers and senders write whom a mail went to, the surest first."""

MAX_HEADER_OCTETS = 1_000_000


def read_header(data: bytes) -> Message:
    """Return the header of a message; what is not one has no fields."""
    return BytesHeaderParser().parsebytes(data[:MAX_HEADER_OCTETS])


def is_automatic(message: Message) -> bool:
    """Tell whether nobody asked for anything: a bounce, or an answer of a machine.

    RFC 3834, section 5. What a mail program sends for a reader who pressed its button
    may be `auto-generated`, and counts.
    """
    submitted = str(message.get("Auto-Submitted", "")).strip().lower()
    return (
        submitted.startswith("auto-replied")
        or str(message.get("Precedence", "")).strip().lower() == "auto_reply"
        or str(message.get("Return-Path", "")).strip() == "<>"
        or message.get_content_type() == "multipart/report"
    )


def find_tokens(message: Message, unsubscribe_address: str) -> tuple[str, ...]:
    """Return the tokens in the addresses a message went to, the surest first."""
    fields = (str(v) for name in ARRIVAL_FIELDS for v in message.get_all(name, []))
    found = _tokens(
        (address for _, address in getaddresses(fields)), unsubscribe_address
    )
    return tuple(dict.fromkeys(found))


def _tokens(addresses: Iterable[str], unsubscribe_address: str) -> Iterator[str]:
    local, _, host = unsubscribe_address.casefold().rpartition("@")
    for address in addresses:
        box, _, domain = address.casefold().rpartition("@")
        if domain == host and box.startswith(f"{local}+"):
            yield box.removeprefix(f"{local}+")
