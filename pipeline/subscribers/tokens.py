"""Tokens that stand for a subscriber in links and addresses. Keeps no key.

A token says which subscriber and for what, and only the holder of the key can make
one. It never expires: a link to leave must work in mail years old, and after the key
was changed (RFC 8058 and the providers expect repeated use). It is lower-case base32
(RFC 4648), since the part of a mail address before the @ may change case on its way.
"""

from __future__ import annotations

import hmac
from base64 import b32decode, b32encode
from binascii import Error as NotBase32
from collections.abc import Sequence
from typing import Literal

Purpose = Literal[
    "leave",
    "preferences",
    "message",
    "bounce",
    "letter",
    "confirm",
    "form",
    "move",
    "issue",
]
"""What a token is good for; one made for one purpose fails for every other."""

_MAC_OCTETS = 12
_MAX_ID_OCTETS = 8
_MIN_KEY_OCTETS = 16


def sign(key: bytes, purpose: Purpose, member_id: int, scope: str = "") -> str:
    """Return the token of a subscriber: 21 letters and digits, up to 32.

    It carries the id and 96 bits of HMAC-SHA256, and is good for `scope` alone, such
    as the newsletter that a link to leave was in. Raises ValueError for a negative
    id and for a key under 16 octets.
    """
    if len(key) < _MIN_KEY_OCTETS:
        raise ValueError(f"the key must have {_MIN_KEY_OCTETS} octets or more")
    if not 0 <= member_id < 1 << (8 * _MAX_ID_OCTETS):
        raise ValueError(f"not a subscriber's id: {member_id}")
    octets = member_id.to_bytes((member_id.bit_length() + 7) // 8 or 1, "big")
    signed = b"\0".join((purpose.encode(), scope.encode(), octets))
    mac = hmac.digest(key, signed, "sha256")
    token = b32encode(mac[:_MAC_OCTETS] + octets)
    return token.decode("ascii").rstrip("=").lower()


def verify(
    keys: Sequence[bytes], purpose: Purpose, token: str, scope: str = ""
) -> int | None:
    """Return the id of the subscriber whose token this is, by any of `keys`.

    None when it was made by nobody who holds one, or for another purpose or scope.
    Takes the same time wherever a wrong token differs from the right one.
    """
    member_id = _claimed_id(token)
    if member_id is None:
        return None
    given = token.lower().encode("ascii")
    made = (sign(key, purpose, member_id, scope) for key in keys)
    right = [hmac.compare_digest(one.encode("ascii"), given) for one in made]
    return member_id if any(right) else None


def _claimed_id(token: str) -> int | None:
    if not token.isascii():
        return None
    try:
        octets = b32decode(token.upper() + "=" * (-len(token) % 8))
    except NotBase32:
        return None
    claimed = octets[_MAC_OCTETS:]
    if not 0 < len(claimed) <= _MAX_ID_OCTETS:
        return None
    return int.from_bytes(claimed, "big")
